#include "gate/label_table.h"

namespace sekisho::gate {
namespace {

constexpr const char* kLearn = "INSERT INTO label (text) VALUES (:text) ON CONFLICT (text) DO NOTHING";
constexpr const char* kAfter = "SELECT id, text FROM label WHERE id > :after ORDER BY id";

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
