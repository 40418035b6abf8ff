#include "features/library/permitted.h"

#include <algorithm>

namespace sekisho::library {
namespace {

constexpr std::uint32_t kNoLabel = 0;  // of a row whose label is not in the table: readable for nobody, but there
constexpr std::size_t kMostKept = 128;  // bitmaps: one bit a chunk, 37 KB at 300,000

void mix(std::size_t& into, std::size_t more) { into ^= more + 0x9e3779b97f4a7c15ull + (into << 6) + (into >> 2); }

}  // namespace

std::size_t PermittedSets::KeyHash::operator()(const Key& key) const {
  std::size_t out = std::hash<std::int64_t>()(key.revision);
  mix(out, static_cast<std::size_t>(key.reader.clearance) * 2 + (key.reader.program ? 1 : 0));
  mix(out, key.reader.accepted_origins);
  for (const auto& p : key.reader.principals) mix(out, std::hash<std::string>()(p));
  for (const auto& c : key.collections) mix(out, std::hash<std::string>()(c));
  return out;
}

void PermittedSets::place(Shelved& all, const RangeRow& row) {
  const auto at = std::lower_bound(all.ranges.begin(), all.ranges.end(), row.first, [](const Range& r, std::int64_t first) { return r.first < first; });
  const bool known = at != all.ranges.end() && at->first == row.first;
  if (!row.last) {
    if (known) all.ranges.erase(at);
    return;
  }
  auto number = all.collection_numbers.find(row.collection_id->str());
  if (number == all.collection_numbers.end()) {
    number = all.collection_numbers.emplace(row.collection_id->str(), static_cast<std::uint32_t>(all.collections.size())).first;
    all.collections.push_back(row.collection_id->str());
  }
  const Range range{static_cast<std::uint32_t>(row.first), static_cast<std::uint32_t>(*row.last), static_cast<std::uint32_t>(row.label.value_or(kNoLabel)), number->second};
  if (known) *at = range;
  else all.ranges.insert(at, range);  // at the end: chunk ids only grow
}

Result<std::shared_ptr<PermittedSets::Shelved>> PermittedSets::load(sql::Tx& tx, std::int64_t revision) const {
  SK_TRY(const auto rows, Table::ranges(tx));
  auto out = std::make_shared<Shelved>();
  out->revision = revision;
  out->ranges.reserve(rows.size() + rows.size() / 8);
  for (const RangeRow& row : rows) place(*out, row);
  return out;
}

Result<std::shared_ptr<const PermittedSets::Shelved>> PermittedSets::shelved(sql::Tx& tx, std::int64_t revision) {
  const std::lock_guard lock(shelved_mutex_);
  if (shelved_ && shelved_->revision == revision) return shelved_;
  // An older snapshot than the one that is kept, or rows that may never be committed.
  if (tx.writes() || (shelved_ && shelved_->revision > revision)) {
    SK_TRY(auto own, load(tx, revision));
    return std::shared_ptr<const Shelved>(std::move(own));
  }
  std::shared_ptr<Shelved> next;
  if (shelved_) {
    SK_TRY(const auto changes, Table::changes_after(tx, shelved_->revision, revision));
    if (changes) {
      next = std::make_shared<Shelved>(*shelved_);
      next->revision = revision;
      for (const RangeRow& row : *changes) place(*next, row);
    }
  }
  if (!next) {
    SK_TRY(next, load(tx, revision));
  }
  shelved_ = std::move(next);
  return shelved_;
}

void PermittedSets::keep(Key key, std::shared_ptr<const search::Bitmap> bitmap) {
  const std::lock_guard lock(mutex_);
  const auto [at, fresh] = kept_.try_emplace(std::move(key), Kept{std::move(bitmap), {}});
  if (!fresh) return;
  ages_.push_front(&at->first);
  at->second.age = ages_.begin();
  while (kept_.size() > kMostKept) {
    const Key* oldest = ages_.back();
    ages_.pop_back();
    kept_.erase(*oldest);
  }
}

Result<std::shared_ptr<const search::Bitmap>> PermittedSets::of(sql::Tx& tx, const policy::Permit& permit, std::vector<CollectionId> collections) {
  SK_TRY(const std::int64_t revision, Table::revision(tx));
  Key key{permit.person(), revision, {}};
  for (const CollectionId& id : collections) key.collections.push_back(id.str());
  std::sort(key.collections.begin(), key.collections.end());
  key.collections.erase(std::unique(key.collections.begin(), key.collections.end()), key.collections.end());
  if (!tx.writes()) {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(key); found != kept_.end()) {
      ages_.splice(ages_.begin(), ages_, found->second.age);
      return found->second.bitmap;
    }
  }
  SK_TRY(const auto all, shelved(tx, revision));
  SK_TRY(const policy::Readable readable, gate::LabelTable::readable(tx, labels_, permit));
  std::vector<bool> wanted(all->collections.size(), key.collections.empty());
  for (const std::string& id : key.collections)
    if (const auto at = all->collection_numbers.find(id); at != all->collection_numbers.end()) wanted[at->second] = true;
  auto bitmap = std::make_shared<search::Bitmap>();
  for (const Range& r : all->ranges)
    if (readable.has(r.label) && wanted[r.collection]) bitmap->set_range(r.first, r.last);
  if (!tx.writes()) keep(std::move(key), bitmap);
  return std::shared_ptr<const search::Bitmap>(std::move(bitmap));
}

Result<search::Bitmap> PermittedSets::alive(sql::Tx& tx) {
  SK_TRY(const std::int64_t revision, Table::revision(tx));
  SK_TRY(const auto all, shelved(tx, revision));
  search::Bitmap out;
  for (const Range& r : all->ranges) out.set_range(r.first, r.last);
  return out;
}

}  // namespace sekisho::library
