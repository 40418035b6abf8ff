#include "features/approvals/kinds.h"

#include <algorithm>

#include "core/bytes.h"

namespace sekisho::approvals {
namespace {

constexpr std::size_t kMaxCatalogueBytes = 1u << 20;
constexpr std::size_t kMaxSlots = 8;
constexpr std::size_t kMaxFields = 30;

struct CatalogueText {
  std::string audit_power;
  std::vector<std::string> exception_notified;
  std::vector<Kind> kinds;
};
BOOST_DESCRIBE_STRUCT(CatalogueText, (), (audit_power, exception_notified, kinds))

bool good_key(std::string_view key) {
  return !key.empty() && key.size() <= 40 && std::all_of(key.begin(), key.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}
bool good_power(std::string_view power) { return !power.empty() && power.size() <= 60; }
template <class List>
bool all_powers(const List& list) {
  return std::all_of(list.begin(), list.end(), good_power);
}

Status wrong(const std::string& kind, const std::string& what) { return fail(Code::corrupt, "approvals.kinds", kind + ": " + what); }

Status check_fields(const Kind& kind) {
  if (kind.fields.size() > kMaxFields) return wrong(kind.key, "too many fields");
  std::set<std::string> seen;
  for (const Field& f : kind.fields) {
    if (!good_key(f.key) || f.title.empty() || !seen.insert(f.key).second) return wrong(kind.key, "field '" + f.key + "' has no good key or title, or stands twice");
    if (f.type == FieldType::label && kind.opens == Opens::form) return wrong(kind.key, "field '" + f.key + "': a label is put in by a feature");
    if ((f.type == FieldType::choice) != (f.choices.has_value() && !f.choices->empty())) return wrong(kind.key, "field '" + f.key + "': choices belong to a choice");
  }
  return ok();
}

Status check(const Kind& kind) {
  if (!good_key(kind.key)) return wrong(kind.key, "a key has a-z, 0-9 and _, at most 40");
  if (kind.title.empty()) return wrong(kind.key, "no title");
  if (kind.clauses.empty() || std::any_of(kind.clauses.begin(), kind.clauses.end(), [](const auto& c) { return c.empty(); })) return wrong(kind.key, "no clause");
  if (kind.approvers.empty() && kind.opens == Opens::form) return wrong(kind.key, "nobody approves");
  if (kind.approvers.size() > kMaxSlots) return wrong(kind.key, "too many approvers");
  for (const Approver& a : kind.approvers)
    if (!good_power(a.power) || (a.instead && !good_power(*a.instead))) return wrong(kind.key, "an approver without power");
  if (!all_powers(kind.requesters) || !all_powers(kind.notified)) return wrong(kind.key, "an empty power");
  if (kind.max_days && (*kind.max_days < 1 || *kind.max_days > 3660)) return wrong(kind.key, "max_days is 1 to 3660");
  if (kind.period == Period::none && !kind.max_days) return wrong(kind.key, "without a period it says in max_days how long the grant waits for its act");
  if (kind.single_use && kind.period == Period::end_or_review) return wrong(kind.key, "what is used once has an end, not a review");
  return check_fields(kind);
}

}  // namespace

Result<Kinds> Kinds::parse(std::string_view text) {
  auto read = json::read_text<CatalogueText>(text);
  if (!read) return fail(Code::corrupt, "approvals.kinds", read.error().detail);
  Kinds out;
  if (!good_power(read->audit_power) || !all_powers(read->exception_notified) || read->exception_notified.empty())
    return fail(Code::corrupt, "approvals.kinds", "the catalogue names no power that audits or is told of exceptions");
  out.audit_power_ = std::move(read->audit_power);
  out.exception_notified_ = std::move(read->exception_notified);
  for (Kind& kind : read->kinds) {
    SK_CHECK(check(kind));
    if (out.find(kind.key) != nullptr) return fail(Code::corrupt, "approvals.kinds", kind.key + ": stands twice");
    out.kinds_.push_back(std::move(kind));
  }
  return out;
}

Result<Kinds> Kinds::load(const std::string& path) {
  SK_TRY(const std::string text, read_file(path, kMaxCatalogueBytes).context("kinds of approvals"));
  return parse(text);
}

const Kind* Kinds::find(std::string_view key) const {
  const auto it = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.key == key; });
  return it == kinds_.end() ? nullptr : &*it;
}

}  // namespace sekisho::approvals
