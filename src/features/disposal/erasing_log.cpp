// The log's part of a disposal, the rewriting of the database, and the search for what may have been left.
#include <algorithm>
#include <unordered_set>

#include "core/log.h"
#include "features/disposal/erasing.h"
#include "gate/disposal_table.h"
#include "gate/log_read_table.h"
#include "tlog/leaf.h"
#include "tlog/period.h"

namespace sekisho::disposal {
namespace {

constexpr std::uint64_t kLeavesAtOnce = 4096;
constexpr std::size_t kPayloadsAtOnce = 20'000;
constexpr std::int64_t kTryAgainMicros = 3600LL * 1'000'000;

// Does the leaf's payload belong to what goes? The records of disposals themselves do not. Completions of a person are known by their act, and their
// answers by the completion.
class Belongs {
 public:
  explicit Belongs(const Objects& objects) : person_(objects.person), ids_(objects.ids.begin(), objects.ids.end()), answers_(objects.answers.begin(), objects.answers.end()) {
    if (!person_.empty()) ids_.insert(person_);
  }
  bool operator()(const tlog::Leaf& leaf) {
    if (leaf.act.starts_with("disposal.")) return false;
    const bool own = !person_.empty() && leaf.actor == person_;
    if (own && leaf.act.starts_with("completions.")) ids_.insert(leaf.object);
    return own || ids_.contains(leaf.object) || (leaf.act == "chats.close" && answers_.contains(leaf.object));
  }

 private:
  const std::string person_;
  std::unordered_set<std::string> ids_;
  const std::unordered_set<std::string> answers_;
};

Result<std::string> numbers_of(sql::Tx& tx, const Objects& objects) {
  Belongs belongs(objects);
  std::vector<std::uint64_t> out;
  for (std::uint64_t first = 0;; first += kLeavesAtOnce) {
    SK_TRY(const auto rows, gate::leaves_from(tx, first, kLeavesAtOnce));
    for (const gate::LeafRow& row : rows) {
      SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(row.leaf));
      if (belongs(leaf)) out.push_back(row.seq);
    }
    if (rows.size() < kLeavesAtOnce) break;
  }
  return tlog::print_numbers(tlog::ranges_of(out));
}

Result<Keeping> keeping_of(sql::Tx& tx) {
  Keeping out;
  SK_TRY(const auto rules, retention::Table::rules(tx));
  for (const retention::Rule& rule : rules) out.rules.emplace(rule.kind, rule);
  SK_TRY(out.holds, retention::Table::holds(tx));
  return out;
}

struct Split {
  std::vector<std::uint64_t> go;
  std::vector<std::uint64_t> stay;
  std::vector<Remaining> remaining;
};

// Which of these leaves' payloads are there, and may go now.
Result<Split> split(sql::Tx& tx, const std::vector<tlog::NumberRange>& ranges, Timestamp now) {
  SK_TRY(const Keeping keeping, keeping_of(tx));
  Split out;
  std::map<std::string, Kept> by_period;
  for (const tlog::NumberRange& range : ranges)
    for (std::uint64_t first = range.first; first <= range.last; first += kLeavesAtOnce) {
      const std::uint64_t end = std::min(range.last + 1, first + kLeavesAtOnce);
      SK_TRY(const auto rows, gate::leaves_from(tx, first, end - first));
      SK_TRY(const auto present, gate::DisposalTable::present(tx, first, end));
      for (const gate::LeafRow& row : rows) {
        if (!std::binary_search(present.begin(), present.end(), static_cast<std::int64_t>(row.seq))) continue;
        SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(row.leaf));
        const std::string period = tlog::payload_period(leaf.act, leaf.ts);
        auto known = by_period.find(period);
        if (known == by_period.end()) {
          SK_TRY(const Kept why, kept(keeping, period, now));
          known = by_period.emplace(period, why).first;
        }
        if (known->second.stays) add_remaining(out.remaining, "log_payload", known->second, 1);
        (known->second.stays ? out.stay : out.go).push_back(row.seq);
      }
    }
  return out;
}

Status erase_some(const Site& site, const Disposal& d, const std::vector<std::uint64_t>& numbers) {
  const auto ranges = tlog::ranges_of(numbers);
  const std::string text = tlog::print_numbers(ranges);
  const std::string object = tlog::disposal_object(d.id.str(), text);
  const std::string name(tlog::kDisposingAct);
  return act(site, name.c_str(), d.id,
             [&](gate::Context& context, Disposal& now) -> Status {
               // A hold that came since binds.
               SK_TRY(const Split again, split(context.tx, ranges, context.now));
               if (!again.stay.empty()) return fail(Code::conflict, "disposal.held", "held since it was looked at");
               SK_CHECK(gate::DisposalTable::add(context.tx, {object, text}, context.now));
               SK_TRY(const std::int64_t taken, gate::DisposalTable::take(context.tx, ranges));
               if (taken > 0) now.counts["log_payload"] += taken;
               return ok();
             },
             object);
}

