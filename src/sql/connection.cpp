#include "sql/connection.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sqlite3.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "sql/log_vfs.h"

namespace sekisho::sql {

struct Slot {
  long long integer = 0;
  double real = 0;
  std::string text;
  std::unique_ptr<soci::blob> blob;
  soci::indicator indicator = soci::i_ok;
};

namespace {

// The connection settings that durability and isolation rest on. synchronous=NORMAL syncs at checkpoints and when the log starts anew;
// the sync of each commit is Db::sync()'s, off the connection. wal_autocheckpoint is off: Db::checkpoint() does it off the commit path.
// A new database has pages of 8 KiB: of records of two kilobytes three stand on one, where a page of 4 KiB holds one and is half empty.
constexpr const char* kPragmas[] = {
    "PRAGMA page_size=8192",    "PRAGMA journal_mode=WAL",  "PRAGMA synchronous=NORMAL",   "PRAGMA foreign_keys=ON",        "PRAGMA wal_autocheckpoint=0",
    "PRAGMA trusted_schema=OFF", "PRAGMA secure_delete=ON",    "PRAGMA temp_store=MEMORY",
};

// A writer keeps the pages of one batch; readers and the checkpoint find theirs in the system's cache.
constexpr const char* kCacheOfUse[] = {"PRAGMA cache_size=-16384", "PRAGMA cache_size=-2048", "PRAGMA cache_size=-256", "PRAGMA cache_size=-8192"};

std::string blob_bytes(soci::blob& blob) {
  std::string out(blob.get_len(), '\0');
  if (!out.empty()) blob.read(0, out.data(), out.size());
  return out;
}

class SociStatement final : public Statement {
 public:
  SociStatement(soci::session& session, std::string_view text, const std::vector<Parameter>& parameters, const std::vector<Column>& columns)
      : text_(text), statement_(session), columns_(columns) {
    for (const Parameter& p : parameters) {
      named_.push_back({p.name, p.column});
      Slot& slot = uses_.emplace_back();
      if (p.column == Column::blob) slot.blob = std::make_unique<soci::blob>(session);
      switch (p.column) {
        case Column::integer: statement_.exchange(soci::use(slot.integer, slot.indicator, p.name)); break;
        case Column::real: statement_.exchange(soci::use(slot.real, slot.indicator, p.name)); break;
        case Column::text: statement_.exchange(soci::use(slot.text, slot.indicator, p.name)); break;
        case Column::blob: statement_.exchange(soci::use(*slot.blob, slot.indicator, p.name)); break;
      }
    }
    for (const Column c : columns) {
      Slot& slot = intos_.emplace_back();
      if (c == Column::blob) slot.blob = std::make_unique<soci::blob>(session);
      switch (c) {
        case Column::integer: statement_.exchange(soci::into(slot.integer, slot.indicator)); break;
        case Column::real: statement_.exchange(soci::into(slot.real, slot.indicator)); break;
        case Column::text: statement_.exchange(soci::into(slot.text, slot.indicator)); break;
        case Column::blob: statement_.exchange(soci::into(*slot.blob, slot.indicator)); break;
      }
    }
    statement_.alloc();
    statement_.prepare(text_);
    statement_.define_and_bind();
  }

  std::string_view text() const { return text_; }
  bool takes(const std::vector<Parameter>& parameters, const std::vector<Column>& columns) const {
    const auto same = [](const Named& known, const Parameter& p) { return known.column == p.column && known.name == p.name; };
    return columns == columns_ && std::equal(named_.begin(), named_.end(), parameters.begin(), parameters.end(), same);
  }

  void execute(std::vector<Parameter>& parameters) override {
    auto slot = uses_.begin();
    for (Parameter& p : parameters) {
      slot->indicator = p.null ? soci::i_null : soci::i_ok;
      slot->integer = p.integer;
      slot->real = p.real;
      if (p.column == Column::blob) {
        slot->blob->trim(0);
        if (!p.text.empty()) slot->blob->write(0, p.text.data(), p.text.size());
      } else {
        slot->text = std::move(p.text);
      }
      ++slot;
    }
    statement_.execute(columns_.empty());
  }

  bool fetch() override {
    const bool more = statement_.fetch();
    if (!more) return false;
    std::size_t i = 0;
    for (Slot& slot : intos_)
      if (columns_[i++] == Column::blob) slot.text = slot.indicator == soci::i_null ? "" : blob_bytes(*slot.blob);
    return true;
  }

  std::int64_t affected() override { return statement_.get_affected_rows(); }
  const Slot& column(std::size_t index) const override { return intos_[index]; }

