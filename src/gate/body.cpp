#include <filesystem>

#include "crypto/key_file.h"
#include "crypto/seal.h"
#include "gate/run.h"

namespace sekisho::gate {

policy::SegmentSet Body::segment(std::string_view segment_code) const {
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (segments[i] == segment_code) return policy::SegmentSet{1} << i;
  return 0;
}

std::vector<std::string> Body::codes_of(policy::SegmentSet set) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < segments.size(); ++i)
    if ((set >> i & 1u) != 0) out.push_back(segments[i]);
  return out;
}

namespace {

Result<std::shared_ptr<const LogKeys>> log_keys_of(const std::string& code, const Secret& body_key, const Secret& seed) {
  SK_TRY(auto signing, crypto::SigningKey::from_seed(seed.reveal()));
  SK_TRY(Secret payload, crypto::derive_key(body_key, "log-payload"));
  return std::make_shared<const LogKeys>(LogKeys{"sekisho/" + code, std::move(signing), std::move(payload)});
}

}  // namespace

Result<std::unique_ptr<Body>> open_body_reading(const std::string& folder, const std::string& code, const std::vector<sql::Migration>& migrations) {
  auto body = std::make_unique<Body>();
  body->code = code;
  body->folder = folder;
  SK_TRY(body->key, crypto::load_key(folder + "/body.key"));
  SK_TRY(const Secret seed, crypto::load_key(folder + "/log.key"));
  SK_TRY(body->log_keys, log_keys_of(code, body->key, seed));
  SK_TRY(body->db, sql::Db::open_sqlite_reading(folder + "/body.db"));
  SK_CHECK(body->db->migrated(migrations));
  return body;
}

Result<std::shared_ptr<const LogKeys>> read_log_keys(const std::string& folder, const std::string& code) {
  SK_TRY(const Secret key, crypto::load_key(folder + "/body.key"));
  SK_TRY(const Secret seed, crypto::load_key(folder + "/log.key"));
  return log_keys_of(code, key, seed);
}

Result<std::unique_ptr<Body>> open_body(const std::string& folder, const std::string& code, const std::vector<sql::Migration>& migrations,
                                        const Clock& clock, const BodyOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "storage.io", "cannot create " + folder + ": " + error.message());
  auto body = std::make_unique<Body>();
  body->code = code;
  body->folder = folder;
  SK_TRY(body->key, crypto::load_or_create_key(folder + "/body.key"));
  SK_TRY(const Secret seed, crypto::load_or_create_key(folder + "/log.key"));
  SK_TRY(body->log_keys, log_keys_of(code, body->key, seed));
  sql::Db::Options database;
  database.log_ahead_bytes = options.log_ahead_bytes;
  database.sync_file = options.sync_file;
  SK_TRY(body->db, sql::Db::open_sqlite(folder + "/body.db", std::move(database)));
  SK_CHECK(body->db->migrate(migrations));
  SK_TRY(Secret blob_key, crypto::derive_key(body->key, "blobs"));
  SK_TRY(body->blobs, blob::Store::open(folder + "/blobs", std::move(blob_key)));
  SK_TRY(auto tx, body->db->begin_read());
  SK_TRY(auto log, LogTable::open(*tx, body->log_keys).context("opening the log of " + code));
  tx.reset();
  body->writer = std::make_unique<Writer>(*body->db, std::move(log), clock, options.writer);
  return body;
}

}  // namespace sekisho::gate
