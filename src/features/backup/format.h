// What a backup consists of, as bytes. Pure: no files, no keys. Threads: any.
//
//   <folder>/bodies/<code>/    of one body; <folder>/shared/: of what lies beside the bodies. Each is a store of its own, with a key of its own:
//     store                    JSON {"format","id","key"}: the store's key, sealed under the backup key
//     swept                    another text after every time that chunks were taken away
//     chunks/ab/<64 hex>       "SKC1", then content sealed under the store's key. Its name is the content's hash, keyed: the same content is one file
//     sets/<time>-<kind>.set   "SKS1", then a sealed Manifest. Written last, under its name in one step: without it there is no backup
//
// A Manifest names chunks directly (files) or through lists: the database is a list of extents (sql::Db::kExtentBytes each), kept as chunks of kListed
// names; the originals are groups by the first two digits of their id, each group's list a chunk. So a set that changes little writes little.
// <time> is "20261126T031500.123456Z" (UTC): names in order are times in order.
// Failures: corrupt "backup.corrupt" for everything that is not such bytes.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "json/json.h"

namespace sekisho::backup {

inline constexpr int kFormat = 1;
inline constexpr std::string_view kChunkMagic = "SKC1";
inline constexpr std::string_view kSetMagic = "SKS1";
inline constexpr std::size_t kMaxChunk = 64u << 20;    // of content; lists of a great many originals are the longest
inline constexpr std::size_t kFileChunk = 1u << 20;    // files are cut into these
inline constexpr std::size_t kListed = 1024;           // names in one list of the database
inline constexpr std::size_t kMaxManifest = 256u << 20;
inline constexpr std::size_t kGroups = 256;

using ChunkId = Hash;

struct StoreFile {
  int format = 0;
  std::string id;   // 32 hex digits
  std::string key;  // base64
};
BOOST_DESCRIBE_STRUCT(StoreFile, (), (format, id, key))

struct FileEntry {
  std::string path;  // relative, with '/'
  std::int64_t bytes = 0;
  std::vector<std::string> chunks;  // names, hex
};
BOOST_DESCRIBE_STRUCT(FileEntry, (), (path, bytes, chunks))

struct TableDigest {
  static constexpr const char* kSchemaName = "BackupTable";
  std::string name;
  std::int64_t rows = 0;
  std::string sha256;  // of every row in order
};
BOOST_DESCRIBE_STRUCT(TableDigest, (), (name, rows, sha256))

struct DatabaseEntry {
  std::int64_t bytes = 0;
  std::vector<std::string> lists;
  std::int64_t schema = 0;          // number of the newest migration
  std::vector<TableDigest> tables;  // empty: not counted for this set
};
BOOST_DESCRIBE_STRUCT(DatabaseEntry, (), (bytes, lists, schema, tables))

struct OriginalsEntry {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  std::map<std::string, std::string> groups;  // two digits -> the list's name
};
BOOST_DESCRIBE_STRUCT(OriginalsEntry, (), (count, bytes, groups))

struct LogEntry {
  std::int64_t size = 0;
  std::string checkpoint;  // newest signed head (C2SP); empty: none was signed
};
BOOST_DESCRIBE_STRUCT(LogEntry, (), (size, checkpoint))

struct Manifest {
  int format = 0;
  std::string program;  // version
  std::string body;     // code; empty: what lies beside the bodies
  std::string name;     // of the body
  std::string kind;     // full, tick
  Timestamp at;         // the moment that it shows
  std::string label;    // highest of all content, as policy::encode writes it
  std::optional<DatabaseEntry> database;
  OriginalsEntry originals;
  std::vector<FileEntry> files;
  std::optional<LogEntry> log;
  std::int64_t new_bytes = 0;  // that this set added
  std::int64_t took_ms = 0;
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (format, program, body, name, kind, at, label, database, originals, files, log, new_bytes, took_ms))

Result<Manifest> read_manifest(std::string_view json);

// Lists. Encodings of equal lists are equal bytes.
std::string encode_ids(const std::vector<ChunkId>& ids);
Result<std::vector<ChunkId>> decode_ids(std::string_view bytes);
std::string encode_group(const std::vector<FileEntry>& originals);  // sorted by path (the id)
Result<std::vector<FileEntry>> decode_group(std::string_view bytes);

Result<ChunkId> parse_chunk_id(std::string_view hex);
// A path that stays below the folder it is put under, in the form that restoring accepts.
bool safe_path(std::string_view path);

struct SetName {
  Timestamp at;
  std::string kind;
};
std::string set_name(Timestamp at, std::string_view kind);
Result<SetName> parse_set_name(std::string_view file_name);

// The moment that --at names: "2026-11-26T12:34" (JST; the whole minute counts), "2026-11-26T12:34:56", or RFC 3339 with a zone.
Result<Timestamp> parse_moment(std::string_view text);

// A key as people write it down: groups of four of base32 with a check; spaces, hyphens and case do not matter when it is read.
std::string key_text(std::string_view key);
Result<std::string> parse_key_text(std::string_view text);

}  // namespace sekisho::backup
