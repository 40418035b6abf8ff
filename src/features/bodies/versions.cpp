#include "features/bodies/versions.h"

#include <algorithm>
#include <charconv>

#include "features/bodies/dates.h"

namespace sekisho::bodies {
namespace {

constexpr std::size_t kMaxDocument = 1u << 20;
constexpr std::size_t kMaxNote = 2000;

VersionView view_of(const VersionRow& v) {
  return {v.number, v.state, v.note, v.drafted_by, v.drafted_at, v.confirmed_by, v.confirmed_at, v.exception, v.started_by, v.started_at, v.ended_at};
}

Result<ProfileFile> document_of(const VersionRow& row) { return json::read_text<ProfileFile>(row.document); }

Unexpected cannot_follow(const std::string& what) { return fail(Code::conflict, "bodies.cannot_follow", what); }

// Labels hold ranks and segment bits, records hold codes: what they refer to must not move under them.
Status check_successor(sql::Tx& tx, const ProfileFile& before, const ProfileFile& after, Timestamp now) {
  SK_CHECK(scheme_change(before, after));
  for (std::size_t n = 0; n < before.segments.size(); ++n)
    if (n >= after.segments.size() || after.segments[n].code != before.segments[n].code)
      return cannot_follow("$.segments[" + std::to_string(n) + "]: '" + before.segments[n].code + "' keeps its place");
  for (const Role& role : before.roles) {
    if (std::any_of(after.roles.begin(), after.roles.end(), [&](const Role& r) { return r.code == role.code; })) continue;
    SK_TRY(const bool used, Table::role_in_use(tx, role.code, now));
    if (used) return cannot_follow("$.roles: '" + role.code + "' is held by somebody");
  }
  return ok();
}

std::optional<Timestamp> instant(const std::optional<std::string>& day, Timestamp (*edge)(const CivilDate&)) {
  if (!day) return std::nullopt;
  const auto parsed = parse_day(*day);
  return parsed ? std::optional(edge(*parsed)) : std::nullopt;
}

Status put_units(gate::Context& context, const ProfileFile& file) {
  SK_TRY(const auto present, Table::unit_rows(context.tx));
  std::map<std::string, UnitRow> by_code;
  for (const UnitRow& row : present) by_code[row.code] = row;
  std::set<std::string> kept;
  for (std::size_t n = 0; n < file.units.size(); ++n) {
    const UnitIn& in = file.units[n];
    UnitRow& row = by_code[in.code];
    if (row.id.empty()) row.id = context.new_id<UnitTag>();
    row.code = in.code;
    row.name = in.name;
    row.kind = in.kind;
    row.position = static_cast<int>(n);
    row.parent_id = in.parent ? std::optional(by_code[*in.parent].id) : std::nullopt;
    row.from_at = instant(in.from, begin_of);
    row.to_at = instant(in.to, end_of);
    kept.insert(in.code);
    SK_CHECK(Table::put_unit(context.tx, row));
  }
  // A unit that the profile no longer names is closed from now on.
  for (auto& [code, row] : by_code)
    if (!kept.contains(code) && row.in_force(context.now)) {
      row.to_at = context.now;
      SK_CHECK(Table::put_unit(context.tx, row));
    }
  return ok();
}

Status put_in_force(gate::Context& context, const ProfileFile& file) {
  SK_CHECK(Table::put_profile(context.tx, file.name, file));
  SK_CHECK(put_units(context, file));
  SK_TRY(const auto roles, Table::roles(context.tx));
  for (const Role& role : roles)
    if (std::none_of(file.roles.begin(), file.roles.end(), [&](const Role& r) { return r.code == role.code; })) SK_CHECK(Table::retire_role(context.tx, role.code));
  for (const Role& role : file.roles) SK_CHECK(Table::put_role(context.tx, role));
  for (std::size_t n = 0; n < file.segments.size(); ++n) {
    const Segment& s = file.segments[n];
    SK_CHECK(Table::put_segment(context.tx, n, {origins_of(file.segments, n), s.export_allowed, s.factors, s.idle_minutes, s.absolute_minutes}));
  }
  return ok();
}

// Everything that keeps ranks moves in this transaction, or nothing does.
Status take_up_scheme(gate::Context& context, const ProfileFile& before, const ProfileFile& after, int version, const std::vector<Follower>& followers) {
  SK_TRY(const auto change, scheme_change(before, after));
  if (!change) return ok();
  SK_CHECK(Schemes::put(context.tx, version, context.now, *change));
  for (const Follower& follow : followers) SK_CHECK(follow(context, *change));
  context.note("scheme", json::Value(true));
  return ok();
}

Result<VersionRow> require(sql::Tx& tx, const std::string& text) {
  int number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return fail(Code::not_found, "bodies.version_not_found", "not a number");
  SK_TRY(auto row, Table::version(tx, number));
  if (!row) return fail(Code::not_found, "bodies.version_not_found", "no such version");
  return std::move(*row);
}

std::vector<std::string> changed_members(const ProfileFile& before, const ProfileFile& after) {
  const json::Value a = json::to_value(before);
  const json::Value b = json::to_value(after);
  std::vector<std::string> out;
  for (const auto& member : a.get_object())
    if (member.value() != b.at(member.key())) out.emplace_back(member.key());
  return out;
}

Result<Organisation> organisation(gate::Context& context, Nothing&) {
  Organisation out;
  SK_TRY(const auto current, Table::version_in_force(context.tx));
  if (current) {
    SK_TRY(out.document, document_of(*current));
  }
  SK_TRY(const auto units, Table::unit_rows(context.tx));
  for (const UnitRow& u : units)
    out.units.push_back({u.id, u.code, u.name, u.parent_id, u.kind, u.from_at ? std::optional(first_day(*u.from_at)) : std::nullopt,
                         u.to_at ? std::optional(last_day(*u.to_at)) : std::nullopt, u.in_force(context.now)});
  SK_TRY(const auto versions, Table::versions(context.tx));
  for (const VersionRow& v : versions) out.versions.push_back(view_of(v));
  return out;
}

Result<VersionWhole> read_version(gate::Context& context, VersionNumberIn& in) {
  SK_TRY(const VersionRow row, require(context.tx, in.number));
  context.about(in.number);
  SK_TRY(ProfileFile file, document_of(row));
  SK_TRY(const auto current, Table::version_in_force(context.tx));
  std::vector<std::string> changed;
  if (current) {
    SK_TRY(const ProfileFile before, document_of(*current));
    changed = changed_members(before, file);
  }
  return VersionWhole{view_of(row), std::move(file), std::move(changed)};
}

Result<VersionView> draft(gate::Context& context, VersionIn& in, const Vocabulary& vocabulary) {
  SK_CHECK(check(in.document, vocabulary));
  if (in.note.empty() || in.note.size() > kMaxNote) return fail(Code::invalid_argument, "bodies.note", "what changes and why: 1 to 2000 bytes");
  SK_TRY(const auto current, Table::version_in_force(context.tx));
  if (current) {
    SK_TRY(const ProfileFile before, document_of(*current));
    SK_CHECK(check_successor(context.tx, before, in.document, context.now));
  }
  SK_TRY(const auto versions, Table::versions(context.tx));
  VersionRow row;
  row.number = versions.empty() ? 1 : versions.front().number + 1;
  row.document = json::write(in.document);
  row.note = in.note;
  row.drafted_by = context.permit().person().user_id;
  row.drafted_at = context.now;
  SK_CHECK(Table::put_version(context.tx, row));
  context.about(std::to_string(row.number));
  return view_of(row);
}

Result<VersionView> confirm(gate::Context& context, ConfirmIn& in) {
  SK_TRY(VersionRow row, require(context.tx, in.number));
  context.about(in.number);
  if (row.state != VersionState::draft) return fail(Code::conflict, "bodies.version_state", "only a draft is confirmed");
  const std::string& person = context.permit().person().user_id;
  if (person == row.drafted_by) {
    if (!in.exception || in.exception->empty()) return fail(Error{Code::denied, "bodies.same_person", "drafted by the same person", "6(8)ア", "top"});
    row.exception = in.exception;
  }
  row.state = VersionState::confirmed;
  row.confirmed_by = person;
  row.confirmed_at = context.now;
  SK_CHECK(Table::put_version(context.tx, row));
  return view_of(row);
}

Result<VersionView> start(gate::Context& context, VersionNumberIn& in, const Vocabulary& vocabulary, const std::vector<Follower>& followers) {
  SK_TRY(VersionRow row, require(context.tx, in.number));
  context.about(in.number);
  if (row.state != VersionState::confirmed) return fail(Code::conflict, "bodies.version_state", "only a confirmed version comes into force");
  SK_TRY(const ProfileFile file, document_of(row));
  SK_CHECK(check(file, vocabulary));
  SK_TRY(auto current, Table::version_in_force(context.tx));
  if (current) {
    SK_TRY(const ProfileFile before, document_of(*current));
    SK_CHECK(check_successor(context.tx, before, file, context.now));
    SK_CHECK(take_up_scheme(context, before, file, row.number, followers));
    current->state = VersionState::superseded;
    current->ended_at = context.now;
    SK_CHECK(Table::put_version(context.tx, *current));
  }
  SK_CHECK(put_in_force(context, file));
  row.state = VersionState::in_force;
  row.started_by = context.permit().person().user_id;
  row.started_at = context.now;
  SK_CHECK(Table::put_version(context.tx, row));
  SK_TRY(auto words, words_of(context.tx));
  context.after_commit([&body = context.body, next = std::make_shared<const gate::BodyWords>(std::move(words))] { body.words.store(next); });
  return view_of(row);
}

}  // namespace

Status first_version(gate::Context& context, const ProfileFile& file) {
  VersionRow row;
  row.number = 1;
  row.state = VersionState::in_force;
  row.document = json::write(file);
  row.drafted_by = context.permit().person().user_id;
  row.drafted_at = context.now;
  row.started_by = row.drafted_by;
  row.started_at = context.now;
  SK_CHECK(Table::put_version(context.tx, row));
  return put_in_force(context, file);
}

void register_version_operations(gate::Registry& registry, const Vocabulary& vocabulary, std::vector<Follower> followers) {
  registry.add(gate::Operation<Nothing, Organisation>{"organisation.read", "組織・役割・用語・分類の全体を見る", "organisation.read", gate::Access::read, 1024,
                                                      gate::no_preparation<Nothing>(), organisation});
  registry.add(gate::Operation<VersionNumberIn, VersionWhole>{"organisation.version", "団体の設定の版を見る", "organisation.read", gate::Access::read, 1024,
                                                              gate::no_preparation<VersionNumberIn>(), read_version});
  registry.add(gate::Operation<VersionIn, VersionView>{"organisation.draft", "団体の設定の案を作る", "organisation.draft", gate::Access::write, kMaxDocument,
                                                       gate::no_preparation<VersionIn>(),
                                                       [vocabulary](gate::Context& c, VersionIn& in) { return draft(c, in, vocabulary); }});
  registry.add(gate::Operation<ConfirmIn, VersionView>{"organisation.confirm", "団体の設定の案を確認する", "organisation.confirm", gate::Access::write, 8192,
                                                       gate::no_preparation<ConfirmIn>(), confirm});
  registry.add(gate::Operation<VersionNumberIn, VersionView>{"organisation.start", "確認した設定を施行する", "organisation.draft", gate::Access::write, 1024,
                                                             gate::no_preparation<VersionNumberIn>(),
                                                             [vocabulary, followers = std::move(followers)](gate::Context& c, VersionNumberIn& in) { return start(c, in, vocabulary, followers); }});
}

}  // namespace sekisho::bodies
