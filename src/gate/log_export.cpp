#include "gate/log_export.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "gate/disposal_table.h"
#include "gate/log_read_table.h"
#include "json/json.h"
#include "tlog/checkpoint.h"
#include "tlog/export_names.h"

namespace sekisho::gate {
namespace {

namespace fs = std::filesystem;

Unexpected not_written(const fs::path& path) {
  std::error_code error;
  const auto space = fs::space(path.parent_path(), error);
  const bool full = !error && space.available < 1 << 20;
  return fail(Code::unavailable, full ? "storage.full" : "storage.io", "cannot write " + path.string());
}

Status put(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return not_written(path);
  return ok();
}

// One file of lines, written as they come.
class Lines {
 public:
  explicit Lines(fs::path path) : path_(std::move(path)), out_(path_, std::ios::binary | std::ios::trunc) {}
  void add(const json::Value& value) {
    const std::string line = json::serialise(value);
    out_.write(line.data(), static_cast<std::streamsize>(line.size())).put('\n');
  }
  Status close() {
    out_.close();
    if (!out_) return not_written(path_);
    return ok();
  }

 private:
  fs::path path_;
  std::ofstream out_;
};

Status write_entries(sql::Tx& tx, const fs::path& root, std::uint64_t size) {
  for (std::uint64_t first = 0; first < size; first += tlog::kTileWidth) {
    const std::uint64_t width = std::min<std::uint64_t>(tlog::kTileWidth, size - first);
    SK_TRY(auto rows, leaves_from(tx, first, width));
    std::vector<std::string> entries;
    for (LeafRow& row : rows) entries.push_back(std::move(row.leaf));
    if (entries.size() != width) return fail(Code::corrupt, "log.broken", "leaves are missing after " + std::to_string(first));
    SK_TRY(const std::string bundle, tlog::encode_bundle(entries));
    SK_CHECK(put(root / tlog::bundle_path(first / tlog::kTileWidth, static_cast<unsigned>(width)), bundle));
  }
  for (const tlog::Tile& tile : tlog::tiles_added(0, size)) {
    SK_TRY(const std::string bytes, tile_bytes(tx, tile));
    SK_CHECK(put(root / tlog::tile_path(tile), bytes));
  }
  return ok();
}

Status write_history(sql::Tx& tx, const fs::path& root, std::uint64_t size, Exported& out) {
  Lines lines(root / tlog::kHistoryFile);
  for (std::uint64_t after = 0; after < size;) {
    SK_TRY(const auto heads, heads_after(tx, after, 1000));
    for (const HeadRow& head : heads) {
      lines.add(json::Object{{"at", to_rfc3339(head.at)}, {"note", head.note}, {"size", head.size}});
      after = head.size;
      ++out.checkpoints;
    }
    if (heads.empty()) break;
  }
  return lines.close();
}

Status write_payloads(sql::Tx& tx, const LogKeys& keys, const fs::path& root, std::uint64_t size, Exported& out) {
  Lines lines(root / tlog::kPayloadsFile);
  for (std::uint64_t first = 0; first < size; first += 1024) {
    SK_TRY(const auto rows, payloads_between(tx, keys, first, std::min(first + 1024, size)));
    for (const PayloadRow& row : rows) lines.add(json::Object{{"payload", row.payload}, {"salt", to_base64(row.salt)}, {"seq", row.seq}});
    out.payloads += rows.size();
  }
  return lines.close();
}

Status write_disposals(sql::Tx& tx, const fs::path& root) {
  SK_TRY(const auto disposed, DisposalTable::all(tx));
  if (disposed.empty()) return ok();
  Lines lines(root / tlog::kDisposalsFile);
  for (const Disposed& d : disposed) lines.add(json::Object{{"numbers", d.numbers}, {"object", d.object}});
  return lines.close();
}

Result<Exported> write_all(sql::Tx& tx, const LogKeys& keys, const ExportSettings& settings, const fs::path& root) {
  SK_TRY(const auto head, newest_head(tx));
  if (!head) return fail(Code::conflict, "log.unsigned", "no head is signed yet");
  SK_TRY(const tlog::VerifierKey signer, log_verifier(keys));
  SK_TRY(const auto opened, tlog::open_checkpoint(head->note, signer));
  Exported out;
  out.size = head->size;
  out.root_hex = to_hex(opened.checkpoint.root);
  SK_CHECK(write_entries(tx, root, out.size));
  SK_CHECK(write_history(tx, root, out.size, out));
  if (settings.payloads) SK_CHECK(write_payloads(tx, keys, root, out.size, out));
  SK_CHECK(write_disposals(tx, root));
  SK_TRY(const std::string trust, trust_text(keys, settings.witnesses));
  SK_CHECK(put(root / tlog::kTrustFile, trust));
  SK_CHECK(put(root / tlog::kCheckpointFile, head->note));
  return out;
}

}  // namespace

Result<std::string> trust_text(const LogKeys& keys, const std::vector<tlog::WitnessLine>& witnesses) {
  SK_TRY(const tlog::VerifierKey signer, log_verifier(keys));
  std::string out = "# C2SP tlog-policy\nlog " + signer.text() + "\n";
  for (const tlog::WitnessLine& w : witnesses) out += "witness " + w.name + " " + w.key.text() + (w.url.empty() ? "" : " " + w.url) + "\n";
  return out + "quorum none\n";
}

Result<Exported> export_log(sql::Db& db, const LogKeys& keys, const ExportSettings& settings) {
  std::error_code error;
  fs::path target(settings.folder);
  if (!target.has_filename()) target = target.parent_path();
  if (fs::exists(target, error)) return fail(Code::conflict, "log.export_exists", settings.folder);
  const fs::path partial = target.string() + ".partial";
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  if (error) return fail(Code::unavailable, "storage.io", "cannot create " + partial.string() + ": " + error.message());
  auto done = [&]() -> Result<Exported> {
    SK_TRY(auto tx, db.begin_read());
    SK_TRY(const Exported out, write_all(*tx, keys, settings, partial));
    fs::rename(partial, target, error);
    if (error) return fail(Code::unavailable, "storage.io", "cannot name " + target.string() + ": " + error.message());
    return out;
  }();
  if (!done) fs::remove_all(partial, error);
  return done;
}

}  // namespace sekisho::gate
