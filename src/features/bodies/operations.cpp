#include "features/bodies/operations.h"

#include "features/bodies/versions.h"

namespace sekisho::bodies {
namespace {

Result<Nothing> set_up_body(gate::Context& context, ProfileFile& in, const Vocabulary& vocabulary) {
  SK_CHECK(check(in, vocabulary));
  SK_TRY(const auto present, Table::units(context.tx));
  if (!present.empty()) return fail(Code::conflict, "bodies.already_set_up", "the body has departments");
  SK_CHECK(first_version(context, in));
  return Nothing{};
}

Result<UnitList> list_units(gate::Context& context, WholeListIn&) {
  SK_TRY(auto rows, Table::unit_rows(context.tx));
  UnitList out;
  for (UnitRow& row : rows)
    if (row.in_force(context.now)) out.items.push_back(std::move(row));
  return out;
}

Result<RoleList> list_roles(gate::Context& context, WholeListIn&) {
  SK_TRY(const auto roles, Table::roles(context.tx));
  RoleList out;
  for (const Role& role : roles) out.items.push_back({role.code, role.name});
  return out;
}

Result<WordsView> words(gate::Context& context, Nothing&) {
  SK_TRY(auto body, Table::profile(context.tx));
  Profile& p = body.profile;
  return WordsView{std::move(body.name), std::move(p.self_name), std::move(p.kind), std::move(p.word_for_security), p.fiscal_year_start, std::move(p.confidentiality),
                   std::move(p.integrity), std::move(p.availability), std::move(p.segments), std::move(p.terms)};
}

}  // namespace

gate::Operation<ProfileFile, Nothing> set_up(const Vocabulary& vocabulary) {
  return {"bodies.set_up", "団体の名称・組織・役割を登録する", "bodies.set_up", gate::Access::write, 1 << 20, gate::no_preparation<ProfileFile>(),
          [vocabulary](gate::Context& c, ProfileFile& in) { return set_up_body(c, in, vocabulary); }};
}

void register_operations(gate::Registry& registry, const Vocabulary& vocabulary, std::vector<Follower> followers) {
  registry.add(set_up(vocabulary));
  registry.add(gate::Operation<WholeListIn, UnitList>{"departments.list", "部署の一覧", "departments.list", gate::Access::read, 1024,
                                                  gate::no_preparation<WholeListIn>(), list_units});
  // The same list for whoever fills in a form: names of departments are no secret of the body.
  registry.add(gate::Operation<WholeListIn, UnitList>{"departments.names", "部署の名前", "departments.names", gate::Access::read, 1024,
                                                  gate::no_preparation<WholeListIn>(), list_units});
  registry.add(gate::Operation<WholeListIn, RoleList>{"roles.list", "役割の一覧", "roles.list", gate::Access::read, 1024,
                                                  gate::no_preparation<WholeListIn>(), list_roles});
  registry.add(gate::Operation<Nothing, WordsView>{"profile.words", "団体の言葉（分類・セグメント・用語）を見る", "profile.words", gate::Access::read, 1024,
                                                   gate::no_preparation<Nothing>(), words});
  register_version_operations(registry, vocabulary, std::move(followers));
}

Result<gate::BodyWords> words_of(sql::Tx& tx) {
  gate::BodyWords out;
  SK_TRY(const auto body, Table::profile(tx));
  out.name = body.name;
  SK_TRY(const auto version, Table::version_in_force(tx));
  if (!version) return out;
  SK_TRY(const auto file, json::read_text<ProfileFile>(version->document));
  std::map<std::string, std::string> names;
  for (const Role& role : file.roles) names[role.code] = role.name;
  for (const auto& [key, role] : file.permitters) out.permitters[key] = names[role];
  return out;
}

}  // namespace sekisho::bodies
