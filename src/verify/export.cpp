#include "verify/export.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

#include "json/json.h"
#include "tlog/checkpoint.h"
#include "tlog/disposal.h"
#include "tlog/export_names.h"
#include "tlog/leaf.h"
#include "tlog/merkle.h"
#include "tlog/period.h"
#include "tlog/proof_file.h"
#include "tlog/tile.h"

namespace sekisho::verify {

struct HistoryLine {
  Timestamp at;
  std::string note;
  std::int64_t size = 0;
};
BOOST_DESCRIBE_STRUCT(HistoryLine, (), (at, note, size))
struct PayloadLine {
  std::string payload;
  std::string salt;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(PayloadLine, (), (payload, salt, seq))
struct DisposalLine {
  std::string numbers;
  std::string object;
};
BOOST_DESCRIBE_STRUCT(DisposalLine, (), (numbers, object))

namespace {

constexpr std::size_t kMaxBundle = 256 * (65535 + 2);
constexpr std::size_t kMaxLine = 256u << 20;

std::string text_of(std::uint64_t n) { return std::to_string(n); }

struct SeqRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
std::string text_of(const SeqRange& r) { return r.first == r.last ? text_of(r.first) : text_of(r.first) + "-" + text_of(r.last); }

// The head of a note under whichever trusted log signed it.
Result<tlog::OpenedCheckpoint> open_trusted(std::string_view note, const tlog::TrustPolicy& trust) {
  SK_TRY(const tlog::Note parsed, tlog::parse_note(note));
  SK_TRY(const tlog::Checkpoint unverified, tlog::parse_checkpoint_text(parsed.text));
  const tlog::VerifierKey* const key = trust.log(unverified.origin);
  if (key == nullptr) return fail(Code::corrupt, "checkpoint.unknown_log", unverified.origin);
  return tlog::open_checkpoint(note, *key, trust.witness_keys());
}

// Payloads in the order of their numbers, one at a time.
class Payloads {
 public:
  explicit Payloads(const std::string& path) : in_(path, std::ios::binary) { present_ = in_.is_open(); }
  bool present() const { return present_; }
  // The next line; false at the end. A line that is none ends the reading with `broken()`.
  bool next(PayloadLine& out) {
    std::string line;
    if (!std::getline(in_, line)) return false;
    ++number_;
    auto parsed = line.size() > kMaxLine ? Result<PayloadLine>() : json::read_text<PayloadLine>(line);
    if (!parsed || parsed->seq < 0) {
      broken_ = true;
      return false;
    }
    out = std::move(*parsed);
    return true;
  }
  bool broken() const { return broken_; }
  std::uint64_t line() const { return number_; }

 private:
  std::ifstream in_;
  bool present_ = false;
  bool broken_ = false;
  std::uint64_t number_ = 0;
};

struct Expected {
  Hash root{};
  std::string key;    // the finding if it does not agree
  std::string place;
  bool earlier = false;
};

struct Disposal {
  std::string id;
  std::vector<tlog::NumberRange> ranges;
  std::uint64_t by = 0;        // the leaf of the act
  std::uint64_t payloads = 0;  // absent because of it
};

class Verifier {
 public:
  Verifier(const std::string& folder, const Options& options) : folder_(folder), options_(options), payloads_(path(tlog::kPayloadsFile)) {}

  Report run() {
    report_.with_payloads = payloads_.present();
    if (!open_head()) return std::move(report_);
    read_history();
    for (const Head& head : options_.earlier) expect_earlier(head);
    if (payloads_.present()) more_payloads_ = payloads_.next(payload_);
    compare_heads();  // of the empty tree
    if (scan()) {
      finish_tiles();
      finish_payloads();
      read_disposals();
      judge_absent();
      finish_received();
    }
    report_.root = range_.root();
    return std::move(report_);
  }

 private:
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void find(std::string key, std::string place) {
    if (++found_[key] > options_.max_findings) ++report_.more;
    else report_.findings.push_back({std::move(key), std::move(place)});
  }

  bool open_head() {
    const auto note = read_file(path(tlog::kCheckpointFile), tlog::kMaxNoteBytes);
    if (!note) {
      find("export.missing", tlog::kCheckpointFile);
      return false;
    }
    const auto opened = open_trusted(*note, *options_.trust);
    if (!opened) {
      find(opened.error().key == "checkpoint.unknown_log" ? "checkpoint.unknown_log" : "checkpoint.unverified", opened.error().detail);
      return false;
    }
    report_.origin = opened->checkpoint.origin;
    report_.witnesses = opened->witnesses;
    size_ = opened->checkpoint.size;
    if (!options_.trust->satisfied_by(opened->witnesses)) find("witness.too_few", text_of(size_));
    expected_[size_].push_back({opened->checkpoint.root, "checkpoint.root", text_of(size_), false});
    return true;
  }

