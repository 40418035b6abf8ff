// From leaves and payloads to what a review counts.
#include <algorithm>

#include "features/reviews/reviews.h"
#include "gate/entry_table.h"
#include "gate/log_read_table.h"
#include "tlog/leaf.h"


namespace sekisho::reviews {
namespace {

constexpr std::uint64_t kAtOnce = 500;
// Refusals that are about who a person is, not about the label of what she reached for.
constexpr std::string_view kOfThePerson[] = {"policy.not_signed_in", "policy.power", "policy.unknown_action", "policy.elsewhere", "policy.second_factor", "policy.not_elevated",
                                             "policy.contractor"};

bool is_question(std::string_view act) { return act == "chats.ask" || act == "completions.ask" || act == "completions.draft"; }

const json::Value* member(const json::Value* object, std::string_view name) { return object != nullptr && object->is_object() ? object->get_object().if_contains(name) : nullptr; }

Seen seen_of(const tlog::Leaf& leaf, const std::optional<json::Value>& payload) {
  Seen out;
  const json::Value* const whole = payload ? &*payload : nullptr;
  if (const json::Value* error = member(whole, "error"); error != nullptr && error->is_string()) out.entry.error = std::string(std::string_view(error->get_string()));
  const std::string& error = out.entry.error;
  const json::Value* const guard = member(member(whole, "notes"), "guard");
  Event& e = out.event;
  e.seq = leaf.seq;
  e.at = leaf.ts;
  e.person = leaf.actor;
  e.question = is_question(leaf.act);
  e.guard = (e.question && guard != nullptr && guard->is_array() && !guard->get_array().empty()) || error == "guards.blocked" || error == "guards.confirm";
  e.failed_login = leaf.act == "session.open" && leaf.decision == "deny";
  e.label_refused = leaf.decision == "deny" && error.starts_with("policy.") && std::find(std::begin(kOfThePerson), std::end(kOfThePerson), error) == std::end(kOfThePerson);
  out.entry = {static_cast<std::int64_t>(leaf.seq), leaf.ts, leaf.act, leaf.object, leaf.decision, leaf.clause, error};
  return out;
}

}  // namespace

Status scan(sql::Tx& tx, const gate::Body& body, Timestamp from, Timestamp to, const std::function<bool(const Seen&)>& take) {
  SK_TRY(std::uint64_t at, gate::EntryTable::seq_at(tx, from));
  for (;;) {
    SK_TRY(const auto rows, gate::leaves_from(tx, at, kAtOnce));
    for (const gate::LeafRow& row : rows) {
      SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(row.leaf));
      if (leaf.ts >= to) return ok();
      // Only these have something inside that a review looks at.
      std::optional<json::Value> payload;
      if (is_question(leaf.act) || leaf.decision != "allow") {
        SK_TRY(const auto text, gate::PayloadTable::open(tx, body.log_keys->payload, leaf.seq));
        if (text) {
          SK_TRY(payload, json::parse(*text));
        }
      }
      if (!take(seen_of(leaf, payload))) return ok();
    }
    if (rows.size() < kAtOnce) return ok();
    at = rows.back().seq + 1;
  }
}

}  // namespace sekisho::reviews
