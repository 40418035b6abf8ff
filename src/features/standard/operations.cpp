#include "features/standard/operations.h"

#include <algorithm>
#include <charconv>

#include "clauses/label.h"
#include "clauses/parse.h"
#include "clauses/prose.h"
#include "clauses/refs.h"
#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/standard/comparing.h"
#include "features/standard/importing.h"
#include "features/standard/versions.h"

namespace sekisho::standard {

struct Read {
  clauses::Document document;
  std::string source;
  std::string sha256;
};

namespace {

constexpr std::size_t kMaxName = 300;
constexpr std::size_t kMaxEdit = 100'000;  // bytes of one clause
constexpr std::size_t kMaxIn = std::size_t{12} << 20;
constexpr std::size_t kMaxParts = 100;

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Result<Content> require(gate::Context& context, const VersionId& id) {
  SK_TRY(auto found, Table::content(context.tx, id));
  if (!found) return fail(Code::not_found, "policies.not_found", "no such version");
  return std::move(*found);
}

RepairView view_of(const Content& content, std::size_t i) {
  const StoredRepair& r = content.repairs[i];
  const int clause = r.repair.clause;
  const auto ref = clause == clauses::kNoParent ? std::nullopt : std::optional(content.document.clauses[static_cast<std::size_t>(clause)].ref);
  return {static_cast<int>(i), static_cast<int>(r.repair.line), r.repair.kind, r.repair.from, r.repair.to, ref, r.state, r.decided_by, r.decided_at};
}

std::vector<RepairView> repair_views(const Content& content) {
  std::vector<RepairView> out;
  for (std::size_t i = 0; i < content.repairs.size(); ++i) out.push_back(view_of(content, i));
  return out;
}

std::string raw_of(const clauses::Clause& clause, const std::string& source) {
  std::string out;
  for (const clauses::Span& span : clause.spans)
    if (span.begin <= span.end && span.end <= source.size()) out += (out.empty() ? "" : "\n") + source.substr(span.begin, span.end - span.begin);
  return out;
}

TreeView tree_view(const Content& content, const std::string& source) {
  TreeView out{content.version.document_id, content.version.id, static_cast<int>(content.version.number), content.version.title, content.version.file_name, content.document.attributed, {}, {}, {}};
  for (std::size_t i = 0; i < content.document.clauses.size(); ++i) {
    const clauses::Clause& c = content.document.clauses[i];
    const auto& edited = content.edited[i];
    out.clauses.push_back({c.ref, content.ids[i], c.parent == clauses::kNoParent ? std::nullopt : std::optional(content.ids[static_cast<std::size_t>(c.parent)]), std::string(kind_name(c.kind)),
                           static_cast<int>(c.part), static_cast<int>(c.line), c.printed, c.label, c.title, c.text, raw_of(c, source),
                           c.page == 0 ? std::nullopt : std::optional(static_cast<int>(c.page)), edited ? std::optional(edited->by) : std::nullopt, edited ? std::optional(edited->at) : std::nullopt});
  }
  out.repairs = repair_views(content);
  for (const clauses::Finding& f : clauses::check(content.document)) out.findings.push_back({f.kind, content.document.clauses[static_cast<std::size_t>(f.clause)].ref, f.detail});
  return out;
}

// Reads the file before the transaction: slow, and needs the worker. The bytes leave the input here; the record keeps their hash.
Status read_file_of(gate::Preparation&, ImportIn& in, files::Extractor* extractor) {
  if (in.name.empty() || in.name.size() > kMaxName) return fail(Code::invalid_argument, "policies.name", "1 to 300 bytes");
  SK_TRY(std::string bytes, from_base64(in.content.reveal()));
  in.content = Secret();
  if (bytes.size() > kMaxFileBytes) return fail(Code::too_large, "policies.too_large", "over 8 MiB");
  auto read = std::make_shared<Read>();
  read->sha256 = to_hex(crypto::sha256(bytes));
  SK_TRY(read->source, text_of(in.name, bytes, extractor));
  SK_TRY(read->document, clauses::parse(read->source));
  in.read = std::move(read);
  return ok();
}

// Clauses of an earlier version keep their ids.
Status give_ids(gate::Context& context, Content& content, const std::optional<VersionId>& previous) {
  content.ids.assign(content.document.clauses.size(), ClauseId());
  if (previous) {
    SK_TRY(const auto before, Table::content(context.tx, *previous));
    if (!before) return fail(Code::corrupt, "policies.version", "latest version is gone");
    const auto alignment = clauses::align(clauses::comparables(before->document), clauses::comparables(content.document));
    for (std::size_t i = 0; i < content.ids.size(); ++i)
      if (alignment.to_old[i] != clauses::kNoPartner) content.ids[i] = before->ids[static_cast<std::size_t>(alignment.to_old[i])];
    content.version.number = before->version.number + 1;
  }
  for (ClauseId& id : content.ids)
    if (id.empty()) id = context.new_id<ClauseTag>();
  return ok();
}

Result<ImportOut> import_document(gate::Context& context, ImportIn& in) {
  if (!in.read) return fail(Code::internal, "policies.unread", "prepared nothing");
  const std::string by = name_of(context.permit().person());
  Content content;
  content.document = std::move(in.read->document);
  std::string title = content.document.title.empty() ? in.name : content.document.title;
  std::optional<VersionId> previous;
  if (in.document) {
    SK_TRY(const auto known, Table::document(context.tx, *in.document));
    if (!known) return fail(Code::not_found, "policies.not_found", "no such document");
    SK_TRY(previous, Table::latest(context.tx, *in.document));
    content.version.document_id = *in.document;
  } else {
    content.version.document_id = context.new_id<DocumentTag>();
    SK_CHECK(Table::insert_document(context.tx, {content.version.document_id, title, by, context.now}));
  }
  content.version = {context.new_id<VersionTag>(), content.version.document_id, 1, std::move(title), in.name, in.read->sha256,
                     static_cast<std::int64_t>(content.document.attributed * 1e6), by, context.now};
  SK_CHECK(give_ids(context, content, previous));
  for (const clauses::Repair& repair : content.document.repairs) content.repairs.push_back({repair, "open", std::nullopt, std::nullopt});
  SK_CHECK(Table::insert(context.tx, content, in.read->source));
  context.about(content.version.id.str());
  context.note("sha256", json::Value(std::string_view(in.read->sha256)));
  return ImportOut{content.version.document_id, content.version.id, static_cast<int>(content.version.number), static_cast<int>(content.document.clauses.size()), repair_views(content),
                   content.document.attributed, static_cast<int>(clauses::check(content.document).size())};
}

Result<DocumentList> list_documents(gate::Context& context, bodies::WholeListIn&) {
  SK_TRY(const auto documents, Table::documents(context.tx));
  SK_TRY(const auto versions, Table::versions(context.tx));
  SK_TRY(const auto states, Versions::all(context.tx));
  const auto state_of = [&](const VersionId& id) {
    const auto it = std::find_if(states.begin(), states.end(), [&](const Progress& p) { return p.version == id; });
    return it == states.end() ? std::string() : it->state;
  };
  DocumentList out;
  out.may_manage = context.permit().person().powers.contains("policies.manage");
  for (const PolicyDocument& d : documents) {
    DocumentView view{d.id, d.title, {}};
    for (const VersionCount& v : versions)
      if (v.version.document_id == d.id)
        view.versions.push_back({v.version.id, static_cast<int>(v.version.number), v.version.title, v.version.file_name, v.version.sha256, static_cast<int>(v.clauses), static_cast<int>(v.open_repairs),
                                 static_cast<double>(v.version.attributed_millionths) / 1e6, v.version.imported_by, v.version.imported_at,
                                 state_of(v.version.id)});
    out.items.push_back(std::move(view));
  }
  return out;
}

Result<TreeView> read_tree(gate::Context& context, TreeIn& in) {
  context.about(in.version.str());
  return tree_of(context, in.version);
}

Result<RepairView> decide_repair(gate::Context& context, DecideIn& in) {
  context.about(in.version.str());
  if (in.state != "confirmed" && in.state != "rejected") return fail(Code::invalid_argument, "policies.repair_state", "confirmed or rejected");
  SK_CHECK(begin_edit(context, in.version));
  SK_TRY(Content content, require(context, in.version));
  std::size_t place = 0;
  const auto [end, error] = std::from_chars(in.repair.data(), in.repair.data() + in.repair.size(), place);
  if (error != std::errc() || end != in.repair.data() + in.repair.size() || place >= content.repairs.size()) return fail(Code::not_found, "policies.repair_not_found", "no such repair");
  const std::string by = name_of(context.permit().person());
  SK_TRY(const bool decided, Table::decide_repair(context.tx, in.version, place, in.state, by, context.now));
  if (!decided) return fail(Code::conflict, "policies.repair_decided", "decided already");
  content.repairs[place].state = in.state;
  content.repairs[place].decided_by = by;
  content.repairs[place].decided_at = context.now;
  return view_of(content, place);
}

std::optional<std::string> words_of(gate::Context& context, const std::optional<Secret>& secret, const char* what) {
  if (!secret) return std::nullopt;
  std::string out(secret->reveal());
  context.note(what, json::Value(to_hex(crypto::sha256(out))));
  return out;
}

Result<TreeView> edit_clause(gate::Context& context, EditIn& in) {
  context.about(in.version.str());
  const std::optional<std::string> title = words_of(context, in.title, "title_sha256");
  const std::optional<std::string> text = words_of(context, in.text, "text_sha256");
  const std::optional<std::string>& label_in = in.label;
  for (const auto* words : {&label_in, &title, &text})
    if (words->value_or("").size() > kMaxEdit) return fail(Code::too_large, "policies.text", "over 100,000 bytes");
  SK_CHECK(begin_edit(context, in.version));
  SK_TRY(Content content, require(context, in.version));
  const auto it = std::find(content.ids.begin(), content.ids.end(), in.clause);
  if (it == content.ids.end()) return fail(Code::not_found, "policies.clause_not_found", "no such clause");
  const auto place = static_cast<std::size_t>(it - content.ids.begin());
  clauses::Clause& clause = content.document.clauses[place];
  if (in.label) {
    const std::u32string label = clauses::decode(*in.label);
    const auto read = clauses::read_labels(label);
    if (clause.kind != clauses::Kind::clause && clause.kind != clauses::Kind::structure) return fail(Code::invalid_argument, "policies.no_label", "this kind bears no number");
    if (read.empty() || read.front().rest != label.size()) return fail(Code::invalid_argument, "policies.label", "no label of a known form");
    clause.label = read.front().text;
  }
  if (title) clause.title = *title;
  if (text) clause.text = *text;
  content.edited[place] = Edited{name_of(context.permit().person()), context.now};
  // A label is part of the references of everything below.
  std::vector<std::string> before;
  for (const clauses::Clause& c : content.document.clauses) before.push_back(c.ref);
  clauses::give_refs(content.document);
  for (std::size_t i = 0; i < before.size(); ++i)
    if (i == place || content.document.clauses[i].ref != before[i]) SK_CHECK(Table::update_clause(context.tx, in.version, i, content.document.clauses[i], content.edited[i]));
  return tree_of(context, in.version);
}

Result<ComparisonView> compare_versions(gate::Context& context, const VersionId& before, const VersionId& after, const std::optional<std::vector<int>>& before_parts,
                                        const std::optional<std::vector<int>>& after_parts, bool whole) {
  if (before_parts.value_or(std::vector<int>()).size() > kMaxParts || after_parts.value_or(std::vector<int>()).size() > kMaxParts) return fail(Code::invalid_argument, "policies.parts", "too many parts");
  SK_TRY(const Content a, require(context, before));
  SK_TRY(const Content b, require(context, after));
  context.about(after.str());
  return comparison_of(a, b, before_parts, after_parts, whole);
}

Result<FileOut> comparison_file(gate::Context& context, ComparisonFileIn& in) {
  SK_TRY(const ComparisonView view, compare_versions(context, in.before, in.after, in.before_parts, in.after_parts, in.whole.value_or(false)));
  if (in.format == "html") return FileOut{"新旧対照表.html", "text/html; charset=utf-8", to_base64(comparison_html(view, in.vertical.value_or(false)))};
  if (in.format == "docx") {
    SK_TRY(const std::string bytes, comparison_docx(view, in.vertical.value_or(false)));
    return FileOut{"新旧対照表.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_base64(bytes)};
  }
  if (in.format == "xlsx") {
    SK_TRY(const std::string bytes, comparison_xlsx(view));
    return FileOut{"新旧対照表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_base64(bytes)};
  }
  return fail(Code::invalid_argument, "policies.format", "html, docx or xlsx");
}

}  // namespace

Result<TreeView> tree_of(gate::Context& context, const VersionId& version) {
  SK_TRY(const Content content, require(context, version));
  SK_TRY(const std::string source, Table::source(context.tx, version));
  return tree_view(content, source);
}

void register_operations(gate::Registry& registry, files::Extractor* extractor) {
  using gate::Access;
  registry.add(gate::Operation<bodies::WholeListIn, DocumentList>{"policies.list", "基本方針などの文書と版の一覧", "policies.read", Access::read, 1024,
                                                                  gate::no_preparation<bodies::WholeListIn>(), list_documents});
  registry.add(gate::Operation<ImportIn, ImportOut>{"policies.import", "基本方針などの文書を条文の木として取り込む", "policies.manage", Access::write, kMaxIn,
                                                    [extractor](gate::Preparation& p, ImportIn& in) { return read_file_of(p, in, extractor); }, import_document});
  registry.add(gate::Operation<TreeIn, TreeView>{"policies.tree", "版の条文の木、直した所、構成の点検", "policies.read", Access::read, 1024, gate::no_preparation<TreeIn>(), read_tree});
  registry.add(gate::Operation<DecideIn, RepairView>{"policies.decide_repair", "取込みが直した所を確かめる", "policies.manage", Access::write, 1024, gate::no_preparation<DecideIn>(), decide_repair});
  registry.add(gate::Operation<EditIn, TreeView>{"policies.edit_clause", "条文の番号、見出し、本文を直す", "policies.manage", Access::write, std::size_t{512} << 10, gate::no_preparation<EditIn>(), edit_clause});
  registry.add(gate::Operation<CompareIn, ComparisonView>{"policies.compare", "二つの版を比べる", "policies.read", Access::read, 4096, gate::no_preparation<CompareIn>(),
                                                          [](gate::Context& context, CompareIn& in) {
                                                            return compare_versions(context, in.before, in.after, in.before_parts, in.after_parts, in.whole.value_or(false));
                                                          }});
  registry.add(gate::Operation<ComparisonFileIn, FileOut>{"policies.comparison_file", "新旧対照表をファイルにする", "policies.read", Access::read, 4096, gate::no_preparation<ComparisonFileIn>(), comparison_file});
}

}  // namespace sekisho::standard
