#include "features/disposal/contract.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "core/descriptor.h"
#include "core/log.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "features/backup/store.h"
#include "features/disposal/erase_table.h"
#include "features/disposal/erasing.h"

namespace sekisho::disposal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPlaces = 3'000;
constexpr std::size_t kMostOfOne = 20;
constexpr std::size_t kMaxPlan = 64u << 20;

struct Plan {
  std::string id;
  std::string code;
  std::string certificate;  // JSON, without its verification
  Marks marks;
};
BOOST_DESCRIBE_STRUCT(Plan, (), (id, code, certificate, marks))

Unexpected io(const fs::path& path, const std::error_code& error) { return fail(Code::unavailable, "storage.io", path.string() + ": " + error.message()); }

Status sync_folder(const fs::path& folder) {
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.get() < 0 || ::fsync(open.get()) != 0) return fail(Code::unavailable, "storage.io", "cannot sync " + folder.string());
  return ok();
}

// Zeros over the content, on the disk, before the file goes. (What a file system or a drive keeps of earlier blocks is beyond a program's reach:
// docs/admin.md says what that means.)
Status wipe(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fs::exists(path) ? Status(io(path, error)) : ok();
  {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    const std::string zeros(1 << 20, '\0');
    for (std::uintmax_t done = 0; file.get() >= 0 && done < size;) {
      const ssize_t n = ::write(file.get(), zeros.data(), static_cast<std::size_t>(std::min<std::uintmax_t>(zeros.size(), size - done)));
      if (n <= 0) return fail(Code::unavailable, "storage.io", "cannot overwrite " + path.string());
      done += static_cast<std::uintmax_t>(n);
    }
    if (file.get() < 0 || ::fsync(file.get()) != 0) return fail(Code::unavailable, "storage.io", "cannot overwrite " + path.string());
  }
  fs::remove(path, error);
  return error ? Status(io(path, error)) : ok();
}

// Everything of the body but the log's key. The master key first: from then on originals and payloads open for nobody.
Status erase_body(const fs::path& body) {
  std::error_code error;
  if (!fs::exists(body, error)) return ok();
  SK_CHECK(wipe(body / "body.key"));
  for (const char* file : {"body.db", "body.db-wal", "body.db-shm", "body.db-journal"}) SK_CHECK(wipe(body / file));
  std::vector<fs::path> rest;
  for (const auto& entry : fs::directory_iterator(body, error))
    if (entry.path().filename() != "log.key") rest.push_back(entry.path());
  if (error) return io(body, error);
  for (const fs::path& path : rest) {
    fs::remove_all(path, error);
    if (error) return io(path, error);
  }
  return sync_folder(body);
}

Status move_away(const std::string& data_folder, const Plan& plan, const fs::path& folder) {
  std::error_code error;
  const fs::path living = fs::path(data_folder) / "bodies" / plan.code;
  if (fs::exists(folder / "body", error) || !fs::exists(living, error)) return ok();
  fs::rename(living, folder / "body", error);
  if (error) return io(living, error);
  SK_CHECK(sync_folder(folder));
  return sync_folder(living.parent_path());
}

Result<Certificate> certified(const std::string& data_folder, const Plan& plan, const crypto::SigningKey& key, Timestamp now) {
  SK_TRY(const Scanned scanned, scan_folder(data_folder, plan.marks));
  const auto found = static_cast<std::int64_t>(scanned.places.size());
  if (found > 0) return fail(Code::conflict, "disposal.found", std::to_string(found) + " places are still there: " + (scanned.paths.empty() ? "" : scanned.paths.front()));
  SK_TRY(json::Value c, json::parse(plan.certificate));
  const Verification v{now, scanned.files, scanned.bytes, static_cast<std::int64_t>(plan.marks.places()), plan.marks.shared, 0, 0, {}};
  c.as_object()["verification"] = json::to_value(v);
  c.as_object()["issued_at"] = to_rfc3339(now);
  c.as_object()["done_at"] = to_rfc3339(now);
  return Certificate{1, now, json::canonical(c), signed_certificate(c, key)};
}

