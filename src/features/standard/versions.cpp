#include "features/standard/versions.h"

#include <algorithm>
#include <map>

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/standard/publishing.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kMaxReason = 4000;  // bytes

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

bool before_force(const std::string& state) { return state == "draft" || state == "opinions" || state == "committee" || state == "decided"; }
bool editable(const std::string& state) { return state == "draft" || state == "opinions" || state == "committee"; }

Status check_reason(const std::string& reason) {
  if (reason.size() > kMaxReason) return fail(Code::invalid_argument, "policies.reason", "over 4,000 bytes");
  return ok();
}

ChangeCounts counts_of(const Content& before, const Content& after) {
  ChangeCounts out;
  const auto a = clauses::comparables(before.document);
  const auto b = clauses::comparables(after.document);
  for (const clauses::ComparedRow& row : clauses::compare(a, b, alignment_of(before, after))) {
    out.added += row.added() ? 1 : 0;
    out.dropped += row.dropped() ? 1 : 0;
    out.changed += row.changed ? 1 : 0;
    out.renumbered += row.renumbered ? 1 : 0;
    out.moved += row.moved ? 1 : 0;
  }
  return out;
}

// The state of the request in the words of the approvals; nullopt: none was made.
Result<std::optional<std::string>> request_state(gate::Context& context, const Progress& p) {
  if (!p.request) return std::optional<std::string>();
  SK_TRY(const auto found, approvals::Table::find(context.tx, approvals::RequestId::trusted(*p.request)));
  if (!found) return std::optional<std::string>();
  return std::optional(std::string(approvals::name_of(approvals::state_at(*found, context.now))));
}

std::vector<std::string> steps_of(const gate::Context& context, const Progress& p, const std::optional<std::string>& request, bool ever_in_force) {
  const auto& powers = context.permit().person().powers;
  std::vector<std::string> out;
  if (powers.contains("policies.manage")) {
    if (editable(p.state)) out.push_back("edit");
    if (p.state == "draft") out.push_back("opinions");
    if (p.state == "opinions" || p.state == "committee") out.push_back("draft");
    if (p.state == "draft" || p.state == "opinions" || (p.state == "committee" && request != "submitted")) out.push_back("committee");
    if (before_force(p.state)) out.push_back("withdrawn");
    out.push_back("answer");
  }
  if (p.state == "opinions") out.push_back("opinion");
  if (powers.contains("profile.confirm") && (p.state == "draft" || p.state == "opinions") && !ever_in_force) out.push_back("declare");
  return out;
}

bool ever_in_force(const std::vector<Progress>& all) {
  return std::any_of(all.begin(), all.end(), [](const Progress& p) { return p.state == "in_force" || p.state == "superseded" || p.state == "decided"; });
}

Result<VersionStateView> view_of(gate::Context& context, const Progress& p, const Version& version, std::int64_t open_repairs, bool ever) {
  SK_TRY(const auto request, request_state(context, p));
  SK_TRY(const auto opinions, Versions::opinions(context.tx, p.version));
  const auto open = std::count_if(opinions.begin(), opinions.end(), [](const Opinion& o) { return o.state == "open"; });
  return VersionStateView{p.version, static_cast<int>(version.number), version.title, p.state, p.base, p.reason, p.effective_on, p.decided_by, p.decided_at, p.decision, p.ended_at, p.request,
                          request, static_cast<int>(opinions.size()), static_cast<int>(open), static_cast<int>(open_repairs), p.counts, steps_of(context, p, request, ever)};
}

std::int64_t open_repairs_of(const Content& content) {
  return std::count_if(content.repairs.begin(), content.repairs.end(), [](const StoredRepair& r) { return r.state == "open"; });
}

Result<VersionStateView> state_view(gate::Context& context, const VersionId& version) {
  SK_TRY(const Content content, require_version(context, version));
  SK_TRY(const Progress p, require_progress(context, version));
  SK_TRY(const auto all, Versions::of(context.tx, p.document));
  return view_of(context, p, content.version, open_repairs_of(content), ever_in_force(all));
}

Result<PolicyDocument> require_document(gate::Context& context, const DocumentId& id) {
  context.about(id.str());
  SK_TRY(auto found, Table::document(context.tx, id));
  if (!found) return fail(Code::not_found, "policies.not_found", "no such document");
  return std::move(*found);
}

