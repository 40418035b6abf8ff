#include "features/office/text_index_table.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <queue>
#include <set>
#include <unordered_map>

#include "text/utf8.h"

namespace sekisho::office {
namespace {

constexpr const char* kFind = "SELECT words, block FROM office_text WHERE case_id = :id";
constexpr const char* kInsert = "INSERT INTO office_text (case_id, definition, words, block) VALUES (:id, :definition, :words, 0)";
constexpr const char* kUpdate = "UPDATE office_text SET words = :words, block = 0 WHERE case_id = :id";
constexpr const char* kWaitMore =
    "INSERT INTO office_text_state (definition, waiting, blocks) VALUES (:definition, 1, 0) ON CONFLICT (definition) DO UPDATE SET waiting = office_text_state.waiting + 1";
constexpr const char* kState = "SELECT waiting, blocks FROM office_text_state WHERE definition = :definition";
constexpr const char* kOldest = "SELECT case_id, words FROM office_text WHERE definition = :definition AND block = 0 ORDER BY case_id LIMIT :limit";
constexpr const char* kTake = "UPDATE office_text SET block = :block WHERE case_id = :id";
constexpr const char* kPutBlock = "INSERT INTO office_text_block (definition, block, oldest, newest, cases) VALUES (:definition, :block, :oldest, :newest, :cases)";
constexpr const char* kPutGram = "INSERT INTO office_gram (definition, gram, block, places) VALUES (:definition, :gram, :block, :places)";
constexpr const char* kTaken = "UPDATE office_text_state SET waiting = :waiting, blocks = :blocks WHERE definition = :definition";
constexpr const char* kWaiting = "SELECT case_id FROM office_text WHERE definition = :definition AND block = 0 AND case_id < :before AND words LIKE :like ESCAPE '\\' ORDER BY case_id DESC";
constexpr const char* kGram = "SELECT block, places FROM office_gram WHERE definition = :definition AND gram = :gram";
constexpr const char* kBlocks = "SELECT block, newest FROM office_text_block WHERE definition = :definition AND oldest < :before ORDER BY newest DESC";
constexpr const char* kCases = "SELECT cases FROM office_text_block WHERE definition = :definition AND block = :block";

constexpr std::size_t kIdBytes = 26;
constexpr std::size_t kBitmapBytes = TextIndex::kBlock / 8;

using Places = std::bitset<TextIndex::kBlock>;

bool plain(char32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

std::int64_t gram(char32_t a, char32_t b = 0, char32_t c = 0) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << 42 | static_cast<std::uint64_t>(b) << 21 | c); }

std::u32string points(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out += text::decode_utf8(text, at);
  return out;
}

void grams_of_text(std::string_view text, std::vector<std::int64_t>& out) {
  out.clear();
  const std::u32string p = points(text);
  for (std::size_t i = 0; i < p.size(); ++i) {
    out.push_back(gram(p[i]));
    if (i + 1 < p.size()) out.push_back(gram(p[i], p[i + 1]));
    if (i + 2 < p.size() && plain(p[i]) && plain(p[i + 1]) && plain(p[i + 2])) out.push_back(gram(p[i], p[i + 1], p[i + 2]));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

std::vector<std::string> parts_of(std::string_view asked) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < asked.size();) {
    const std::size_t end = std::min(asked.find(' ', at), asked.size());
    if (end > at) out.emplace_back(asked.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool has_all(std::string_view words, const std::vector<std::string>& parts) {
  return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) { return words.find(part) != std::string_view::npos; });
}

// Those that say most: no pair that a triple covers, no single character beside another.
void grams_of_part(std::string_view part, std::set<std::int64_t>& out) {
  const std::u32string p = points(part);
  if (p.size() == 1) out.insert(gram(p[0]));
  const auto triple = [&](std::size_t i) { return i + 2 < p.size() && plain(p[i]) && plain(p[i + 1]) && plain(p[i + 2]); };
  for (std::size_t i = 0; i + 1 < p.size(); ++i) {
    if (triple(i)) out.insert(gram(p[i], p[i + 1], p[i + 2]));
    else if (i == 0 || !triple(i - 1)) out.insert(gram(p[i], p[i + 1]));
  }
}

// Few places are written one by one, two bytes each; many as bits. The size tells which.
std::string packed(const std::vector<std::uint16_t>& places) {
  std::string out;
  if (places.size() * 2 < kBitmapBytes) {
    for (const std::uint16_t p : places) {
      out += static_cast<char>(p & 0xFF);
      out += static_cast<char>(p >> 8);
    }
    return out;
  }
  out.assign(kBitmapBytes, '\0');
  for (const std::uint16_t p : places) out[p / 8] = static_cast<char>(static_cast<unsigned char>(out[p / 8]) | 1U << p % 8);
  return out;
}

Result<Places> unpacked(const std::string& bytes) {
  Places out;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == kBitmapBytes) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(TextIndex::kBlock); ++i)
      if ((byte(i / 8) >> i % 8 & 1) != 0) out.set(i);
    return out;
  }
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const std::size_t place = byte(i) | static_cast<std::size_t>(byte(i + 1)) << 8;
    if (place >= out.size()) return fail(Code::corrupt, "office.index", "a place outside its block");
    out.set(place);
  }
  return out;
}

