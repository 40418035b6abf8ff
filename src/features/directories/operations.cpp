#include "features/directories/operations.h"

#include "directory/directory.h"

namespace sekisho::directories {
namespace {

constexpr std::size_t kMaxPasswordFile = 4096;

Result<directory::Server> server_of(const Record& record) {
  directory::Server out;
  out.url = record.url;
  out.start_tls = record.start_tls;
  out.ca_file = record.ca_file;
  out.user_dn = record.user_dn.value_or("");
  out.base = record.base.value_or("");
  out.filter = record.filter.value_or("");
  out.service_dn = record.service_dn.value_or("");
  out.timeout_ms = record.timeout_ms;
  if (record.service_password_file) {
    SK_TRY(std::string password, read_file(*record.service_password_file, kMaxPasswordFile));
    while (!password.empty() && (password.back() == '\n' || password.back() == '\r')) password.pop_back();
    out.service_password = Secret(std::move(password));
  }
  return out;
}

Result<Record> record_of(sql::Db& db) {
  SK_TRY(auto tx, db.begin_read());
  SK_TRY(auto record, Table::get(*tx));
  if (!record) return fail(Code::conflict, "directory.none", "the body has no directory");
  return std::move(*record);
}

Result<Nothing> set(gate::Context& context, Record& in) {
  SK_TRY(const auto server, server_of(in));
  SK_CHECK(directory::check(server));
  SK_CHECK(Table::put(context.tx, in));
  return Nothing{};
}

Result<Record> describe(gate::Context& context, Nothing&) {
  SK_TRY(auto record, Table::get(context.tx));
  if (!record) return fail(Code::not_found, "directory.none", "the body has no directory");
  return std::move(*record);
}

Status prepare_test(gate::Preparation& preparation, Nothing&) {
  SK_TRY(const Record record, record_of(*preparation.body.db));
  SK_TRY(const auto server, server_of(record));
  return directory::reach(server);
}

}  // namespace

Result<bool> right_password(sql::Db& db, std::string_view login, const Secret& password) {
  SK_TRY(const Record record, record_of(db));
  SK_TRY(const auto server, server_of(record));
  return directory::right_password(server, login, password);
}

void register_operations(gate::Registry& registry, FindLogin find_login) {
  registry.add(gate::Operation<Record, Nothing>{"directory.set", "団体のディレクトリを登録する", "directory.manage", gate::Access::write, 16384, gate::no_preparation<Record>(), set});
  registry.add(gate::Operation<Nothing, Record>{"directory.describe", "団体のディレクトリを見る", "directory.manage", gate::Access::read, 1024, gate::no_preparation<Nothing>(), describe});
  registry.add(gate::Operation<Nothing, TestOut>{"directory.test", "団体のディレクトリにつながるか試す", "directory.manage", gate::Access::write, 1024, prepare_test,
                                                 [](gate::Context&, Nothing&) -> Result<TestOut> { return TestOut{true}; }});
  registry.add(gate::Operation<AssignIn, Nothing>{"directory.assign", "職員のパスワードをディレクトリで確かめる", "directory.manage", gate::Access::write, 1024, gate::no_preparation<AssignIn>(),
                                                  [find_login](gate::Context& context, AssignIn& in) -> Result<Nothing> {
                                                    SK_TRY(const auto person, find_login(context.tx, in.login));
                                                    if (!person) return fail(Code::not_found, "accounts.not_found", "no such login");
                                                    context.about(person->str());
                                                    SK_CHECK(Table::assign(context.tx, *person, in.uses));
                                                    return Nothing{};
                                                  }});
}

}  // namespace sekisho::directories
