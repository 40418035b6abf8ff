#include "gate/run.h"

#include "crypto/random.h"

namespace sekisho::gate {

const policy::Permit& Context::permit() const {
  if (!permit_) throw std::logic_error("an operation without login asked for its permit");
  return *permit_;
}

std::string Context::make_id() const { return make_ulid(now, crypto::random_bytes(10)); }

const Entry* Registry::find(std::string_view name) const {
  const auto it = entries_.find(name);
  return it == entries_.end() ? nullptr : &it->second;
}

void Registry::add_entry(Entry entry) {
  if (entry.name.empty() || entry.summary.empty() || entry.action.empty() || entries_.contains(entry.name))
    throw std::logic_error("operation without name, summary or action, or named twice: " + entry.name);
  std::string name = entry.name;
  entries_.emplace(std::move(name), std::move(entry));
}

Gate::Gate(policy::Matrix matrix, Authenticate authenticate, const StopBoard& stops, const Clock& clock)
    : matrix_(std::move(matrix)), authenticate_(std::move(authenticate)), stops_(stops), clock_(clock) {}

Status Gate::not_stopped(std::string_view action, const Caller& caller, const std::string& person) const {
  if (!stops_.any()) return ok();
  const policy::ActionRule* const rule = matrix_.find(action);
  if (rule == nullptr) return ok();  // refused by decide()
  SK_CHECK(stops_.check_request(*caller.body, caller.segment, *rule));
  return person.empty() ? ok() : stops_.check_act(*caller.body, *rule, person);
}

Result<json::Value> Gate::run(const Entry& entry, const Caller& caller, const json::Value& in) {
  auto out = std::make_shared<json::Value>();
  SK_TRY(const Step step, entry.bind(in, out));
  SK_CHECK(execute(step, caller));
  return std::move(*out);
}

Result<Gate::Asked> Gate::ask(sql::Tx& tx, const Step& step, const Caller& caller, Timestamp now) const {
  Asked out;
  SK_TRY(auto person, authenticate_(tx, caller, now));
  out.decision = policy::decide(matrix_, person ? &*person : nullptr, step.action);
  out.actor = person ? person->user_id : "nobody";
  if (person) {
    out.elevation = person->elevation;
    out.stands_for = person->stands_for;
  }
  if (!out.decision.allow) {
    out.refusal = policy::denial(out.decision);
    if (out.decision.key == "policy.not_signed_in") out.refusal->code = Code::unauthenticated;
  } else if (Status open = not_stopped(step.action, caller, out.actor); !open) {
    out.refusal = std::move(open.error());
  }
  if (!out.refusal && person) out.permit = PermitMaker::make(matrix_, std::move(*person), step.action, out.decision.clause);
  return out;
}

Record Gate::record_of(const Step& step, const Asked& asked, const Context* context, const Status& outcome) const {
  json::Object payload;
  payload["in"] = step.input();
  if (context != nullptr && !context->notes_.empty()) payload["notes"] = context->notes_;
  if (!outcome) payload["error"] = outcome.error().key;
  if (!asked.elevation.empty()) payload["elevation"] = asked.elevation;
  if (!asked.stands_for.empty()) payload["deputy_for"] = json::to_value(std::vector<std::string>(asked.stands_for.begin(), asked.stands_for.end()));
  const bool denied = !outcome && (outcome.error().code == Code::denied || outcome.error().code == Code::unauthenticated || outcome.error().key.starts_with("stops."));
  const std::string clause = !outcome && !outcome.error().clause.empty() ? outcome.error().clause : asked.decision.clause;
  const std::string actor = context != nullptr && !context->actor_.empty() ? context->actor_ : asked.actor;
  return {actor, step.name, clause, context != nullptr ? context->object_ : "", context != nullptr ? context->label_ : "",
          outcome ? "allow" : denied ? "deny" : "failed", matrix_.version(), json::canonical(payload)};
}

// What cannot be recorded is not done, and neither is what stands with it in the batch.
Status Gate::append(sql::Tx& tx, LogTable& log, const Result<Prepared>& prepared) const {
  const Status appended = prepared ? log.append(tx, clock_.now(), *prepared) : Status(fail(prepared.error()));
  if (!appended) return fail(Code::unavailable, kBatchSpoiled, appended.error().key + ": " + appended.error().detail);
  return ok();
}

// A step of the transaction itself that fails leaves nothing to trust in the batch.
static Status or_spoil(Status step) {
  if (!step) return fail(Code::unavailable, kBatchSpoiled, step.error().detail);
  return step;
}

Status Gate::act(sql::Tx& tx, LogTable& log, const Step& step, const Caller& caller, std::vector<std::function<void()>>& effects) const {
  const Timestamp now = clock_.now();
  SK_TRY(const Asked asked, ask(tx, step, caller, now));
  if (asked.refusal) {
    const Status refused = fail(*asked.refusal);
    // Nobody is not recorded: an unauthenticated flood must not fill the log.
    if (asked.actor != "nobody") SK_CHECK(append(tx, log, prepare(record_of(step, asked, nullptr, refused))));
    return refused;
  }
  Context context(*caller.body, tx, caller, asked.permit, now, stops_);
  SK_CHECK(or_spoil(tx.savepoint()));
  Status outcome = step.run(context);
  SK_CHECK(or_spoil(outcome ? tx.release() : tx.undo()));
  if (!outcome && context.when_refused_) SK_CHECK(or_spoil(context.when_refused_(tx)));
  SK_CHECK(append(tx, log, prepare(record_of(step, asked, &context, outcome))));
  if (outcome) effects = std::move(context.effects_);
  return outcome;
}

Status Gate::read(const Step& step, const Caller& caller) const {
  const Timestamp now = clock_.now();
  SK_TRY(auto tx, caller.body->db->begin_read());
  SK_TRY(const Asked asked, ask(*tx, step, caller, now));
  Status outcome;
  Record record;
  if (!asked.refusal) {
    Context context(*caller.body, *tx, caller, asked.permit, now, stops_);
    outcome = step.run(context);
    record = record_of(step, asked, &context, outcome);
  } else {
    outcome = fail(*asked.refusal);
    record = record_of(step, asked, nullptr, outcome);
  }
  tx.reset();
  if (asked.actor == "nobody") return outcome;
  const Result<Prepared> prepared = prepare(std::move(record));
  SK_CHECK(caller.body->writer->run([&](sql::Tx& write, LogTable& log) { return append(write, log, prepared); }));
  return outcome;
}

Status Gate::execute(const Step& step, const Caller& caller) {
  SK_CHECK(not_stopped(step.action, caller, ""));
  if (step.access == Access::read && !step.prepare) return read(step, caller);
  if (step.prepare) {
    SK_TRY(auto tx, caller.body->db->begin_read());
    SK_TRY(const Asked asked, ask(*tx, step, caller, clock_.now()));
    tx.reset();
    if (!asked.refusal) {
      Preparation preparation{*caller.body, caller, clock_.now(), asked.permit ? &asked.permit->person() : nullptr};
      SK_CHECK(step.prepare(preparation));
    }
  }
  std::vector<std::function<void()>> effects;
  Status done = caller.body->writer->run([&](sql::Tx& tx, LogTable& log) { return act(tx, log, step, caller, effects); });
  for (const auto& effect : effects) effect();
  return done;
}

void Gate::submit(std::shared_ptr<const Step> step, std::shared_ptr<const Caller> caller, std::function<void(Status)> done) {
  if (Status open = not_stopped(step->action, *caller, ""); !open) return done(std::move(open));
  auto effects = std::make_shared<std::vector<std::function<void()>>>();
  Writer& writer = *caller->body->writer;
  writer.submit({[this, step, caller, effects](sql::Tx& tx, LogTable& log) { return act(tx, log, *step, *caller, *effects); },
                 [effects, done = std::move(done)](Status status) {
                   if (status)
                     for (const auto& effect : *effects) effect();
                   done(std::move(status));
                 }});
}

}  // namespace sekisho::gate
