// Operations: what the service can do, as data. HTTP, the command line and jobs only translate into these; gate::run does the same steps
// for all of them. There are no defaults: every field of an Operation is given where it is defined.
//
//   Operation<In, Out> kCreate = {"collections.create", "資料の置き場を作る", "collections.manage", Access::write, 4096, no_preparation<In>(),
//                                 [this](Context& context, In& in) { return create(context, in); }};
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "blob/store.h"
#include "core/log.h"
#include "json/json.h"
#include "gate/stop.h"
#include "gate/writer.h"
#include "policy/filter.h"
#include "policy/witness.h"

namespace sekisho::gate {

// What a body calls things, for the edge where refusals become sentences: replaced as a whole when another profile comes into force.
struct BodyWords {
  std::string name;
  std::map<std::string, std::string> permitters;  // key in a refusal -> the role that can permit it here
  // The body's word for a refusal's who_can_permit; a key that the profile does not know is shown as it is.
  std::string permitter(const std::string& key) const {
    const auto it = permitters.find(key);
    return it == permitters.end() ? key : it->second;
  }
};

// One body: its data, keys, log and writer. Bodies share nothing.
struct Body {
  std::string code;
  std::string folder;
  std::string name;
  std::atomic<std::shared_ptr<const BodyWords>> words{std::make_shared<const BodyWords>()};
  policy::SegmentSet listener_segment = 0;  // the segment that this program's first listener serves for this body
  std::vector<std::string> segments;        // codes, by bit
  Secret key;  // master of derived keys
  std::unique_ptr<sql::Db> db;
  std::unique_ptr<policy::LabelBook> labels = std::make_unique<policy::LabelBook>();
  std::unique_ptr<blob::Store> blobs;
  std::shared_ptr<const LogKeys> log_keys;
  std::unique_ptr<Writer> writer;  // last: it stops first

  // The bit of a segment's code, 0 when the body knows none of that code.
  policy::SegmentSet segment(std::string_view segment_code) const;
  std::vector<std::string> codes_of(policy::SegmentSet set) const;
};

// Who knocks, before anybody decided who that is.
struct Nobody {};
struct SessionToken {
  std::string token;
};
struct ApiKey {
  std::string key;
};
struct LocalUser {  // the command line, started by the operator on the machine itself
  std::string login;
};
struct Operator {};  // the command line without a user: sets up bodies, people and endpoints
struct Program {};   // jobs of the program itself
using Credential = std::variant<Nobody, SessionToken, ApiKey, LocalUser, Operator, Program>;

struct Caller {
  Body* body = nullptr;
  Credential credential;
  policy::SegmentSet segment = 0;  // of the listener that the request came through
  std::string request_id;
  std::string peer;
  std::string origin;  // what the request was addressed to, as browsers write it ("https://host:port"); empty off the web
};

enum class Access { read, write };

// Before the transaction: slow pure work (password hashing) with a look at the data.
struct Preparation {
  Body& body;
  const Caller& caller;
  Timestamp now;
  const policy::Person* person;  // who was found behind the caller; null: nobody (actions open before login). Decided again in the transaction
};

class Context {
 public:
  Context(Body& body_, sql::Tx& tx_, const Caller& caller_, const std::optional<policy::Permit>& permit, Timestamp now_, const StopBoard& stops)
      : body(body_), tx(tx_), caller(caller_), now(now_), permit_(permit), stops_(stops) {}

  Body& body;
  sql::Tx& tx;
  const Caller& caller;
  const Timestamp now;

  // Only operations whose action is open before login may run without one.
  const policy::Permit& permit() const;
  bool has_permit() const { return permit_.has_value(); }

  // Fails when this one thing is closed by an emergency stop; asked where it is used.
  Status not_stopped(StopKind kind, std::string_view target) const { return stops_.check(kind, body.code, target); }
  bool any_stop() const { return stops_.any(); }

