#include "features/standard/amending.h"

#include <algorithm>

#include "clauses/amend.h"
#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/standard/comparing.h"
#include "features/standard/publishing.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kMaxEdit = 100'000;  // bytes of one clause
constexpr std::size_t kMaxIn = std::size_t{512} << 10;
constexpr std::size_t kMaxParts = 100;
constexpr const char* kNotice = "この改め文は、二つの版の違いから作った案です。引用する番号は、すべて改正前のものです。必ず人が読み、団体の例規の書き方に合わせて直してください。";

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Result<clauses::Numbering> numbering_of(const std::optional<std::string>& name) {
  const std::string chosen = name.value_or("shift");
  if (chosen == "shift") return clauses::Numbering::shift;
  if (chosen == "branch") return clauses::Numbering::branch;
  if (chosen == "keep") return clauses::Numbering::keep;
  return fail(Code::invalid_argument, "policies.numbering", "shift, branch or keep");
}

Result<std::size_t> place_in(const Content& content, const ClauseId& id) {
  const auto it = std::find(content.ids.begin(), content.ids.end(), id);
  if (it == content.ids.end()) return fail(Code::not_found, "policies.clause_not_found", "no such clause");
  return static_cast<std::size_t>(it - content.ids.begin());
}

Result<clauses::Place> place_of(const Content& content, const std::optional<ClauseId>& after, const std::optional<ClauseId>& under) {
  clauses::Place out;
  if (after) {
    SK_TRY(out.after, place_in(content, *after));
  }
  if (under) {
    SK_TRY(out.under, place_in(content, *under));
  }
  return out;
}

Result<std::string> words_of(gate::Context& context, const std::optional<Secret>& secret, const char* what) {
  if (!secret) return std::string();
  std::string out(secret->reveal());
  if (out.size() > kMaxEdit) return fail(Code::too_large, "policies.text", "over 100,000 bytes");
  context.note(what, json::Value(to_hex(crypto::sha256(out))));
  return out;
}

// The tree after the edit, under the ids it had.
Result<TreeView> store(gate::Context& context, const Content& before, clauses::Edit edit) {
  Content after = before;
  after.document = std::move(edit.document);
  after.ids.clear();
  after.edited.clear();
  for (const int from : edit.from) {
    const bool fresh = from == clauses::kNewClause;
    after.ids.push_back(fresh ? context.new_id<ClauseTag>() : before.ids[static_cast<std::size_t>(from)]);
    after.edited.push_back(fresh ? std::optional(Edited{name_of(context.permit().person()), context.now}) : before.edited[static_cast<std::size_t>(from)]);
  }
  for (std::size_t r = 0; r < after.repairs.size(); ++r) after.repairs[r].repair.clause = after.document.repairs[r].clause;
  std::vector<ClauseId> gone;
  for (const ClauseId& id : before.ids)
    if (std::find(after.ids.begin(), after.ids.end(), id) == after.ids.end()) gone.push_back(id);
  SK_CHECK(Table::rearrange(context.tx, after, gone));
  SK_CHECK(keep_withheld(context, before, after));
  return tree_of(context, before.version.id);
}

Result<TreeView> add_clause(gate::Context& context, AddClauseIn& in) {
  context.about(in.version.str());
  SK_CHECK(begin_edit(context, in.version));
  SK_TRY(const Content content, require_version(context, in.version));
  SK_TRY(const auto place, place_of(content, in.after, in.under));
  SK_TRY(const auto numbering, numbering_of(in.numbering));
  SK_TRY(std::string title, words_of(context, in.title, "title_sha256"));
  SK_TRY(std::string text, words_of(context, in.text, "text_sha256"));
  if (title.empty() && text.empty()) return fail(Code::invalid_argument, "policies.empty_clause", "a title or a text");
  SK_TRY(auto edit, clauses::insert(content.document, place, std::move(title), std::move(text), numbering));
  return store(context, content, std::move(edit));
}

