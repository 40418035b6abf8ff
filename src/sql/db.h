// SQL façade: Db -> Tx -> Query. Hides SOCI and the engine; SQL text lives in each table's table.cpp and in migrations.
//
// Threads: a Db may be shared; a Tx belongs to the thread that began it. One write transaction at a time (the gate's writer thread);
// readers see the last commit (WAL snapshots) and never wait for it. Durability is a step of its own: commit() waits for the disk,
// commit_unsynced() does not, and is durable once a sync() that began after it has returned. So that the next transaction may run while the
// disk works on this one; whoever uses it tells nobody "done" before the sync.
// Errors: `sql.*` keys; a full disk is `storage.full` (unavailable); a constraint is `sql.constraint` (conflict); never read as "no rows".
// Statements are cached per connection by their text, so pass string literals; parameters are bound by name (":name") and nothing else.
//
//   SK_TRY(auto rows, tx.query(kFind).bind("id", id).all<std::string, std::int64_t>());
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/id.h"
#include "core/result.h"
#include "core/time.h"

namespace sekisho::sql {

struct Blob {
  std::string bytes;
};

enum class Column { integer, real, text, blob };

class Connection;  // connection.h
class Statement;

struct Parameter {
  std::string name;
  Column column = Column::integer;
  bool null = false;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;  // text or blob bytes
};

class Query {
 public:
  Query(Connection& connection, std::string_view text);
  Query(Query&&) noexcept;
  ~Query();

  Query& bind(std::string_view name, std::int64_t value);
  Query& bind(std::string_view name, int value) { return bind(name, static_cast<std::int64_t>(value)); }
  Query& bind(std::string_view name, std::uint32_t value) { return bind(name, static_cast<std::int64_t>(value)); }
  Query& bind(std::string_view name, bool value) { return bind(name, static_cast<std::int64_t>(value ? 1 : 0)); }
  Query& bind(std::string_view name, double value);
  Query& bind(std::string_view name, std::string_view value);
  Query& bind(std::string_view name, const char* value) { return bind(name, std::string_view(value)); }
  Query& bind(std::string_view name, const std::string& value) { return bind(name, std::string_view(value)); }
  Query& bind(std::string_view name, std::string&& value);
  Query& bind(std::string_view name, const Blob& value) { return bind(name, Blob(value)); }
  Query& bind(std::string_view name, Blob&& value);
  Query& bind(std::string_view name, Timestamp value) { return bind(name, value.micros); }
  template <class Tag>
  Query& bind(std::string_view name, const Id<Tag>& value) {
    return bind(name, std::string_view(value.str()));
  }
  template <class T>
  Query& bind(std::string_view name, const std::optional<T>& value) {
    return value ? bind(name, *value) : bind_null(name, column_of<T>());
  }

  // For INSERT, UPDATE, DELETE: the number of rows touched.
  Result<std::int64_t> run();
  // For SELECT. Column types: std::int64_t, int, bool, double, std::string, Blob, Timestamp, Id<Tag>, and std::optional of these.
  template <class... Cols>
  Result<std::vector<std::tuple<Cols...>>> all() {
    SK_CHECK(start({column_of<Cols>()...}));
    std::vector<std::tuple<Cols...>> out;
    for (;;) {
      SK_TRY(const bool more, fetch());
      if (!more) return out;
      SK_TRY(auto row, row_of<Cols...>(std::index_sequence_for<Cols...>{}));
      out.push_back(std::move(row));
    }
  }
  // At most one row; more is an internal error.
  template <class... Cols>
  Result<std::optional<std::tuple<Cols...>>> maybe_one() {
    SK_TRY(auto rows, all<Cols...>());
    if (rows.empty()) return std::optional<std::tuple<Cols...>>();
    if (rows.size() > 1) return fail(Code::internal, "sql.rows", "one row expected");
    return std::optional<std::tuple<Cols...>>(std::move(rows.front()));
  }
  template <class... Cols>
  Result<std::tuple<Cols...>> one() {
    SK_TRY(auto row, maybe_one<Cols...>());
    if (!row) return fail(Code::internal, "sql.rows", "no row where one must be");
    return std::move(*row);
  }

 private:
  template <class T>
  struct Tag {};
  template <class T>
  static constexpr Column column_of() {
    if constexpr (requires { typename T::value_type; } && !std::is_same_v<T, std::string>) return column_of<typename T::value_type>();
    else if constexpr (std::is_integral_v<T> || std::is_same_v<T, Timestamp>) return Column::integer;
    else if constexpr (std::is_floating_point_v<T>) return Column::real;
    else if constexpr (std::is_same_v<T, Blob>) return Column::blob;
    else return Column::text;
  }
  Query& bind_null(std::string_view name, Column column);
  Status start(std::vector<Column> columns);
  Result<bool> fetch();
  bool is_null(std::size_t index) const;
  std::int64_t integer(std::size_t index) const;
  double real(std::size_t index) const;
  std::string text(std::size_t index) const;
  Blob blob(std::size_t index) const;

  template <class T>
  T value(std::size_t index, Tag<T>) const {
    if constexpr (std::is_same_v<T, bool>) return integer(index) != 0;
    else if constexpr (std::is_integral_v<T>) return static_cast<T>(integer(index));
    else if constexpr (std::is_floating_point_v<T>) return static_cast<T>(real(index));
    else if constexpr (std::is_same_v<T, Timestamp>) return Timestamp{integer(index)};
    else if constexpr (std::is_same_v<T, Blob>) return blob(index);
    else if constexpr (std::is_same_v<T, std::string>) return text(index);
    else return T::trusted(text(index));
  }
  template <class T>
  std::optional<T> value(std::size_t index, Tag<std::optional<T>>) const {
    if (is_null(index)) return std::nullopt;
    return value(index, Tag<T>{});
  }
  template <class T>
  static constexpr bool nullable(Tag<T>) {
    return false;
  }
  template <class T>
  static constexpr bool nullable(Tag<std::optional<T>>) {
    return true;
  }
  template <class... Cols, std::size_t... I>
  Result<std::tuple<Cols...>> row_of(std::index_sequence<I...>) {
    if (((is_null(I) && !nullable(Tag<Cols>{})) || ...)) return fail(Code::corrupt, "sql.null", "a column without value where one must be");
    return std::tuple<Cols...>(value(I, Tag<Cols>{})...);
  }