std::string like(const std::string& words) {
  std::string out = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

// The oldest waiting texts become a block.
Status seal(sql::Tx& tx, const std::string& definition, std::int64_t waiting, std::int64_t blocks) {
  SK_TRY(const auto rows, tx.query(kOldest).bind("definition", definition).bind("limit", TextIndex::kBlock).all<CaseId, std::string>());
  if (rows.empty()) return ok();
  const std::int64_t block = blocks + 1;
  std::unordered_map<std::int64_t, std::vector<std::uint16_t>> places;
  std::vector<std::int64_t> grams;
  sql::Blob cases;
  for (const auto& [id, words] : rows) {
    grams_of_text(words, grams);
    const auto place = static_cast<std::uint16_t>(cases.bytes.size() / kIdBytes);
    for (const std::int64_t g : grams) places[g].push_back(place);
    cases.bytes += id.str();
    SK_CHECK(tx.query(kTake).bind("block", block).bind("id", id).run());
  }
  SK_CHECK(tx.query(kPutBlock).bind("definition", definition).bind("block", block).bind("oldest", std::get<0>(rows.front())).bind("newest", std::get<0>(rows.back())).bind("cases", cases).run());
  // In the order of the table's key: the pages are written once.
  std::vector<std::int64_t> in_order;
  for (const auto& [g, at] : places) in_order.push_back(g);
  std::sort(in_order.begin(), in_order.end());
  for (const std::int64_t g : in_order) SK_CHECK(tx.query(kPutGram).bind("definition", definition).bind("gram", g).bind("block", block).bind("places", sql::Blob{packed(places[g])}).run());
  SK_CHECK(tx.query(kTaken).bind("waiting", waiting - static_cast<std::int64_t>(rows.size())).bind("blocks", block).bind("definition", definition).run());
  return ok();
}

// Blocks that have every gram, and where.
Result<std::map<std::int64_t, Places>> matching(sql::Tx& tx, const std::string& definition, const std::vector<std::string>& parts) {
  std::set<std::int64_t> grams;
  for (const std::string& part : parts) grams_of_part(part, grams);
  std::map<std::int64_t, Places> out;
  bool first = true;
  for (const std::int64_t g : grams) {
    SK_TRY(const auto rows, tx.query(kGram).bind("definition", definition).bind("gram", g).all<std::int64_t, sql::Blob>());
    std::map<std::int64_t, Places> left;
    for (const auto& [block, bytes] : rows) {
      const auto before = out.find(block);
      if (!first && before == out.end()) continue;
      SK_TRY(Places here, unpacked(bytes.bytes));
      if (!first) here &= before->second;
      if (here.any()) left.emplace(block, here);
    }
    out = std::move(left);
    first = false;
    if (out.empty()) break;
  }
  return out;
}

struct Candidate {
  std::string id;
  std::int64_t block;  // 0: waiting
  bool operator<(const Candidate& other) const { return id < other.id; }
};

}  // namespace

