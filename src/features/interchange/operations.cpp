#include "features/interchange/operations.h"

#include <algorithm>
#include <map>
#include <set>

#include "clauses/align.h"
#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/coverage/coverage.h"
#include "features/interchange/implementation.h"
#include "features/interchange/policy.h"
#include "features/interchange/table.h"
#include "features/standard/comparing.h"

namespace sekisho::interchange {

struct Catalog {
  oscal::Read read;
  std::string source;
  std::string sha256;
};

namespace {

using standard::Content;

constexpr std::size_t kMaxName = 300;
constexpr std::size_t kMaxIn = std::size_t{12} << 20;
constexpr std::size_t kMaxVersionName = 200;

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Result<standard::FileOut> oscal_file(gate::Context& context, const standard::Pack& pack, coverage::Coverages& coverages, OscalIn& in) {
  context.about(in.version.str());
  const std::string model = in.model.value_or("catalog");
  context.note("model", json::Value(std::string_view(model)));
  const auto known = std::find(std::begin(oscal::kModels), std::end(oscal::kModels), model);
  if (known == std::end(oscal::kModels)) return fail(Code::invalid_argument, "oscal.model_name", model);
  SK_TRY(const oscal::Policy policy, policy_of(context.tx, pack, in.version));
  standard::FileOut out{oscal::file_name(model), "application/json", ""};
  if (model == "catalog") {
    out.content = to_base64(oscal::write_catalog(policy));
    return out;
  }
  SK_TRY(const coverage::Coverage covered, coverages.compute(context.body, context.tx, context.now, {std::nullopt, in.version}));
  SK_TRY(const bodies::ProfileFile profile, standard::profile_in_force(context.tx));
  const oscal::Implementation implementation = implementation_of(covered, policy, profile);
  // Every model but the list of controls speaks of clauses.
  if (implementation.requirements.empty()) return fail(Code::conflict, "oscal.no_requirements", "no clause asks for anything");
  static const std::map<std::string, std::string (*)(const oscal::Implementation&)> kWriters = {{"component-definition", oscal::write_component_definition},
                                                                                               {"ssp", oscal::write_ssp},
                                                                                               {"assessment-plan", oscal::write_assessment_plan},
                                                                                               {"assessment-results", oscal::write_assessment_results},
                                                                                               {"poam", oscal::write_poam}};
  out.content = to_base64(kWriters.at(model)(implementation));
  return out;
}

// Reads the file before the transaction: slow. The bytes leave the input here; the record keeps their hash.
Status read_catalog_of(gate::Preparation&, OscalImportIn& in) {
  if (in.name.empty() || in.name.size() > kMaxName) return fail(Code::invalid_argument, "policies.name", "1 to 300 bytes");
  SK_TRY(const std::string bytes, from_base64(in.content.reveal()));
  in.content = Secret();
  auto out = std::make_shared<Catalog>();
  SK_TRY(out->read, oscal::read_catalog(bytes));
  out->source = oscal::lay_out(out->read);
  out->sha256 = to_hex(crypto::sha256(bytes));
  in.read = std::move(out);
  return ok();
}

void lose(std::vector<oscal::Loss>& losses, const char* kind, int count) {
  if (count > 0) losses.push_back({kind, count, "/catalog"});
}

// Ids that the file gives are taken where they are this document's or nobody's: a clause is the same through the versions of its document, and
// never the same as another document's.
Status give_ids(gate::Context& context, Content& content, const std::optional<Content>& before, const oscal::Read& read, std::vector<oscal::Loss>& losses) {
  content.ids.assign(content.document.clauses.size(), standard::ClauseId());
  std::set<std::string> taken;
  if (read.ours) {
    SK_TRY(const auto elsewhere, standard::Table::clause_ids_elsewhere(context.tx, content.version.document_id));
    int renamed = 0;
    for (std::size_t i = 0; i < content.ids.size(); ++i) {
      const auto id = standard::ClauseId::parse(read.policy.ids[i]);
      if (id && !elsewhere.contains(*id) && taken.insert(id->str()).second) content.ids[i] = *id;
      else ++renamed;
    }
    lose(losses, "id", renamed);
  } else if (before) {
    const auto alignment = clauses::align(clauses::comparables(before->document), clauses::comparables(content.document));
    for (std::size_t i = 0; i < content.ids.size(); ++i)
      if (alignment.to_old[i] != clauses::kNoPartner) content.ids[i] = before->ids[static_cast<std::size_t>(alignment.to_old[i])];
  }
  for (standard::ClauseId& id : content.ids)
    if (id.empty()) id = context.new_id<standard::ClauseTag>();
  return ok();
}

// A label that reads otherwise than it is printed is somebody's repair, for a person to confirm.
void list_repairs(Content& content) {
  for (std::size_t i = 0; i < content.document.clauses.size(); ++i) {
    const clauses::Clause& c = content.document.clauses[i];
    if (c.printed == c.label || c.printed.empty()) continue;
    content.document.repairs.push_back({c.line, "label", c.printed, c.label, static_cast<int>(i)});
    content.repairs.push_back({content.document.repairs.back(), "open", std::nullopt, std::nullopt});
  }
}

struct Made {
  Content content;
  std::optional<Content> before;
  std::vector<oscal::Loss> losses;
};

Result<Made> make_content(gate::Context& context, const OscalImportIn& in) {
  if (!in.read) return fail(Code::internal, "policies.unread", "prepared nothing");
  const oscal::Read& read = in.read->read;
  Made out{{}, std::nullopt, read.losses};
  Content& content = out.content;
  content.document = read.policy.document;
  if (content.document.title.empty()) content.document.title = in.name;
  content.version = {context.new_id<standard::VersionTag>(), context.new_id<standard::DocumentTag>(), 1, content.document.title, in.name, in.read->sha256,
                     static_cast<std::int64_t>(content.document.attributed * 1e6), name_of(context.permit().person()), context.now};
  if (in.document) {
    SK_TRY(const auto known, standard::Table::document(context.tx, *in.document));
    if (!known) return fail(Code::not_found, "policies.not_found", "no such document");
    SK_TRY(const auto latest, standard::Table::latest(context.tx, *in.document));
    if (latest) {
      SK_TRY(out.before, standard::Table::content(context.tx, *latest));
    }
    content.version.document_id = *in.document;
    if (out.before) content.version.number = out.before->version.number + 1;
  }
  SK_CHECK(give_ids(context, content, out.before, read, out.losses));
  list_repairs(content);
  return out;
}

OscalImportOut view_of(const Made& made, bool ours) {
  OscalImportOut out;
  out.number = static_cast<int>(made.content.version.number);
  out.title = made.content.version.title;
  out.ours = ours;
  out.clauses = static_cast<int>(made.content.document.clauses.size());
  if (made.before) out.counts = standard::comparison_of(*made.before, made.content, std::nullopt, std::nullopt, false).counts;
  for (const oscal::Loss& loss : made.losses) out.losses.push_back({loss.kind, loss.count, loss.pointer, std::string(oscal::loss_text(loss.kind))});
  return out;
}

// Meanings are read off the words anew, and a file confirms nothing: what it says otherwise is told.
Status compare_meanings(gate::Context& context, const standard::Pack& pack, const oscal::Policy& read, Made& made) {
  SK_TRY(const auto here, meanings_by_clause(context.tx, pack, made.content));
  int lost = 0;
  for (std::size_t i = 0; i < read.meanings.size(); ++i)
    if (read.meanings[i] && read.meanings[i] != here[i]) ++lost;
  lose(made.losses, "meaning", lost);
  return ok();
}

Result<OscalImportOut> preview_oscal(gate::Context& context, const standard::Pack& pack, OscalImportIn& in) {
  SK_TRY(Made made, make_content(context, in));
  SK_CHECK(compare_meanings(context, pack, in.read->read.policy, made));
  if (in.document) context.about(in.document->str());
  return view_of(made, in.read->read.ours);
}

Result<OscalImportOut> import_oscal(gate::Context& context, const standard::Pack& pack, OscalImportIn& in) {
  SK_TRY(Made made, make_content(context, in));
  const standard::Version& version = made.content.version;
  if (!in.document) SK_CHECK(standard::Table::insert_document(context.tx, {version.document_id, version.title, version.imported_by, context.now}));
  SK_CHECK(standard::Table::insert(context.tx, made.content, in.read->source));
  const oscal::Policy& read = in.read->read.policy;
  if (in.read->read.ours) {
    if (read.version.size() > kMaxVersionName) return fail(Code::invalid_argument, "oscal.invalid", "/catalog/metadata/version: 長すぎます");
    SK_CHECK(Table::insert(context.tx, version.id, {read.version, read.modified, read.file_name, read.sha256}));
  }
  SK_CHECK(compare_meanings(context, pack, read, made));
  context.about(version.id.str());
  context.note("sha256", json::Value(std::string_view(in.read->sha256)));
  OscalImportOut out = view_of(made, in.read->read.ours);
  out.document = version.document_id;
  out.version = version.id;
  return out;
}

}  // namespace

void register_operations(gate::Registry& registry, files::Extractor* extractor, std::shared_ptr<const standard::Pack> pack, coverage::Coverages& coverages) {
  using gate::Access;
  registry.add(gate::Operation<OscalIn, standard::FileOut>{"policies.oscal", "版をOSCAL 1.2のファイルにする", "policies.read", Access::read, 1024, gate::no_preparation<OscalIn>(),
                                                           [pack, &coverages](gate::Context& context, OscalIn& in) { return oscal_file(context, *pack, coverages, in); }});
  registry.add(gate::Operation<OscalImportIn, OscalImportOut>{"policies.oscal_preview", "OSCALのカタログを取り込むと何が変わるかを見る", "policies.manage", Access::read, kMaxIn, read_catalog_of,
                                                              [pack](gate::Context& context, OscalImportIn& in) { return preview_oscal(context, *pack, in); }});
  registry.add(gate::Operation<OscalImportIn, OscalImportOut>{"policies.oscal_import", "OSCALのカタログを版として取り込む", "policies.manage", Access::write, kMaxIn, read_catalog_of,
                                                              [pack](gate::Context& context, OscalImportIn& in) { return import_oscal(context, *pack, in); }});
  register_table_operations(registry, extractor, std::move(pack));
}

}  // namespace sekisho::interchange
