#include "features/accounts/staff_import.h"

#include "crypto/hash.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "features/accounts/appointments.h"
#include "features/accounts/contractors.h"
#include "features/accounts/staff.h"

namespace sekisho::accounts {
namespace {

constexpr std::size_t kMaxContent = 4u << 20;
constexpr std::size_t kMaxFile = 3u << 20;
constexpr int kUsualClearance = 2;

struct World {
  StaffWords words;
  std::map<std::string, bodies::UnitId> units;  // by code
  std::vector<KnownPerson> people;
  std::map<std::string, StaffRecord> records;   // by account id
};

using Powers = std::set<std::string>;

Result<StaffWords> words_of_body(sql::Tx& tx, World& world, const Powers& credential_powers, Timestamp now) {
  StaffWords out;
  SK_TRY(const auto units, bodies::Table::unit_rows(tx));
  for (const auto& unit : units) {
    if (!unit.in_force(now)) continue;
    out.units[unit.code] = out.units[unit.name] = unit.code;
    world.units[unit.code] = unit.id;
  }
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  for (const auto& role : roles) out.roles[role.code] = out.roles[role.name] = role.code;
  SK_TRY(const auto profile, bodies::Table::profile(tx));
  out.levels = static_cast<int>(profile.profile.confidentiality.size());
  SK_TRY(const auto version, bodies::Table::version_in_force(tx));
  if (!version) return out;
  SK_TRY(const auto file, json::read_text<bodies::ProfileFile>(version->document));
  for (const auto& category : file.staff_categories) {
    out.categories[category.code] = out.categories[category.name] = category.code;
    if (category.contractor) out.contractors.insert(category.code);
  }
  SK_TRY(out.credential_roles, roles_with_any(tx, credential_powers));
  return out;
}

Result<World> look(sql::Tx& tx, const Powers& credential_powers, Timestamp now) {
  World out;
  SK_TRY(out.words, words_of_body(tx, out, credential_powers, now));
  SK_TRY(const auto all_units, bodies::Table::units(tx));
  std::map<std::string, std::string> codes;
  for (const auto& unit : all_units) codes[unit.id.str()] = unit.code;
  SK_TRY(const auto posts, bodies::Table::appointments_open(tx, now));
  std::map<std::string, std::vector<KnownPost>> by_person;
  for (const auto& a : posts)
    by_person[a.person_id.str()].push_back({codes[a.unit_id.str()], a.role, a.from_at, a.to_at, a.kind == bodies::AppointmentKind::main});
  SK_TRY(auto staff, StaffTable::all(tx));
  for (StaffRecord& record : staff) {
    const std::string id = record.id.str();
    out.people.push_back({id, record.login, record.name, record.number, record.category, record.clearance, std::move(by_person[id])});
    out.records.emplace(id, std::move(record));
  }
  return out;
}

struct Read {
  World world;
  StaffPlan plan;
  StaffPreview preview;
};

void count(const StaffPlan& plan, StaffCounts& out) {
  for (const Planned& p : plan.changes) {
    switch (p.shown.kind) {
      case StaffChange::joins: ++out.joins; break;
      case StaffChange::returns: ++out.returns; break;
      case StaffChange::changes: ++out.changes; break;
      case StaffChange::moves: ++out.moves; break;
      case StaffChange::leaves: ++out.leaves; break;
    }
  }
  out.same = plan.same;
  out.refused = static_cast<int>(plan.refused.size());
}

Result<Read> read(gate::Context& context, const StaffImportIn& in, const Powers& credential_powers) {
  Read out;
  SK_TRY(const std::string bytes, from_base64(in.content.reveal()));
  if (bytes.size() > kMaxFile) return fail(Code::too_large, "import.too_many", "more than 3 MiB");
  context.note("sha256", json::to_value(to_hex(crypto::sha256(bytes))));
  SK_TRY(out.world, look(context.tx, credential_powers, context.now));
  SK_TRY(const StaffFile file, read_staff(bytes, in.encoding.value_or(""), out.world.words));
  PlanOptions options{jst_date(context.now), in.complete.value_or(false), context.permit().person().user_id, context.now};
  if (in.day) {
    SK_TRY(options.day, bodies::parse_day(*in.day));
  }
  out.plan = plan_staff(file, out.world.people, options);
  StaffPreview& preview = out.preview;
  preview.encoding = file.encoding;
  preview.encoding_certain = file.encoding_certain;
  preview.refused = out.plan.refused;
  for (const Planned& p : out.plan.changes) preview.changes.push_back(p.shown);
  count(out.plan, preview.counts);
  preview.plan = to_hex(crypto::sha256(bytes + json::canonical(json::to_value(preview.changes)) + json::canonical(json::to_value(preview.refused))));
  context.note("counts", json::to_value(preview.counts));
  return out;
}

Status take(gate::Context& context, const World& world, const Planned& p, const std::string& hash, const PostsChanged& changed) {
  const StaffRow& row = p.row;
  AccountId id;
  if (p.person.empty()) {
    Account account;
    account.id = id = context.new_id<AccountTag>();
    account.login = row.login;
    account.name = row.name;
    account.unit_id = world.units.at(row.unit);
    account.clearance = row.clearance.value_or(std::min(kUsualClearance, world.words.levels));
    account.enabled = true;
    account.password = hash;
    account.must_change = true;
    SK_CHECK(Table::insert(context.tx, account, context.now));
    SK_CHECK(StaffTable::put(context.tx, id, row.number, row.category));
  } else {
    id = AccountId::trusted(p.person);
    if (!p.shown.differences.empty()) {
      StaffRecord record = world.records.at(p.person);
      record.login = row.login;
      record.name = row.name;
      record.clearance = row.clearance.value_or(record.clearance);
      SK_CHECK(StaffTable::set_person(context.tx, record));
      SK_CHECK(StaffTable::put(context.tx, id, row.number, row.category.empty() ? record.category : row.category));
    }
  }
  if (p.posted) {
    SK_CHECK(set_main(context, id, world.units.at(row.unit), row.roles, p.at, "import " + p.shown.day));
    SK_CHECK(StaffTable::set_unit(context.tx, id, world.units.at(row.unit)));
  }
  if (p.end) {
    SK_CHECK(end_all(context, id, *p.end));
    SK_CHECK(changed(context, *p.end <= context.now ? &id : nullptr));
  }
  return ok();
}

Result<StaffPreview> preview(gate::Context& context, StaffImportIn& in, const Powers& credential_powers) {
  SK_TRY(Read all, read(context, in, credential_powers));
  return std::move(all.preview);
}

Result<StaffPreview> take_list(gate::Context& context, StaffImportIn& in, const Powers& credential_powers, const PostsChanged& changed) {
  SK_TRY(Read all, read(context, in, credential_powers));
  if (!in.expect || *in.expect != all.preview.plan) return fail(Code::conflict, "import.plan_changed", "not the plan that was shown");
  // A list that names everybody must be whole: a refused row would look like somebody who left.
  if (!all.plan.refused.empty() && (!in.skip_refused.value_or(false) || in.complete.value_or(false)))
    return fail(Code::invalid_argument, "import.refused_rows", std::to_string(all.plan.refused.size()) + " rows, the first in line " + std::to_string(all.plan.refused.front().line));
  // Logins may change hands within a list: those that are given up come first.
  for (const Planned& p : all.plan.changes)
    if (!p.person.empty()) SK_CHECK(take(context, all.world, p, in.hash, changed));
  for (const Planned& p : all.plan.changes)
    if (p.person.empty()) SK_CHECK(take(context, all.world, p, in.hash, changed));
  return std::move(all.preview);
}

}  // namespace

gate::Operation<StaffImportIn, StaffPreview> preview_staff(std::set<std::string> credential_powers) {
  return {"users.import_preview", "職員の名簿から変わることを見る", "users.import", gate::Access::read, kMaxContent, gate::no_preparation<StaffImportIn>(),
          [powers = std::move(credential_powers)](gate::Context& context, StaffImportIn& in) { return preview(context, in, powers); }};
}

Status end_sessions(gate::Context& context, const AccountId* left) { return left == nullptr ? ok() : Table::delete_sessions_of(context.tx, *left); }

gate::Operation<StaffImportIn, StaffPreview> import_staff(std::set<std::string> credential_powers, PostsChanged changed) {
  return {"users.import", "職員の名簿を取り込む", "users.import", gate::Access::write, kMaxContent,
          [](gate::Preparation&, StaffImportIn& in) -> Status {
            // One hash for all: nobody knows the password, and a login takes as long as any other.
            SK_TRY(in.hash, crypto::password_hash(crypto::random_token()));
            return ok();
          },
          [powers = std::move(credential_powers), changed = std::move(changed)](gate::Context& context, StaffImportIn& in) -> Result<StaffPreview> {
            SK_CHECK(changed(context, nullptr));
            return take_list(context, in, powers, changed);
          }};
}

}  // namespace sekisho::accounts
