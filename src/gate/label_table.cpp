#include "gate/label_table.h"

namespace sekisho::gate {
namespace {

constexpr const char* kLearn = "INSERT INTO label (text) VALUES (:text) ON CONFLICT (text) DO NOTHING";
constexpr const char* kAfter = "SELECT id, text FROM label WHERE id > :after ORDER BY id";
constexpr const char* kMove = "INSERT INTO label_move (before_label, waiting, after_label, least) VALUES (:before, :waiting, :after, :least)";
constexpr const char* kForgetMoves = "DELETE FROM label_move";

// The least that the label may turn out to be, where that is not certain. What nobody knows the class of is ruled on, not chosen.
std::optional<policy::Label> least_of(const policy::Label& before, const std::optional<policy::Label>& waiting, const policy::Label& after, const policy::SchemeChange& change) {
  const policy::Label least = policy::lowest(waiting.value_or(before), change);
  return after.state == policy::State::unknown || least == after ? std::nullopt : std::optional(least);
}

Status fill(sql::Tx& tx, policy::LabelBook& book) {
  SK_TRY(const auto rows, tx.query(kAfter).bind("after", book.last()).all<std::int64_t, std::string>());
  for (const auto& [number, text] : rows) book.learn(static_cast<std::uint32_t>(number), text);
  return ok();
}

}  // namespace

Status LabelTable::learn(sql::Tx& tx, const policy::Label& label) {
  SK_CHECK(tx.query(kLearn).bind("text", policy::encode(label)).run());
  return ok();
}

Status LabelTable::carry_over(sql::Tx& tx, const char* distinct, const char* move, const policy::SchemeChange& change) {
  SK_TRY(const auto rows, tx.query(distinct).all<std::string, std::string>());
  for (const auto& [text, waiting] : rows) {
    const auto before = policy::decode(text);
    if (!before) continue;
    std::optional<policy::Label> chosen_from;
    if (!waiting.empty()) {
      SK_TRY(chosen_from, policy::decode(waiting));
    }
    const policy::Label after = policy::strictest(*before, change);
    const auto least = least_of(*before, chosen_from, after, change);
    SK_CHECK(learn(tx, after));
    SK_CHECK(tx.query(kMove).bind("before", text).bind("waiting", waiting).bind("after", policy::encode(after))
                 .bind("least", least ? std::optional(policy::encode(*least)) : std::nullopt).run());
  }
  SK_CHECK(tx.query(move).run());
  SK_CHECK(tx.query(kForgetMoves).run());
  return ok();
}

Result<policy::Readable> LabelTable::readable(sql::Tx& tx, policy::LabelBook& book, const policy::Permit& permit) {
  if (tx.writes()) {  // may see what is never committed
    policy::LabelBook own;
    SK_CHECK(fill(tx, own));
    return own.readable(permit.matrix(), permit.person());
  }
  SK_CHECK(fill(tx, book));
  return book.readable(permit.matrix(), permit.person());
}

}  // namespace sekisho::gate