Result<Ended> finish(const std::string& data_folder, const std::string& heads_folder, const std::string& backup_folder, const fs::path& folder) {
  SK_TRY(const std::string text, read_file((folder / "plan.json").string(), kMaxPlan));
  SK_TRY(const Plan plan, json::read_text<Plan>(text));
  const fs::path certificates = fs::path(data_folder) / "certificates";
  const Ended out{plan.code, (certificates / ("haiki-" + plan.id + "-1.json")).string()};
  SK_CHECK(move_away(data_folder, plan, folder));
  SK_CHECK(erase_body(folder / "body"));
  std::error_code error;
  fs::remove(fs::path(heads_folder) / (plan.code + ".checkpoint"), error);
  if (!backup_folder.empty()) {
    if (!fs::is_directory(backup_folder, error)) return fail(Code::unavailable, "backup.folder", backup_folder + " is not there");
    SK_CHECK(backup::erase_store((fs::path(backup_folder) / "bodies" / plan.code).string()));
  }
  const fs::path key_file = folder / "body" / "log.key";
  if (fs::exists(key_file, error)) {
    if (!fs::exists(out.certificate, error)) {
      SK_TRY(const Secret seed, crypto::load_key(key_file.string()));
      SK_TRY(const auto key, crypto::SigningKey::from_seed(seed.reveal()));
      SystemClock clock;
      SK_TRY(const Certificate made, certified(data_folder, plan, key, clock.now()));
      fs::create_directories(certificates, error);
      if (error) return io(certificates, error);
      SK_TRY(const std::string page, certificate_page(made));
      SK_CHECK(write_file((certificates / ("haiki-" + plan.id + "-1.pdf")).string(), page));
      SK_CHECK(write_file(out.certificate, certificate_file(made)));
    }
    SK_CHECK(wipe(key_file));
  }
  fs::remove_all(folder, error);
  if (error) return io(folder, error);
  SK_CHECK(sync_folder(folder.parent_path()));
  return out;
}

Result<Marks> marks_of_all(sql::Tx& tx) {
  const std::string random = crypto::random_bytes(8);
  std::uint64_t key = 0;
  for (const char c : random) key = key << 8 | static_cast<unsigned char>(c);
  Marks out = Marks::with_key(key);
  SK_CHECK(EraseTable::other_texts(tx, {}, {}, {}, [&](const std::string& text) {
    if (out.places() < kMostPlaces) out.add_text(text, kMostOfOne);
  }));
  return out;
}

Status nothing_held(sql::Tx& tx) {
  SK_TRY(const auto holds, retention::Table::holds(tx));
  for (const retention::Hold& h : holds)
    if (!h.released_at) return fail(Code::conflict, "disposal.held", h.incident.empty() ? h.reason : h.incident);
  return ok();
}

}  // namespace

Result<Disposal> begin_contract(gate::Gate& gate, gate::Body& body, const Parts& parts, const DisposalId& id) {
  const Site site{gate, body, parts};
  std::optional<Disposal> d;
  Counts counts;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(d, Table::find(*tx, id));
    if (!d || d->scope != "contract") return fail(Code::not_found, "disposal.not_found", "no disposal of a contract has this id");
    if (d->state != "permitted" && d->state != "running") return fail(Code::conflict, "disposal.not_permitted", "it is " + d->state);
    SK_CHECK(nothing_held(*tx));
    SK_TRY(counts, EraseTable::all_rows(*tx));
  }
  SK_TRY(const auto blobs, body.blobs->list());
  if (!blobs.empty()) counts["blob"] = static_cast<std::int64_t>(blobs.size());
  SK_CHECK(act(site, "disposal.begin", id, [&](gate::Context& context, Disposal& now) -> Status {
    SK_CHECK(nothing_held(context.tx));
    now.state = "running";
    now.begun_at = context.now;
    now.counts = counts;
    return ok();
  }));
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(d, Table::find(*tx, id));
  return std::move(*d);
}

Status end_contract(gate::Gate& gate, gate::Body& body, const Parts& parts, const Disposal& d, const json::Object& head) {
  Plan plan{d.id.str(), body.code, "", {}};
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(plan.marks, marks_of_all(*tx));
    plan.certificate = json::serialise(certificate_of(body.code, body.name, d, requester_of(*tx, d), 1, gate.clock().now(), head,
                                                      parts.backup_folder.empty() ? json::Array() : json::Array{json::Object{{"place", parts.backup_folder}, {"until", ""}}}));
  }
  SK_CHECK(leave_out_other_bodies(parts, plan.marks));
  std::error_code error;
  const fs::path folder = fs::path(parts.data_folder) / "ending" / plan.id;
  fs::create_directories(folder, error);
  if (error) return io(folder, error);
  return write_file((folder / "plan.json").string(), json::write(plan));
}

Result<std::vector<Ended>> finish_contracts(const std::string& data_folder, const std::string& heads_folder, const std::string& backup_folder) {
  std::vector<Ended> out;
  std::error_code error;
  const fs::path ending = fs::path(data_folder) / "ending";
  if (!fs::exists(ending, error)) return out;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(ending, error)) folders.push_back(entry.path());
  if (error) return io(ending, error);
  for (const fs::path& folder : folders) {
    if (!fs::exists(folder / "plan.json", error)) {
      // The plan was not written whole, or everything was done but the last folder: nothing of a body lies here.
      if (!fs::exists(folder / "body", error)) fs::remove_all(folder, error);
      continue;
    }
    SK_TRY(Ended ended, finish(data_folder, heads_folder, backup_folder, folder));
    log::warn("disposal.contract_ended", {{"body", log::Safe(ended.body)}});
    out.push_back(std::move(ended));
  }
  return out;
}

}  // namespace sekisho::disposal