 private:
  struct Named {
    std::string name;
    Column column;
  };
  const std::string text_;
  std::vector<Named> named_;
  soci::statement statement_;
  std::vector<Column> columns_;
  std::deque<Slot> uses_;  // SOCI keeps the addresses
  std::deque<Slot> intos_;
};

}  // namespace

struct Connection::State {
  soci::session session;
  std::unordered_multimap<std::string_view, std::unique_ptr<SociStatement>> statements;  // by the text, which is theirs
  std::function<void()> begins;
  std::function<void(std::int64_t)> told;
};

Unexpected sql_error(const std::exception& e, std::string_view text) {
  // what() quotes the values of the parameters, which may be personal; the plain message does not.
  const auto* known = dynamic_cast<const soci::soci_error*>(&e);
  std::string detail = known == nullptr ? "database failure" : known->get_error_message();
  if (!text.empty()) detail += " in: " + std::string(text.substr(0, 120));
  const auto* failure = dynamic_cast<const soci::sqlite3_soci_error*>(&e);
  const int code = failure == nullptr ? SQLITE_ERROR : failure->result() & 0xff;
  switch (code) {
    case SQLITE_CONSTRAINT: return fail(Code::conflict, "sql.constraint", detail);
    case SQLITE_FULL: return fail(Code::unavailable, "storage.full", detail);
    case SQLITE_IOERR: return fail(Code::unavailable, "storage.io", detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return fail(Code::unavailable, "sql.busy", detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return fail(Code::corrupt, "sql.corrupt", detail);
    default: break;
  }
  // SOCI 4.0 gives constraint failures of prepared statements without their code.
  if (detail.find("constraint failed") != std::string::npos) return fail(Code::conflict, "sql.constraint", detail);
  if (detail.find("database or disk is full") != std::string::npos) return fail(Code::unavailable, "storage.full", detail);
  return fail(Code::internal, "sql.failed", detail);
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() {
  if (state_) state_->statements.clear();  // before the session they belong to
}

Result<std::unique_ptr<Connection>> Connection::open_sqlite(const std::string& path, Use use) {
  SK_CHECK(use_log_vfs());
  auto state = std::make_unique<State>();
  try {
    state->session.open(soci::sqlite3, "db=\"" + path + "\" timeout=10 shared_cache=false");
    if (use == Use::look) {
      auto* const backend = static_cast<soci::sqlite3_session_backend*>(state->session.get_backend());  // opened by its factory, just above
      if (sqlite3_db_config(backend->conn_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) != SQLITE_OK)
        return fail(Code::internal, "sql.failed", "cannot open for reading alone");
    }
    for (const char* pragma : kPragmas) state->session << pragma;
    state->session << kCacheOfUse[static_cast<std::size_t>(use)];
    if (use == Use::read || use == Use::look) state->session << "PRAGMA query_only=ON";
    if (use == Use::checkpoint) state->session << "PRAGMA busy_timeout=10";
  } catch (const std::exception& e) {
    return sql_error(e, "open");
  }
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

Status Connection::execute(const std::string& text) {
  try {
    state_->session << text;
    return ok();
  } catch (const std::exception& e) {
    return sql_error(e, text);
  }
}

Status Connection::step(const char* text) {
  SK_TRY(Statement* const statement, prepare(text, {}, {}));
  try {
    std::vector<Parameter> none;
    statement->execute(none);
    return ok();
  } catch (const std::exception& e) {
    auto failure = sql_error(e, text);
    forget(statement);
    return failure;
  }
}

Result<Statement*> Connection::prepare(std::string_view text, const std::vector<Parameter>& parameters, const std::vector<Column>& columns) {
  const auto [first, last] = state_->statements.equal_range(text);
  const auto known = std::find_if(first, last, [&](const auto& entry) { return entry.second->takes(parameters, columns); });
  if (known != last) return known->second.get();
  try {
    auto statement = std::make_unique<SociStatement>(state_->session, text, parameters, columns);
    const std::string_view key = statement->text();
    return state_->statements.emplace(key, std::move(statement))->second.get();
  } catch (const std::exception& e) {
    return sql_error(e, text);
  }
}

// After a failure the prepared statement may be half way through; it is dropped rather than trusted.
void Connection::forget(Statement* statement) {
  std::erase_if(state_->statements, [&](const auto& entry) { return entry.second.get() == statement; });
}

Result<Connection::LogPages> Connection::checkpoint() {
  int busy = 0;
  long long pages = 0;
  long long copied = 0;
  try {
    state_->session << "PRAGMA wal_checkpoint(PASSIVE)", soci::into(busy), soci::into(pages), soci::into(copied);
    return LogPages{std::max<std::int64_t>(pages, 0), std::max<std::int64_t>(copied, 0)};
  } catch (const std::exception& e) {
    return sql_error(e, "checkpoint");
  }
}

Status Connection::sync_log_with(const std::function<bool()>& sync) {
  auto* const backend = static_cast<soci::sqlite3_session_backend*>(state_->session.get_backend());
  sqlite_api::sqlite3_file* log = nullptr;
  static_cast<void>(sqlite3_file_control(backend->conn_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log));
  if (log == nullptr || log->pMethods == nullptr || log->pMethods->xFileControl(log, kSyncWith, const_cast<std::function<bool()>*>(&sync)) != SQLITE_OK)
    return fail(Code::internal, "sql.failed", "no write-ahead log to sync");
  return ok();
}

void Connection::on_commit(std::function<void()> begins, std::function<void(std::int64_t)> told) {
  state_->begins = std::move(begins);
  state_->told = std::move(told);
  auto* const backend = static_cast<soci::sqlite3_session_backend*>(state_->session.get_backend());
  sqlite_api::sqlite3_wal_hook(
      backend->conn_,
      [](void* state, sqlite_api::sqlite3*, const char*, int pages) {
        static_cast<State*>(state)->told(pages);
        return SQLITE_OK;
      },
      state_.get());
  sqlite_api::sqlite3_commit_hook(
      backend->conn_,
      [](void* state) {
        static_cast<State*>(state)->begins();
        return 0;
      },
      state_.get());
}

// SQLite knows one folder for the temporary files of the process, and only this ever makes one: everything else keeps its own in memory.
Status Connection::vacuum(const std::string& folder) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  if (folder.find('\'') != std::string::npos) return fail(Code::internal, "sql.failed", "a folder with a quote in its name");
  SK_CHECK(execute("PRAGMA temp_store_directory='" + folder + "'"));
  Status done = execute("PRAGMA temp_store=FILE");
  if (done) done = execute("VACUUM");
  const Status back = execute("PRAGMA temp_store=MEMORY");
  const Status unset = execute("PRAGMA temp_store_directory=''");
  if (!done) return done;
  return back ? unset : back;
}

Result<std::int64_t> Connection::page_bytes() {
  long long bytes = 0;
  try {
    state_->session << "PRAGMA page_size", soci::into(bytes);
    return bytes;
  } catch (const std::exception& e) {
    return sql_error(e, "page size");
  }
}

Status Connection::write_gently(int descriptor) {
  auto* const backend = static_cast<soci::sqlite3_session_backend*>(state_->session.get_backend());
  if (sqlite3_file_control(backend->conn_, "main", kUseDescriptor, &descriptor) != SQLITE_OK) return fail(Code::internal, "sql.failed", "no descriptor for the checkpoint");
  return ok();
}

namespace {

Result<bool> checkpoint_whole(soci::session& session, const char* pragma) {
  int busy = 0;
  try {
    session << pragma, soci::into(busy);
    return busy == 0;
  } catch (const std::exception& e) {
    return sql_error(e, "checkpoint");
  }
}

}  // namespace

Result<bool> Connection::truncate_log() { return checkpoint_whole(state_->session, "PRAGMA wal_checkpoint(TRUNCATE)"); }
Result<bool> Connection::restart_log() { return checkpoint_whole(state_->session, "PRAGMA wal_checkpoint(RESTART)"); }

// Query: the typed face of a statement.
Query::Query(Connection& connection, std::string_view text) : connection_(&connection), text_(text) {
  constexpr std::size_t kMost = 8;  // that nearly every statement takes
  parameters_.reserve(kMost);
}
Query::Query(Query&&) noexcept = default;
Query::~Query() = default;

Query& Query::bind(std::string_view name, std::int64_t value) {
  parameters_.push_back({std::string(name), Column::integer, false, value, 0, {}});
  return *this;
}
Query& Query::bind(std::string_view name, double value) {
  parameters_.push_back({std::string(name), Column::real, false, 0, value, {}});
  return *this;
}
Query& Query::bind(std::string_view name, std::string_view value) { return bind(name, std::string(value)); }
Query& Query::bind(std::string_view name, std::string&& value) {
  parameters_.push_back({std::string(name), Column::text, false, 0, 0, std::move(value)});
  return *this;
}
Query& Query::bind(std::string_view name, Blob&& value) {
  parameters_.push_back({std::string(name), Column::blob, false, 0, 0, std::move(value.bytes)});
  return *this;
}
Query& Query::bind_null(std::string_view name, Column column) {
  parameters_.push_back({std::string(name), column, true, 0, 0, {}});
  return *this;
}

Result<std::int64_t> Query::run() {
  SK_CHECK(start({}));
  return statement_->affected();
}

Status Query::start(std::vector<Column> columns) {
  SK_TRY(statement_, connection_->prepare(text_, parameters_, columns));
  try {
    statement_->execute(parameters_);
    return ok();
  } catch (const std::exception& e) {
    auto failure = sql_error(e, text_);
    connection_->forget(statement_);
    statement_ = nullptr;
    return failure;
  }
}

Result<bool> Query::fetch() {
  try {
    return statement_->fetch();
  } catch (const std::exception& e) {
    auto failure = sql_error(e, text_);
    connection_->forget(statement_);
    return failure;
  }
}

bool Query::is_null(std::size_t index) const { return statement_->column(index).indicator == soci::i_null; }
std::int64_t Query::integer(std::size_t index) const { return statement_->column(index).integer; }
double Query::real(std::size_t index) const { return statement_->column(index).real; }
std::string Query::text(std::size_t index) const { return statement_->column(index).text; }
Blob Query::blob(std::size_t index) const { return {statement_->column(index).text}; }

}  // namespace sekisho::sql