Status TextIndex::put(sql::Tx& tx, const CaseId& id, const std::string& definition, const std::string& words) {
  SK_TRY(const auto before, tx.query(kFind).bind("id", id).maybe_one<std::string, std::int64_t>());
  if (before && std::get<0>(*before) == words) return ok();
  if (before) {
    SK_CHECK(tx.query(kUpdate).bind("words", words).bind("id", id).run());
  } else {
    SK_CHECK(tx.query(kInsert).bind("id", id).bind("definition", definition).bind("words", words).run());
  }
  if (before && std::get<1>(*before) == 0) return ok();
  SK_CHECK(tx.query(kWaitMore).bind("definition", definition).run());
  SK_TRY(const auto state, tx.query(kState).bind("definition", definition).one<std::int64_t, std::int64_t>());
  return std::get<0>(state) < kBlock ? ok() : seal(tx, definition, std::get<0>(state), std::get<1>(state));
}

Result<std::string> TextIndex::words(sql::Tx& tx, const CaseId& id) {
  SK_TRY(const auto row, tx.query(kFind).bind("id", id).one<std::string, std::int64_t>());
  return std::get<0>(row);
}

bool TextIndex::has_all(std::string_view words, std::string_view asked) { return office::has_all(words, parts_of(asked)); }

Status TextIndex::find(sql::Tx& tx, const std::string& definition, const std::string& asked, const std::string& before, const std::function<Result<bool>(const CaseId&)>& each) {
  const std::vector<std::string> parts = parts_of(asked);
  if (parts.empty()) return ok();
  const std::string& longest = *std::max_element(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  std::priority_queue<Candidate> next;
  SK_TRY(const auto waiting, tx.query(kWaiting).bind("definition", definition).bind("before", before).bind("like", like(longest)).all<std::string>());
  for (const auto& [id] : waiting) next.push({id, 0});
  SK_TRY(const auto places, matching(tx, definition, parts));
  std::vector<std::tuple<std::int64_t, std::string>> blocks;
  if (!places.empty()) {
    SK_TRY(blocks, (tx.query(kBlocks).bind("definition", definition).bind("before", before).all<std::int64_t, std::string>()));
  }
  for (auto block = blocks.begin();;) {
    // A block is opened when its newest case may be the next.
    for (; block != blocks.end() && (next.empty() || next.top().id <= std::get<1>(*block)); ++block) {
      const auto here = places.find(std::get<0>(*block));
      if (here == places.end()) continue;
      SK_TRY(const auto row, tx.query(kCases).bind("definition", definition).bind("block", here->first).one<sql::Blob>());
      const std::string& ids = std::get<0>(row).bytes;
      for (std::size_t i = 0; (i + 1) * kIdBytes <= ids.size() && i < here->second.size(); ++i)
        if (here->second.test(i)) {
          std::string id = ids.substr(i * kIdBytes, kIdBytes);
          if (id < before) next.push({std::move(id), here->first});
        }
    }
    if (next.empty()) return ok();
    const Candidate one = next.top();
    next.pop();
    const CaseId id = CaseId::trusted(one.id);
    SK_TRY(const auto row, tx.query(kFind).bind("id", id).maybe_one<std::string, std::int64_t>());
    if (!row || std::get<1>(*row) != one.block || !office::has_all(std::get<0>(*row), parts)) continue;
    SK_TRY(const bool more, each(id));
    if (!more) return ok();
  }
}

}  // namespace sekisho::office
