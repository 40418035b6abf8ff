// What the doors of answering share: the chat's (ask.cpp), that of OpenAI-compatible tools (completions.cpp), and drafts of cases (features/drafts).
#pragma once
#include "features/bodies/scheme.h"
#include "features/chat/operations.h"
#include "features/chat/rules.h"
#include "features/endpoints/operations.h"

namespace sekisho::chat {

inline constexpr const char* kExtractive = guards::kBuiltIn;

// Everything that answering needs beside the question. Made inside an operation, so that a permit opened what is in it.
struct Composed {
  std::optional<gate::ModelCall> call;
  std::string text;    // the built-in engine's answer
  std::string notice;  // why the built-in engine answers where a model was chosen
  std::string engine = kExtractive;
  std::optional<std::string> model;
  std::vector<Citation> sources;
  policy::Label label;
  int scheme = 0;  // that the label is written in: bodies::Schemes::current()
  std::int64_t context_characters = 0;
  std::vector<std::string> collections;  // that the sources lie in
  std::vector<guards::Count> guard;      // what the guard did with what was sent
};

struct ComposeIn {
  std::string question;
  std::vector<Turn> history;
  std::vector<library::CollectionId> collections;
  std::optional<endpoints::Endpoint> endpoint;
  std::string model;  // the name that the client asked for
  policy::Label label;
  int scheme = 0;
  std::optional<std::int64_t> max_tokens;
  std::optional<double> temperature;
  bool plain = false;  // the messages go as they are (OpenAI-compatible clients bring their own instructions)
  guards::Confirmed confirmed = guards::Confirmed::no;
};

// What the log says of composing; the question itself is in the record of asking.
struct ComposeRecord {
  std::string object;
};
BOOST_DESCRIBE_STRUCT(ComposeRecord, (), (object))
struct ComposeOut {
  std::shared_ptr<Composed> composed;
};
BOOST_DESCRIBE_STRUCT(ComposeOut, (), ())

struct CloseIn {
  std::string object;  // the answer's message id, or the stream's for a completion
  std::string asked_by;
  std::string state;
  std::string text;
  std::string engine;
  std::optional<std::string> model;
  std::optional<std::string> error;
  std::vector<std::int64_t> passages;
  Characters characters;
  std::vector<guards::Count> guard;
  Judged judged;        // not described: derived
  std::set<library::DocumentId> made_of;  // not described: of the passages
  policy::Label label;  // not described: stands in the leaf
  int scheme = 0;       // of the label
};
BOOST_DESCRIBE_STRUCT(CloseIn, (), (object, asked_by, state, text, engine, model, error, passages, characters, guard))
struct CloseOut {
  std::optional<MessageView> message;
};
BOOST_DESCRIBE_STRUCT(CloseOut, (), (message))

// What the meter is told of a question; without an endpoint the built-in engine answers.
metering::Use use_of(std::string id, const char* purpose, const std::optional<endpoints::Endpoint>& endpoint, std::int64_t characters);
// What guards the body in this transaction; read once for all that one operation asks of it.
struct Here {
  bodies::Profile profile;
  bodies::Schemes schemes;
  std::shared_ptr<const guards::Guard> guard;
};
Result<Here> guard_here(gate::Context& context, const guards::Guards& guards);

Status check_prompt(std::int64_t characters, const Settings& settings);
// The only way to a model: the request is composed, looked through by the guard, released by the policy. Notes what the guard did.
Result<gate::ModelCall> model_call(gate::Context& context, const ComposeIn& in, const Settings& settings, const Here& here, Composed& out);
gate::Operation<ComposeRecord, ComposeOut> compose_operation(const ComposeIn& in, const Settings& settings, const Retrieve& retrieve, const text::Analyzer& analyzer,
                                                             const guards::Guards& guards);
gate::Operation<CloseIn, CloseOut> close_operation();
gate::Caller program_of(const gate::Caller& caller);
CloseIn closing_of(std::string object, const std::string& asked_by, const Composed& composed, gate::Outcome outcome, std::int64_t characters_in,
                   const text::Analyzer& analyzer);
gate::Event closed_event(const Result<CloseOut>& closed, const gate::Outcome& outcome, const Characters& characters);
void finish_plan(gate::Plan& plan, const gate::Caller& caller, const std::shared_ptr<Composed>& composed);

}  // namespace sekisho::chat
