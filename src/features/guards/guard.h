// Guard: one body's rules and words, ready to look through what is on its way to a model. The only maker of policy::Guarded.
//
// Threads: immutable and shared; the analyzer must outlive it. Findings are code points of the text that was looked at.
// Failures of pass(): denied "guards.blocked" with the rule's clause; conflict "guards.confirm" where a person has to say once that she means it.
// Invariants: 1. no text of a request reaches a Guarded unseen. 2. A label only rises. 3. Counts never hold a value.
#pragma once
#include "features/guards/count.h"
#include "llm/chat.h"
#include "policy/guard.h"
#include "policy/witness.h"
#include "text/detect.h"
#include "text/masking.h"

namespace sekisho::guards {

// Who wrote a message of a request. `question` is what is asked now; what was asked before has been confirmed before.
enum class Origin { question, earlier, source };
enum class Confirmed { no, yes };

void add(std::vector<Count>& counts, std::string_view kind, policy::GuardAction action);
std::string name_of(policy::GuardAction action);

struct Judged {
  text::Finding finding;
  policy::GuardDecision decision;
};

struct Passed {
  policy::Guarded<llm::ChatRequest> request;
  text::Restorer restorer;    // puts back what was covered
  std::vector<Count> counts;  // what was not simply allowed
};

class Guard {
 public:
  // top: the body's highest class; no rule raises beyond it.
  Guard(const text::Analyzer& analyzer, std::vector<policy::GuardRule> rules, const std::vector<std::string>& words, policy::Rank top);

  std::vector<Judged> judge(std::string_view text, policy::GuardPart part, const policy::GuardPlace& place) const;
  // Looks at what a person is about to send, before it is recorded. Gives the label it has then.
  Result<policy::Label> admit(std::string_view text, policy::Label label, const policy::GuardPlace& place, Confirmed confirmed, std::vector<Count>& counts) const;
  // Looks through the whole request and covers what the rules cover. origins: one for each message.
  Result<Passed> pass(policy::Label label, llm::ChatRequest request, const std::vector<Origin>& origins, policy::GuardPlace place, Confirmed confirmed) const;
  // The text with every finding covered that is not simply allowed: what may be kept of a text that was refused.
  std::string covered(std::string_view text, const policy::GuardPlace& place) const;

 private:
  const text::Detector detector_;
  const std::vector<policy::GuardRule> rules_;
  const policy::Rank top_;
};

}  // namespace sekisho::guards