Result<HistoryView> history(gate::Context& context, DocumentIn& in) {
  SK_TRY(const PolicyDocument document, require_document(context, in.document));
  SK_TRY(const auto all, Versions::of(context.tx, in.document));
  SK_TRY(const auto versions, Table::versions(context.tx));
  HistoryView out{document.id, document.title, {}, {}};
  for (const Progress& p : all)
    for (const VersionCount& v : versions)
      if (v.version.id == p.version) {
        SK_TRY(auto view, view_of(context, p, v.version, v.open_repairs, ever_in_force(all)));
        out.items.push_back(std::move(view));
      }
  const bool in_force = std::any_of(all.begin(), all.end(), [](const Progress& p) { return p.state == "in_force"; });
  if (in_force && context.permit().person().powers.contains("policies.manage")) out.can.push_back("begin");
  return out;
}

// A copy of the version in force, under the same ids.
Result<VersionStateView> begin(gate::Context& context, BeginIn& in) {
  SK_TRY(const PolicyDocument document, require_document(context, in.document));
  SK_CHECK(check_reason(in.reason));
  SK_TRY(const auto current, Versions::in_force(context.tx, document.id));
  if (!current) return fail(Code::conflict, "policies.none_in_force", "an amendment begins from the version in force");
  SK_TRY(Content content, require_version(context, current->version));
  SK_TRY(const std::string source, Table::source(context.tx, current->version));
  SK_TRY(const auto latest, Table::latest(context.tx, document.id));
  SK_TRY(const Content newest, require_version(context, latest.value_or(current->version)));
  content.version.id = context.new_id<VersionTag>();
  content.version.number = newest.version.number + 1;
  content.version.imported_by = name_of(context.permit().person());
  content.version.imported_at = context.now;
  content.repairs.clear();
  content.document.repairs.clear();
  for (clauses::Clause& clause : content.document.clauses) clause.printed = clause.label;
  SK_CHECK(Table::insert(context.tx, content, source));
  SK_TRY(Progress p, require_progress(context, content.version.id));
  p.base = current->version;
  p.reason = in.reason;
  SK_CHECK(Versions::save(context.tx, p));
  context.about(content.version.id.str());
  return state_view(context, content.version.id);
}

std::string counts_text(const ChangeCounts& c) {
  return "新設 " + std::to_string(c.added) + "、削除 " + std::to_string(c.dropped) + "、改正 " + std::to_string(c.changed) + "、番号の変更 " + std::to_string(c.renumbered) + "、移動 " +
         std::to_string(c.moved);
}

// The request that the committee decides on; its signature is bound to the tree.
Status put_before_committee(gate::Context& context, Progress& p, const AdvanceIn& in, approvals::Approvals& approvals) {
  if (!in.effective_on) return fail(Code::invalid_argument, "policies.day", "the day of coming into force");
  SK_TRY(const Timestamp at, day_begins(*in.effective_on));
  SK_TRY(const Content content, require_version(context, p.version));
  SK_TRY(const auto current, Versions::in_force(context.tx, p.document));
  if (current) {
    SK_TRY(const Content before, require_version(context, current->version));
    p.counts = counts_of(before, content);
  }
  SK_TRY(const auto opinions, Versions::opinions(context.tx, p.version));
  const auto open = std::count_if(opinions.begin(), opinions.end(), [](const Opinion& o) { return o.state == "open"; });
  if (open > 0) return fail(Code::conflict, "policies.open_opinions", "opinions without an answer");
  p.tree_hash = tree_hash(content);
  p.effective_on = in.effective_on;
  p.effective_at = at;
  approvals::NewRequest request;
  request.kind = kVersionKind;
  request.subject = p.version.str();
  request.subject_hash = *p.tree_hash;
  request.fields = {{"document", content.version.title + "（第" + std::to_string(content.version.number) + "版）"}, {"effective_on", *in.effective_on}, {"changes", counts_text(p.counts)},
                    {"checks", "意見 " + std::to_string(opinions.size()) + "、確かめていない直し " + std::to_string(open_repairs_of(content))}};
  request.reason = p.reason;
  SK_TRY(const approvals::Request filed, approvals.open(context, std::move(request)));
  p.request = filed.id.str();
  context.note("approval", json::Value(filed.id.str()));
  return ok();
}