  void read_history() {
    std::ifstream in(path(tlog::kHistoryFile), std::ios::binary);
    if (!in.is_open()) return find("export.missing", tlog::kHistoryFile);
    std::string line;
    std::int64_t last = -1;
    for (std::uint64_t number = 1; std::getline(in, line); ++number) {
      const auto entry = json::read_text<HistoryLine>(line);
      const std::string where = std::string(tlog::kHistoryFile) + ":" + text_of(number);
      if (!entry || entry->size <= last) return find("history.malformed", where);
      last = entry->size;
      const auto opened = open_trusted(entry->note, *options_.trust);
      const auto size = static_cast<std::uint64_t>(entry->size);
      if (!opened || opened->checkpoint.size != size || opened->checkpoint.origin != report_.origin) {
        find("history.unverified", where);
        continue;
      }
      if (size > size_) find("history.longer", text_of(size));
      else expected_[size].push_back({opened->checkpoint.root, "history.root", text_of(size), false});
      ++report_.checkpoints;
    }
    if (last != static_cast<std::int64_t>(size_) && last < static_cast<std::int64_t>(size_) && size_ > 0) find("history.shorter", text_of(static_cast<std::uint64_t>(last + 1)));
  }

  void expect_earlier(const Head& head) {
    if (head.size > size_) find("earlier.rolled_back", head.from + " (" + text_of(head.size) + " > " + text_of(size_) + ")");
    else expected_[head.size].push_back({head.root, "earlier.rewritten", head.from + " (" + text_of(head.size) + ")", true});
  }

  void compare_heads() {
    const auto it = expected_.find(range_.size());
    if (it == expected_.end()) return;
    const Hash root = range_.root();
    for (const Expected& e : it->second) {
      if (e.root != root) find(e.key, e.place);
      else if (e.earlier) ++report_.earlier;
    }
  }

  // The stored tile must hold exactly these hashes.
  void compare_tile(const tlog::Tile& tile, const std::vector<Hash>& hashes) {
    const std::string name = tlog::tile_path(tile);
    const auto data = read_file(path(name), 256 * 32);
    if (!data) return find("export.missing", name);
    if (data->size() != hashes.size() * 32) return find("tile.changed", name);
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      if (data->compare(i * 32, 32, as_view(hashes[i])) == 0) continue;
      // A tile of level 0 names the leaf; higher ones only say below which node.
      if (tile.level == 0) find("leaf.changed", text_of(tile.index * 256 + i));
      else find("tile.changed", name);
    }
  }

  void append(const Hash& hash) {
    completed_.clear();
    range_.append(hash, completed_);
    for (const tlog::NodeHash& node : completed_) {
      if (node.node.level % tlog::kTileHeight != 0) continue;
      const unsigned level = node.node.level / tlog::kTileHeight;
      if (open_.size() <= level) open_.resize(level + 1);
      open_[level].push_back(node.hash);
      if (open_[level].size() < tlog::kTileWidth) continue;
      compare_tile({level, node.node.index / tlog::kTileWidth, tlog::kTileWidth}, open_[level]);
      open_[level].clear();
    }
    compare_heads();
  }

  void take_leaf(std::string_view entry, std::uint64_t seq) {
    const Hash hash = tlog::leaf_hash(entry);
    const auto leaf = tlog::decode_leaf(entry);
    if (!leaf) find("leaf.malformed", text_of(seq));
    else if (leaf->seq != seq) find("leaf.order", text_of(seq));
    if (leaf && leaf->act == tlog::kErasingAct && leaf->decision == "allow") erased_[leaf->object] = seq;
    if (leaf && leaf->act == tlog::kDisposingAct && leaf->decision == "allow") disposing_[leaf->object] = seq;
    if (leaf && payloads_.present()) take_payload(*leaf, seq);
    if (const auto it = options_.received.find(seq); it != options_.received.end()) {
      if (it->second == hash) ++report_.received;
      else find("received.changed", text_of(seq));
    }
    append(hash);
    ++report_.leaves;
  }