  // What the log record says besides the operation's name: the object's id, its label, and facts beside the input.
  void about(std::string object) { object_ = std::move(object); }
  void label(const policy::Label& label) { label_ = policy::encode(label); }
  void note(std::string name, json::Value value) { notes_[name] = std::move(value); }
  // Who did it, where the operation itself finds out (login).
  void actor(std::string id) { actor_ = std::move(id); }

  template <class Tag>
  Id<Tag> new_id() {
    return Id<Tag>::trusted(make_id());
  }
  // Runs after the commit, on the writer's thread; must be quick.
  void after_commit(std::function<void()> effect) { effects_.push_back(std::move(effect)); }
  // What must be kept although the operation is refused and undone, such as the count of failed logins. Same transaction as the record.
  void when_refused(std::function<Status(sql::Tx&)> keep) { when_refused_ = std::move(keep); }

 private:
  friend class Gate;
  std::string make_id() const;
  const std::optional<policy::Permit>& permit_;
  const StopBoard& stops_;
  std::string object_;
  std::string label_;
  std::string actor_;
  json::Object notes_;
  std::vector<std::function<void()>> effects_;
  std::function<Status(sql::Tx&)> when_refused_;
};

template <class In>
using Prepare = std::function<Status(Preparation&, In&)>;
template <class In>
Prepare<In> no_preparation() {
  return nullptr;
}

template <class In, class Out>
struct Operation {
  std::string name;     // unique; what the log calls the act
  std::string summary;  // Japanese, for the documentation
  std::string action;   // row of the action matrix
  Access access;
  std::size_t max_in_bytes;
  Prepare<In> prepare;
  std::function<Result<Out>(Context&, In&)> run;
};

// An operation with its types erased: what gate executes.
struct Step {
  std::string name;
  std::string action;
  Access access;
  std::function<Status(Preparation&)> prepare;  // may be null
  std::function<Status(Context&)> run;
  std::function<json::Value()> input;  // for the record
};

// An operation as routes, documentation and tests see it: JSON in, JSON out.
struct Entry {
  std::string name;
  std::string summary;
  std::string action;
  Access access;
  std::size_t max_in_bytes;
  std::function<Result<Step>(const json::Value& in, std::shared_ptr<json::Value> out)> bind;
  std::function<json::Value(json::Object& components)> in_schema;
  std::function<json::Value(json::Object& components)> out_schema;
};

class Registry {
 public:
  template <class In, class Out>
  void add(Operation<In, Out> operation) {
    auto shared = std::make_shared<const Operation<In, Out>>(std::move(operation));
    add_entry(Entry{shared->name, shared->summary, shared->action, shared->access, shared->max_in_bytes,
                    [shared](const json::Value& value, std::shared_ptr<json::Value> out) -> Result<Step> {
                      auto in = std::make_shared<In>();
                      SK_CHECK(json::from_value(value, *in, "$"));
                      auto result = std::make_shared<Out>();
                      Step step = make_step(*shared, in, result);
                      step.run = [run = std::move(step.run), result, out](Context& context) -> Status {
                        SK_CHECK(run(context));
                        *out = json::to_value(*result);
                        return ok();
                      };
                      return step;
                    },
                    [](json::Object& c) { return json::schema_of<In>(c); }, [](json::Object& c) { return json::schema_of<Out>(c); }});
  }
  const Entry* find(std::string_view name) const;
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

  template <class In, class Out>
  static Step make_step(const Operation<In, Out>& operation, std::shared_ptr<In> in, std::shared_ptr<Out> out) {
    Step step{operation.name, operation.action, operation.access, nullptr, nullptr, [in] { return json::to_value(*in); }};
    if (operation.prepare) step.prepare = [prepare = operation.prepare, in](Preparation& p) { return prepare(p, *in); };
    step.run = [run = operation.run, in, out](Context& context) -> Status {
      SK_TRY(*out, run(context, *in));
      return ok();
    };
    return step;
  }

 private:
  void add_entry(Entry entry);
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace sekisho::gate