Result<VersionStateView> advance(gate::Context& context, AdvanceIn& in, approvals::Approvals& approvals) {
  context.about(in.version.str());
  SK_TRY(Progress p, require_progress(context, in.version));
  SK_CHECK(check_reason(in.reason.value_or("")));
  SK_TRY(const auto request, request_state(context, p));
  SK_TRY(const auto all, Versions::of(context.tx, p.document));
  const auto can = steps_of(context, p, request, ever_in_force(all));
  static constexpr const char* kSteps[] = {"draft", "opinions", "committee", "withdrawn"};
  if (std::find(std::begin(kSteps), std::end(kSteps), in.to) == std::end(kSteps)) return fail(Code::invalid_argument, "policies.step", "draft, opinions, committee or withdrawn");
  if (std::find(can.begin(), can.end(), in.to) == can.end()) return fail(Code::conflict, "policies.state", in.to + " in state " + p.state);
  if (in.reason && !in.reason->empty()) p.reason = *in.reason;
  if (in.to == "withdrawn") {
    if (!in.reason || in.reason->empty()) return fail(Code::invalid_argument, "policies.reason", "say why it is withdrawn");
    p.ended_at = context.now;
  }
  if (in.to == "committee") {
    SK_CHECK(put_before_committee(context, p, in, approvals));
  } else {
    p.request.reset();
    p.tree_hash.reset();
  }
  context.about(in.version.str());
  context.note("from", json::Value(std::string_view(p.state)));
  p.state = in.to;
  SK_CHECK(Versions::save(context.tx, p));
  return state_view(context, in.version);
}

// The former version makes room first: the schema knows one in force.
Status bring_into_force(gate::Context& context, Progress& p) {
  SK_TRY(const Content after, require_version(context, p.version));
  SK_TRY(auto former, Versions::in_force(context.tx, p.document));
  std::optional<Content> before;
  if (former) {
    SK_TRY(before, require_version(context, former->version));
    former->state = "superseded";
    former->ended_at = context.now;
    SK_CHECK(Versions::save(context.tx, *former));
    p.counts = counts_of(*before, after);
    context.note("superseded", json::Value(former->version.str()));
  }
  p.state = "in_force";
  SK_CHECK(Versions::save(context.tx, p));
  context.note("in_force", json::Value(p.version.str()));
  return renew_publication(context, before, after, p.base.has_value());
}

// At the last signature.
Status decide(gate::Context& context, const approvals::Grant& grant) {
  SK_TRY(const auto id, VersionId::parse(grant.content.subject));
  SK_TRY(Progress p, require_progress(context, id));
  SK_TRY(const Content content, require_version(context, id));
  if (p.state != "committee" || p.request != grant.id.str() || tree_hash(content) != grant.content.subject_hash) return fail(Code::conflict, "policies.not_what_was_asked", "edited or taken back since");
  p.state = "decided";
  p.decided_by = context.has_permit() ? name_of(context.permit().person()) : "";
  p.decided_at = context.now;
  for (const std::string& condition : grant.conditions) p.decision += (p.decision.empty() ? "" : "\n") + condition;
  context.note("version", json::Value(id.str()));
  if (p.effective_at && *p.effective_at <= context.now) return bring_into_force(context, p);
  return Versions::save(context.tx, p);
}

Result<VersionStateView> declare(gate::Context& context, DeclareIn& in) {
  context.about(in.version.str());
  SK_TRY(Progress p, require_progress(context, in.version));
  SK_CHECK(check_reason(in.decision));
  if (in.decision.empty()) return fail(Code::invalid_argument, "policies.reason", "say when and by whom it was decided");
  SK_TRY(const Timestamp at, day_begins(in.effective_on));
  if (at > context.now) return fail(Code::invalid_argument, "policies.day", "what begins later goes before the committee");
  SK_TRY(const auto all, Versions::of(context.tx, p.document));
  if (p.state != "draft" && p.state != "opinions") return fail(Code::conflict, "policies.state", "declare in state " + p.state);
  if (ever_in_force(all)) return fail(Code::conflict, "policies.not_first", "another version was decided before");
  p.effective_on = in.effective_on;
  p.effective_at = at;
  p.decided_by = name_of(context.permit().person());
  p.decided_at = context.now;
  p.decision = in.decision;
  SK_TRY(const Content content, require_version(context, in.version));
  p.tree_hash = tree_hash(content);
  SK_CHECK(bring_into_force(context, p));
  return state_view(context, in.version);
}

}  // namespace

