// The content log: what was asked and answered, whole, from the payloads of the tamper-evident log. Nothing is stored a second time.
//
// It is read with the power to read logs; each reading is itself an act of the log, with its filters. Who reads sees content up to her own
// clearance and in her segment; that a question is a person's own is no bar (that is what the power is for). Looking at one person's use
// needs a basis (the case and who ordered it: 12(2)イ), which is recorded. Content that was erased after its retention shows as erased.
// A page ends early when much had to be looked through: `next` then goes on from there.
#pragma once
#include "features/bodies/label_view.h"
#include "features/bodies/operations.h"
#include "gate/run.h"

namespace sekisho::contentlog {

struct QuestionsIn {
  std::optional<std::string> person;      // account id
  std::optional<std::string> department;  // id
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;            // first moment that is not in it
  std::optional<std::string> words;       // in question or answer; width and case do not matter
  std::optional<bool> denied;             // only what was refused
  std::optional<std::string> basis;       // needed with `person`
  std::optional<std::string> after;       // `next` of the page before
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(QuestionsIn, (), (person, department, from, to, words, denied, basis, after, limit))

struct PersonView {
  std::string id;
  std::string login;
  std::string name;
  std::string department;
};
BOOST_DESCRIBE_STRUCT(PersonView, (), (id, login, name, department))

struct CharactersView {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t context = 0;
};
BOOST_DESCRIBE_STRUCT(CharactersView, (), (in, out, context))
struct FindingView {
  std::string kind;
  std::string action;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (kind, action, count))

struct QuestionView {
  static constexpr const char* kSchemaName = "LoggedQuestion";
  std::int64_t seq = 0;        // the leaf that records the question
  std::optional<std::int64_t> answer_seq;
  Timestamp at;
  std::optional<Timestamp> answered_at;
  PersonView person;
  std::string door;      // "chat", "api"
  std::string decision;  // "allow", "deny", "failed"
  std::string clause;
  std::optional<std::string> error;
  std::string content;   // "shown", "hidden" (above the reader's class or of another segment), "erased"
  std::string question;
  std::string answer;
  std::string state;     // of the answer: "complete", "stopped", "failed"; empty: none, or not known
  std::string engine;
  std::optional<std::string> model;
  std::vector<std::int64_t> passages;  // ids of the chunks that went along
  CharactersView characters;
  std::vector<FindingView> findings;
  bodies::LabelView label;
};
BOOST_DESCRIBE_STRUCT(QuestionView, (), (seq, answer_seq, at, answered_at, person, door, decision, clause, error, content, question, answer, state, engine, model,
                                         passages, characters, findings, label))

struct QuestionsOut {
  std::vector<QuestionView> items;  // newest first
  std::optional<std::string> next;
  std::int64_t searched = 0;        // questions that were looked at for this page
  std::optional<Timestamp> searched_back_to;
};
BOOST_DESCRIBE_STRUCT(QuestionsOut, (), (items, next, searched, searched_back_to))

struct ExportIn {
  std::string format;  // "jsonl", "csv"
  std::optional<std::string> person;
  std::optional<std::string> department;
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
  std::optional<std::string> words;
  std::optional<bool> denied;
  std::optional<std::string> basis;
  std::optional<std::string> after;
};
BOOST_DESCRIBE_STRUCT(ExportIn, (), (format, person, department, from, to, words, denied, basis, after))
struct ExportOut {
  std::string name;
  std::string bytes_base64;
  std::int64_t questions = 0;
  std::optional<std::string> next;  // there is more: ask again with it
};
BOOST_DESCRIBE_STRUCT(ExportOut, (), (name, bytes_base64, questions, next))

struct PeopleOut {
  std::vector<PersonView> people;
  std::vector<bodies::Unit> departments;
};
BOOST_DESCRIBE_STRUCT(PeopleOut, (), (people, departments))

struct Limits {
  std::size_t items = 50;
  std::size_t bytes = 4u << 20;    // of text
  std::int64_t looked_at = 5'000;  // leaves
  std::int64_t opened = 2'000;     // payloads
};
// For a way out, `exit` says what it honours; nullptr: to the screen.
Result<QuestionsOut> collect(gate::Context& context, const QuestionsIn& in, const Limits& limits, const policy::Exit* exit);

std::string as_csv(const std::vector<QuestionView>& questions);
std::string as_json_lines(const std::vector<QuestionView>& questions);

void register_operations(gate::Registry& registry);

}  // namespace sekisho::contentlog