struct Looked {
  Scanned scanned;
  std::int64_t index = 0;     // chunks or terms that are still there
  std::int64_t payloads = 0;  // that should have gone
};

Result<Looked> look(const Site& site, const Marks& marks) {
  Looked out;
  SK_TRY(out.scanned, scan_folder(site.parts.data_folder, marks));
  search::Bitmap chunks;
  for (const ChunkRange& r : marks.chunks) chunks.set_range(static_cast<std::uint32_t>(r.first), static_cast<std::uint32_t>(r.last));
  out.index = static_cast<std::int64_t>(site.parts.library.indexed(site.body, chunks));
  std::vector<std::uint64_t> terms;
  for (const std::int64_t term : marks.terms) terms.push_back(static_cast<std::uint64_t>(term));
  if (site.parts.library.has_any_term(site.body, terms, static_cast<std::uint32_t>(marks.last_chunk))) ++out.index;
  return out;
}

}  // namespace

Result<Went> find_leaves(const Site& site, const Disposal& d) {
  Work work;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(auto known, Table::work(*tx, d.id));
    if (known) work = std::move(*known);
    SK_TRY(work.numbers, numbers_of(*tx, work.objects));
  }
  SK_CHECK(act(site, "disposal.find", d.id, [&](gate::Context& context, Disposal& now) -> Status {
    SK_CHECK(Table::put_work(context.tx, now.id, work));
    now.step = static_cast<int>(Step::log);
    return ok();
  }));
  return Went::on;
}

Result<Went> erase_payloads(const Site& site, const Disposal& d) {
  Work work;
  Split parts;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(auto known, Table::work(*tx, d.id));
    if (known) work = std::move(*known);
    SK_TRY(const auto ranges, tlog::parse_numbers(work.numbers));
    SK_TRY(parts, split(*tx, ranges, site.now()));
  }
  for (std::size_t at = 0; at < parts.go.size(); at += kPayloadsAtOnce) {
    const auto begin = parts.go.begin() + static_cast<std::ptrdiff_t>(at);
    SK_CHECK(erase_some(site, d, {begin, begin + static_cast<std::ptrdiff_t>(std::min(kPayloadsAtOnce, parts.go.size() - at))}));
  }
  work.numbers = tlog::print_numbers(tlog::ranges_of(parts.stay));
  SK_CHECK(act(site, "disposal.log", d.id, [&](gate::Context& context, Disposal& now) -> Status {
    std::erase_if(now.remaining, [](const Remaining& r) { return r.store == "log_payload"; });
    now.remaining.insert(now.remaining.end(), parts.remaining.begin(), parts.remaining.end());
    now.step = static_cast<int>(Step::rewrite);
    return Table::put_work(context.tx, now.id, work);
  }));
  return Went::on;
}

Result<Went> rewrite_database(const Site& site, const Disposal& d) {
  SK_CHECK(site.body.db->rewrite());
  SK_CHECK(act(site, "disposal.done", d.id, [](gate::Context& context, Disposal& now) -> Status {
    now.state = "done";
    now.step = static_cast<int>(Step::finished);
    now.done_at = context.now;
    context.note("counts", json::to_value(now.counts));
    return ok();
  }));
  return Went::on;
}

// With the marks gone (a later round, for the log's rest) the earlier search stands: payloads lie sealed, and their rows are gone.
Result<Went> verify(const Site& site, const Disposal& d) {
  Work work;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(auto known, Table::work(*tx, d.id));
    if (known) work = std::move(*known);
  }
  Marks marks;
  Looked looked;
  if (!work.marks.empty()) {
    SK_TRY(marks, json::read_text<Marks>(work.marks));
    SK_TRY(looked, look(site, marks));
  }
  const std::int64_t found = static_cast<std::int64_t>(looked.scanned.places.size()) + looked.index;
  if (found > 0) log::error("disposal.found", {{"found", found}});
  SK_CHECK(act(site, "disposal.verify", d.id, [&](gate::Context& context, Disposal& now) -> Status {
    Verification& v = now.verification;
    v.at = context.now;
    if (!work.marks.empty()) {
      v = {context.now, looked.scanned.files, looked.scanned.bytes, static_cast<std::int64_t>(marks.places()), marks.shared, static_cast<std::int64_t>(marks.terms.size()), found,
           looked.scanned.paths};
    }
    context.note("found", json::Value(found));
    if (found > 0) {
      now.state = "running";
      now.step = static_cast<int>(Step::index);
      now.rest_at = Timestamp{context.now.micros + kTryAgainMicros};
      now.trouble = "disposal.found: " + std::to_string(found);
      return ok();
    }
    work.marks.clear();
    now.state = "verified";
    now.rest_at.reset();
    return Table::put_work(context.tx, now.id, work);
  }));
  return found > 0 ? Went::later : Went::on;
}

}  // namespace sekisho::disposal