  void take_payload(const tlog::Leaf& leaf, std::uint64_t seq) {
    while (more_payloads_ && static_cast<std::uint64_t>(payload_.seq) < seq) {
      find("payload.order", text_of(static_cast<std::uint64_t>(payload_.seq)));
      more_payloads_ = payloads_.next(payload_);
    }
    if (!more_payloads_ || static_cast<std::uint64_t>(payload_.seq) != seq) {
      std::vector<SeqRange>& gaps = absent_[tlog::payload_period(leaf.act, leaf.ts)];
      if (!gaps.empty() && gaps.back().last + 1 == seq) gaps.back().last = seq;
      else gaps.push_back({seq, seq});
      return;
    }
    const auto salt = from_base64(payload_.salt);
    const auto made = salt ? tlog::commitment(*salt, payload_.payload) : Result<Hash>();
    if (!made || *made != leaf.commit) find("payload.changed", text_of(seq));
    else ++report_.payloads;
    more_payloads_ = payloads_.next(payload_);
  }

  // False when a bundle is not there or is none: then nothing after it can be judged.
  bool scan() {
    for (std::uint64_t index = 0; index * tlog::kTileWidth < size_; ++index) {
      const auto width = static_cast<unsigned>(std::min<std::uint64_t>(tlog::kTileWidth, size_ - index * tlog::kTileWidth));
      const std::string name = tlog::bundle_path(index, width);
      const auto data = read_file(path(name), kMaxBundle);
      if (!data) {
        find("export.missing", name);
        return false;
      }
      const auto entries = tlog::parse_bundle(*data, width);
      if (!entries) {
        find("entries.malformed", name + ": " + entries.error().detail);
        return false;
      }
      for (unsigned i = 0; i < width; ++i) take_leaf((*entries)[i], index * tlog::kTileWidth + i);
    }
    return true;
  }

  void finish_tiles() {
    for (unsigned level = 0; level < open_.size(); ++level) {
      if (open_[level].empty()) continue;
      const std::uint64_t index = (size_ >> (tlog::kTileHeight * level)) / tlog::kTileWidth;
      compare_tile({level, index, static_cast<unsigned>(open_[level].size())}, open_[level]);
    }
  }

  void finish_payloads() {
    if (payloads_.broken()) find("payload.malformed", std::string(tlog::kPayloadsFile) + ":" + text_of(payloads_.line()));
    while (more_payloads_) {
      find("payload.unexpected", text_of(static_cast<std::uint64_t>(payload_.seq)));
      more_payloads_ = payloads_.next(payload_);
    }
  }

  // What disposals say they took counts only where a leaf holds its hash.
  void read_disposals() {
    std::ifstream in(path(tlog::kDisposalsFile), std::ios::binary);
    std::string line;
    for (std::uint64_t number = 1; in.is_open() && std::getline(in, line); ++number) {
      const auto entry = line.size() > kMaxLine ? Result<DisposalLine>() : json::read_text<DisposalLine>(line);
      const auto ranges = entry ? tlog::parse_numbers(entry->numbers) : Result<std::vector<tlog::NumberRange>>();
      const std::string where = std::string(tlog::kDisposalsFile) + ":" + text_of(number);
      if (!ranges) return find("disposal.malformed", where);
      const auto act = disposing_.find(entry->object);
      const std::string id(tlog::disposal_id(entry->object));
      if (act == disposing_.end() || tlog::disposal_object(id, entry->numbers) != entry->object) find("disposal.unproven", where);
      else disposals_.push_back({id, *ranges, act->second, 0});
    }
  }

  // By the first disposal that names it, if that came after it.
  bool disposed(std::uint64_t seq) {
    for (Disposal& d : disposals_) {
      if (d.by <= seq || !tlog::covers(d.ranges, seq)) continue;
      ++d.payloads;
      return true;
    }
    return false;
  }

  // Each absent payload needs a later act that erased its period, or a later disposal of its own.
  void judge_absent() {
    for (const auto& [period, gaps] : absent_) {
      const auto act = erased_.find(period);
      std::uint64_t count = 0;
      for (const SeqRange& gap : gaps) {
        if (act != erased_.end() && act->second > gap.last) count += gap.last - gap.first + 1;
        else judge_each(gap);
      }
      if (count > 0) report_.erasures.push_back({period, "", count, act->second});
      report_.erased += count;
    }
    for (const Disposal& d : disposals_) {
      if (d.payloads > 0) report_.erasures.push_back({"", d.id, d.payloads, d.by});
      report_.erased += d.payloads;
    }
  }

  void judge_each(const SeqRange& gap) {
    std::optional<SeqRange> missing;
    for (std::uint64_t seq = gap.first; seq <= gap.last; ++seq) {
      if (!disposed(seq)) {
        if (missing) missing->last = seq;
        else missing = SeqRange{seq, seq};
      } else if (missing) {
        find("payload.missing", text_of(*missing));
        missing.reset();
      }
    }
    if (missing) find("payload.missing", text_of(*missing));
  }

