// One engine connection with its prepared statements. Private to the module; not thread-safe.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sql/db.h"

namespace soci {
class session;
}

namespace sekisho::sql {

struct Slot;

class Statement {
 public:
  virtual ~Statement() = default;
  virtual void execute(std::vector<Parameter>& parameters) = 0;  // takes their values
  virtual bool fetch() = 0;
  virtual std::int64_t affected() = 0;
  virtual const Slot& column(std::size_t index) const = 0;
};

// What a connection is for decides how many pages it may keep: every connection has a cache of its own, and each grows to its bound.
enum class Use { write, read, checkpoint, look };  // look: read what another program may have open

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open_sqlite(const std::string& path, Use use);
  ~Connection();
  Status execute(const std::string& text);
  // The same for what every transaction says: prepared once.
  Status step(const char* text);
  // The cached statement for this text and these types, ready to run.
  Result<Statement*> prepare(std::string_view text, const std::vector<Parameter>& parameters, const std::vector<Column>& columns);
  void forget(Statement* statement);
  Result<std::int64_t> page_bytes();  // of the database as it was made
  // Copies what it can without waiting for anybody; returns how many pages the write-ahead log holds, and how many of them are copied.
  struct LogPages {
    std::int64_t pages = 0;
    std::int64_t copied = 0;
  };
  Result<LogPages> checkpoint();
  // Hands what checkpoints write to the disk bit by bit (data_file.h). The descriptor is one of the database file and outlives the connection.
  Status write_gently(int descriptor);
  // What syncs of the write-ahead log this connection asks for, from now on; false: the disk does not have it. `sync` outlives the connection.
  Status sync_log_with(const std::function<bool()>& sync);
  // Called for every commit of this connection, on its thread: before others can see it, and then with the number of pages in the write-ahead log.
  void on_commit(std::function<void()> begins, std::function<void(std::int64_t pages)> told);
  // Copies the rest and lets the next writer begin the log anew; false: a reader still needs it. The caller keeps writers away, so it waits for
  // readers no longer than writers may be kept.
  Result<bool> restart_log();
  // Writes every page anew, with temporary files in this folder. The caller keeps writers away.
  Status vacuum(const std::string& folder);
  // Copies everything and cuts the log to nothing; false: a reader still needs it.
  Result<bool> truncate_log();

 private:
  struct State;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

Unexpected sql_error(const std::exception& e, std::string_view text);

}  // namespace sekisho::sql