Result<TreeView> remove_clause(gate::Context& context, RemoveClauseIn& in) {
  context.about(in.version.str());
  SK_CHECK(begin_edit(context, in.version));
  SK_TRY(const Content content, require_version(context, in.version));
  SK_TRY(const auto place, place_in(content, in.clause));
  SK_TRY(const auto numbering, numbering_of(in.numbering));
  SK_TRY(auto edit, clauses::remove(content.document, place, numbering));
  return store(context, content, std::move(edit));
}

Result<TreeView> move_clause(gate::Context& context, MoveClauseIn& in) {
  context.about(in.version.str());
  SK_CHECK(begin_edit(context, in.version));
  SK_TRY(const Content content, require_version(context, in.version));
  SK_TRY(const auto clause, place_in(content, in.clause));
  SK_TRY(const auto place, place_of(content, in.after, in.under));
  SK_TRY(const auto numbering, numbering_of(in.numbering));
  SK_TRY(auto edit, clauses::move(content.document, clause, place, numbering));
  return store(context, content, std::move(edit));
}

Result<AmendingTextOut> amending_text(gate::Context& context, AmendingTextIn& in) {
  context.about(in.after.str());
  if (in.format && *in.format != "docx") return fail(Code::invalid_argument, "policies.amending_format", "docx, or nothing");
  SK_TRY(const Content before, require_version(context, in.before));
  SK_TRY(const Content after, require_version(context, in.after));
  for (const auto* parts : {&in.before_parts, &in.after_parts})
    if (*parts && (*parts)->size() > kMaxParts) return fail(Code::invalid_argument, "policies.parts", "too many parts");
  AmendingTextOut out = amending_view(in_parts(before, in.before_parts), in_parts(after, in.after_parts));
  if (!in.format) return out;
  SK_TRY(const std::string bytes, amending_docx(out));
  out.file = FileOut{"改め文.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_base64(bytes)};
  return out;
}

}  // namespace

Content in_parts(const Content& content, const std::optional<std::vector<int>>& parts) {
  if (!parts) return content;
  Content out{content.version, {content.document.title, {}, {}, {}, content.document.attributed}, {}, {}, {}};
  out.version.title = title_of(content, parts);
  std::vector<int> moved(content.ids.size(), clauses::kNoParent);
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    clauses::Clause c = content.document.clauses[i];
    if (std::find(parts->begin(), parts->end(), static_cast<int>(c.part)) == parts->end()) continue;
    if (c.parent != clauses::kNoParent) c.parent = moved[static_cast<std::size_t>(c.parent)];
    moved[i] = static_cast<int>(out.document.clauses.size());
    out.document.clauses.push_back(std::move(c));
    out.ids.push_back(content.ids[i]);
    out.edited.push_back(content.edited[i]);
  }
  return out;
}

AmendingTextOut amending_view(const Content& before, const Content& after) {
  AmendingTextOut out{before.version.title + "の一部を次のように改正する。", kNotice, {}, std::nullopt};
  for (clauses::Provision& p : clauses::amending_text(before.document, after.document, alignment_of(before, after))) out.provisions.push_back({std::move(p.rule), std::move(p.words)});
  return out;
}

void register_amending(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<AddClauseIn, TreeView>{"policies.add_clause", "改正の案に条文を加える", "policies.manage", Access::write, kMaxIn, gate::no_preparation<AddClauseIn>(), add_clause});
  registry.add(gate::Operation<RemoveClauseIn, TreeView>{"policies.remove_clause", "改正の案から条文を除く", "policies.manage", Access::write, 1024, gate::no_preparation<RemoveClauseIn>(), remove_clause});
  registry.add(gate::Operation<MoveClauseIn, TreeView>{"policies.move_clause", "改正の案の条文を動かす", "policies.manage", Access::write, 1024, gate::no_preparation<MoveClauseIn>(), move_clause});
  registry.add(gate::Operation<AmendingTextIn, AmendingTextOut>{"policies.amending_text", "二つの版から改め文の案を作る", "policies.read", Access::read, 4096, gate::no_preparation<AmendingTextIn>(),
                                                                amending_text});
}

}  // namespace sekisho::standard