  // Numbers missing between the first and the last that were received, and received ones that the log does not have.
  void finish_received() {
    std::uint64_t before = 0;
    bool first = true;
    for (const auto& [seq, hash] : options_.received) {
      if (seq >= size_) {
        find("received.ahead", text_of(seq));
        continue;
      }
      if (!first && seq > before + 1) find("received.gap", text_of(SeqRange{before + 1, seq - 1}));
      before = seq;
      first = false;
    }
  }

  const std::string folder_;
  const Options& options_;
  Report report_;
  Payloads payloads_;
  PayloadLine payload_;
  bool more_payloads_ = false;
  std::uint64_t size_ = 0;
  std::map<std::string, std::size_t> found_;  // by key
  std::map<std::uint64_t, std::vector<Expected>> expected_;
  tlog::CompactRange range_;
  std::vector<tlog::NodeHash> completed_;
  std::vector<std::vector<Hash>> open_;
  std::map<std::string, std::vector<SeqRange>> absent_;  // by period
  std::map<std::string, std::uint64_t> erased_;          // period -> the last act that erased it
  std::map<std::string, std::uint64_t> disposing_;       // object of a disposal -> its act
  std::vector<Disposal> disposals_;                      // those that a leaf proves
};

}  // namespace

Report verify_folder(const std::string& folder, const Options& options) { return Verifier(folder, options).run(); }

Result<Head> read_head(const std::string& path, const tlog::TrustPolicy& trust) {
  std::error_code error;
  const std::string file = std::filesystem::is_directory(path, error) ? path + "/" + tlog::kCheckpointFile : path;
  SK_TRY(const std::string note, read_file(file, tlog::kMaxNoteBytes));
  const auto opened = open_trusted(note, trust);
  if (!opened) return Result<Head>(fail(opened.error())).context(file);
  return Head{opened->checkpoint.size, opened->checkpoint.root, path};
}

Result<Head> parse_head(const std::string& text) {
  const auto bad = [] { return fail(Code::invalid_argument, "head.malformed", "SIZE:64 hex digits"); };
  Head out;
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0) return bad();
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, out.size);
  const auto bytes = from_hex(std::string_view(text).substr(colon + 1));
  if (error != std::errc() || end != text.data() + colon || !bytes || bytes->size() != out.root.size()) return bad();
  std::copy(bytes->begin(), bytes->end(), out.root.begin());
  out.from = text.substr(0, colon + 9) + "…";
  return out;
}

Result<std::map<std::uint64_t, Hash>> read_received(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) return fail(Code::not_found, "file.not_found", path);
  std::map<std::uint64_t, Hash> out;
  std::string line;
  while (std::getline(in, line)) {
    const auto begin = line.find("{\"act\":");
    if (begin == std::string::npos) continue;
    while (!line.empty() && line.back() != '}') line.pop_back();
    const std::string_view bytes = std::string_view(line).substr(begin);
    const auto leaf = tlog::decode_leaf(bytes);
    if (!leaf) continue;
    const Hash hash = tlog::leaf_hash(bytes);
    const auto [it, added] = out.emplace(leaf->seq, hash);
    if (!added && it->second != hash) return fail(Code::corrupt, "received.conflict", text_of(leaf->seq));
  }
  return out;
}

Result<Proven> verify_proof(const std::string& text, const tlog::TrustPolicy& trust) {
  SK_TRY(tlog::InclusionText proof, tlog::parse_inclusion(text));
  SK_TRY(const tlog::OpenedCheckpoint opened, open_trusted(proof.checkpoint, trust));
  if (!trust.satisfied_by(opened.witnesses)) return fail(Code::corrupt, "witness.too_few", text_of(opened.checkpoint.size));
  if (proof.extra.empty()) return fail(Code::invalid_argument, "proof.malformed", "the leaf is not in the file");
  SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(proof.extra));
  if (leaf.seq != proof.index) return fail(Code::corrupt, "leaf.order", text_of(proof.index));
  SK_CHECK(tlog::verify_inclusion(proof.index, opened.checkpoint.size, tlog::leaf_hash(proof.extra), proof.proof, opened.checkpoint.root));
  return Proven{proof.index, std::move(proof.extra), {opened.checkpoint.size, opened.checkpoint.root, opened.checkpoint.origin}};
}

}  // namespace sekisho::verify