std::string tree_hash(const Content& content) {
  json::Array list;
  for (std::size_t i = 0; i < content.document.clauses.size(); ++i) {
    const clauses::Clause& c = content.document.clauses[i];
    list.push_back(json::Array{content.ids[i].str(), c.parent, static_cast<int>(c.kind), c.part, std::string_view(c.ref), std::string_view(c.label), std::string_view(c.title), std::string_view(c.text)});
  }
  return to_hex(crypto::sha256(json::canonical(json::Object{{"title", std::string_view(content.version.title)}, {"clauses", std::move(list)}})));
}

clauses::Alignment same_ids(const Content& before, const Content& after) {
  std::map<ClauseId, int> places;
  for (std::size_t j = 0; j < after.ids.size(); ++j) places.emplace(after.ids[j], static_cast<int>(j));
  clauses::Alignment out{std::vector<int>(before.ids.size(), clauses::kNoPartner), std::vector<int>(after.ids.size(), clauses::kNoPartner)};
  for (std::size_t i = 0; i < before.ids.size(); ++i)
    if (const auto it = places.find(before.ids[i]); it != places.end()) {
      out.to_new[i] = it->second;
      out.to_old[static_cast<std::size_t>(it->second)] = static_cast<int>(i);
    }
  return out;
}

clauses::Alignment alignment_of(const Content& before, const Content& after) {
  if (before.version.document_id == after.version.document_id) return same_ids(before, after);
  return clauses::align(clauses::comparables(before.document), clauses::comparables(after.document));
}

Result<Content> require_version(gate::Context& context, const VersionId& version) {
  SK_TRY(auto found, Table::content(context.tx, version));
  if (!found) return fail(Code::not_found, "policies.not_found", "no such version");
  return std::move(*found);
}

Result<Progress> require_progress(gate::Context& context, const VersionId& version) {
  SK_TRY(auto found, Versions::find(context.tx, version));
  if (!found) return fail(Code::not_found, "policies.not_found", "no such version");
  return std::move(*found);
}

Status begin_edit(gate::Context& context, const VersionId& version) {
  SK_TRY(Progress p, require_progress(context, version));
  if (!editable(p.state)) return fail(Code::conflict, "policies.fixed", "the text is fixed in state " + p.state);
  if (p.state != "committee") return ok();
  p.state = "draft";
  p.request.reset();
  p.tree_hash.reset();
  context.note("back_to_draft", true);
  return Versions::save(context.tx, p);
}

Result<Timestamp> day_begins(const std::string& day) {
  const auto at = json::parse_rfc3339(day + "T00:00:00+09:00");
  if (day.size() != 10 || !at) return fail(Code::invalid_argument, "policies.day", "YYYY-MM-DD");
  return *at;
}

gate::Operation<VersionIn, VersionStateView> come_into_force() {
  return {"policies.come_into_force", "施行日の来た版を施行する", "policies.settle", gate::Access::write, 1024, gate::no_preparation<VersionIn>(),
          [](gate::Context& context, VersionIn& in) -> Result<VersionStateView> {
            context.about(in.version.str());
            SK_TRY(Progress p, require_progress(context, in.version));
            if (p.state != "decided" || !p.effective_at || *p.effective_at > context.now) return fail(Code::conflict, "policies.state", "not due in state " + p.state);
            SK_CHECK(bring_into_force(context, p));
            return state_view(context, in.version);
          }};
}

void register_versions(gate::Registry& registry, approvals::Approvals& approvals) {
  using gate::Access;
  approvals.handle(kVersionKind, {nullptr, decide, nullptr});
  registry.add(gate::Operation<DocumentIn, HistoryView>{"policies.history", "文書の版の状態と改版履歴", "policies.read", Access::read, 1024, gate::no_preparation<DocumentIn>(), history});
  registry.add(gate::Operation<BeginIn, VersionStateView>{"policies.begin_amendment", "施行中の版から改正の案を作る", "policies.manage", Access::write, 16384, gate::no_preparation<BeginIn>(), begin});
  registry.add(gate::Operation<AdvanceIn, VersionStateView>{"policies.advance", "版の状態を進める、戻す、取り下げる", "policies.manage", Access::write, 16384, gate::no_preparation<AdvanceIn>(),
                                                            [&approvals](gate::Context& context, AdvanceIn& in) { return advance(context, in, approvals); }});
  registry.add(gate::Operation<DeclareIn, VersionStateView>{"policies.declare", "最初の版を、すでに施行されているものとする", "policies.declare", Access::write, 16384,
                                                            gate::no_preparation<DeclareIn>(), declare});
  registry.add(come_into_force());
}

}  // namespace sekisho::standard