  Connection* connection_;
  std::string_view text_;
  std::vector<Parameter> parameters_;
  Statement* statement_ = nullptr;
};

// A transaction on one connection. Without commit() it rolls back when it goes.
class Tx {
 public:
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;
  ~Tx();
  Query query(std::string_view text) { return Query(*connection_, text); }
  bool writes() const { return writes_; }
  Status commit();           // and durable
  Status commit_unsynced();  // seen by readers, durable after the next Db::sync()
  // Nested step of the group commit: everything since savepoint() is kept by release() or undone by undo().
  Status savepoint();
  Status release();
  Status undo();

 private:
  friend class Db;
  Tx(Connection* connection, bool writes, std::function<void()> done, std::function<Status()> sync)
      : connection_(connection), writes_(writes), done_(std::move(done)), sync_(std::move(sync)) {}
  Connection* connection_;
  const bool writes_;
  std::function<void()> done_;
  std::function<Status()> sync_;
  bool open_ = true;
};

struct Migration {
  int number;
  std::string_view name;
  std::string_view text;
};

class Db {
 public:
  struct Options {
    std::size_t readers = 4;  // connections kept for read transactions
    std::function<int(int fd)> sync_file;  // fdatasync(2) unless a test breaks the disk
    // Space of the write-ahead log that is written beforehand, in bytes: into it a commit syncs its own blocks alone, where a file that grows needs
    // its length on the disk too. For who commits often; it stays taken while the Db is open. A disk without that room is no error.
    std::uint64_t log_ahead_bytes = 0;
  };
  // Creates the file when it is not there.
  static Result<std::unique_ptr<Db>> open_sqlite(const std::string& path, Options options);
  // Readers alone, of a file that is there: also while another program has it open. WAL readers see whole commits and hold up no writer;
  // closing leaves the write-ahead log as it is. begin_write(), sync(), migrate(), checkpoint() and rewrite() are refused: internal "sql.reading".
  static Result<std::unique_ptr<Db>> open_sqlite_reading(const std::string& path);
  ~Db();

  Result<std::unique_ptr<Tx>> begin_write();
  Result<std::unique_ptr<Tx>> begin_read();
  // Everything committed before this call is on the disk when it returns. Several threads may sync at once: what one waits for does not
  // delay another. After a failure the disk's state is unknown and stays so: every further sync fails, until the program starts anew.
  Status sync();
  // Applies what is missing, in order, each in its own transaction. A schema newer than the program's refuses to start, and so does data that a step
  // says it cannot carry over ("--refuse KEY: QUERY" of one integer column, in a line of its own): unavailable with that key, nothing of the step done.
  Status migrate(const std::vector<Migration>& migrations);
  // Whether every step was applied and none is unknown: unavailable "sql.schema_older" or "sql.schema_newer" if not.
  Status migrated(const std::vector<Migration>& migrations);
  // What the engine's own check of the file finds wrong, at most 20 lines; nothing is good. Reads the whole file.
  Result<std::vector<std::string>> faults();
  // Moves the write-ahead log into the database file; called by a thread of its own so that commits never stall on it. While one is running,
  // begin_write() waits a little once the log is over 96 MiB, and for its end at 144 MiB: so it stays about that long, however slow the disk is.
  Status checkpoint();
  // Bytes of the write-ahead log: from here on a checkpoint makes it begin anew, and is worth making at once.
  static constexpr std::uint64_t kLongLog = 48 << 20;
  // Writes the whole database anew and empties the write-ahead log: what was deleted is then in no free page, in no page's slack and in no log.
  // Writers wait as long as it takes (about two copies of the file), readers go on; needs as much space again, in the database's own folder.
  // unavailable "sql.busy" when a reader held the log for half a minute: deleted rows may still be in it, call again.
  Status rewrite();

  // Copying the file while it is in use. An extent is what a copy goes by; the last one of a file may be shorter.
  static constexpr std::size_t kExtentBytes = 65536;
  struct Copying {
    // An extent's content. May be called more than once for the same one: the last call counts.
    std::function<Status(std::uint64_t extent, std::string_view bytes)> extent;
    // Just before the moment that the copy will show.
    std::function<Status()> before;
    // The database as it was at that moment, read by a transaction of its own. While it runs the write-ahead log cannot be shortened.
    std::function<Status(Tx& tx)> after;
  };
  // Hands out the extents that changed since the last copy (all, the first time), so that they and the earlier ones are the database as it was at one
  // moment: a file that needs no write-ahead log. Returns its length in bytes. Nobody waits for it but another copy; it is slow as long as the
  // functions are. After a failure, and after forget_copy(), the next copy hands out everything.
  Result<std::uint64_t> copy(const Copying& copying);
  void forget_copy();
  // Whether copy() would hand out anything.
  bool changed_since_copy() const;
  std::uint64_t log_bytes() const;  // what the write-ahead log holds

 private:
  struct State;
  explicit Db(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Expands the type words of a migration: {id} {text} {int} {real} {blob} {time} {bool} {serial} {strict}.
std::string expand_types_sqlite(std::string_view migration);

}  // namespace sekisho::sql
