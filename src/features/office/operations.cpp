#include "features/office/operations.h"

#include "crypto/hash.h"
#include "features/office/views.h"

namespace sekisho::office {
namespace {

using bodies::Nothing;
using bodies::WholeListIn;
using gate::Access;
using gate::Context;

constexpr std::size_t kMaxIn = 600 * 1024;
constexpr std::size_t kMaxFile = std::size_t{8} << 20;
constexpr std::size_t kMaxFileIn = std::size_t{12} << 20;
constexpr std::size_t kMaxName = 300;
constexpr int kDueAtOnce = 500;

template <class In, class Out, class Run>
gate::Operation<In, Out> operation(const char* name, const char* summary, const char* action, Access access, Run run) {
  return {name, summary, action, access, kMaxIn, gate::no_preparation<In>(), std::move(run)};
}

template <class In, class Out, class Run>
gate::Operation<In, Out> reading(const Office& office, const char* name, const char* summary, const char* action, Run run) {
  return operation<In, Out>(name, summary, action, Access::read, [&office, run](Context& context, In& in) -> Result<Out> {
    SK_TRY(const Actor actor, actor_of(context, office.directory()));
    Views views(office, context, actor);
    return run(views, in);
  });
}

// A step, and the case as it is afterwards.
template <class In, class Run>
gate::Operation<In, CaseView> step(Office& office, const char* name, const char* summary, Run run) {
  return operation<In, CaseView>(name, summary, "office.act", Access::write, [&office, run](Context& context, In& in) -> Result<CaseView> {
    SK_TRY(const Actor actor, actor_of(context, office.directory()));
    SK_CHECK(run(office, context, actor, in));
    return Views(office, context, actor).whole(in.id);
  });
}

json::Object object_of(const std::map<std::string, json::Value>& fields) {
  json::Object out;
  for (const auto& [key, value] : fields) out[key] = value;
  return out;
}

// Decodes and stores the file before the transaction. What no row names in the end is removed at the next start.
Status store_file(gate::Preparation& preparation, AttachIn& in) {
  if (in.name.empty() || in.name.size() > kMaxName || in.name.find_first_of("/\\\n") != std::string::npos) return fail(Code::invalid_argument, "office.file_name", "1 to 300 bytes, no path");
  SK_TRY(const std::string bytes, from_base64(in.content.reveal()));
  in.content = Secret();
  if (bytes.empty() || bytes.size() > kMaxFile) return fail(Code::too_large, "office.file_size", "1 byte to 8 MiB");
  auto made = std::make_shared<Attachment>();
  made->field = in.field;
  made->name = in.name;
  made->bytes = static_cast<std::int64_t>(bytes.size());
  made->sha256 = to_hex(crypto::sha256(bytes));
  made->dated = in.dated.value_or("");
  SK_TRY(made->blob, preparation.body.blobs->put(bytes));
  in.made = std::move(made);
  return ok();
}

void register_steps(Office& o, gate::Registry& registry) {
  registry.add(operation<OpenIn, CaseView>("office.open", "案件を開く", "office.act", Access::write, [&o](Context& context, OpenIn& in) -> Result<CaseView> {
    SK_TRY(const Actor actor, actor_of(context, o.directory()));
    SK_TRY(const CaseId id, o.open(context, actor, in.definition, object_of(in.fields), {}));
    return Views(o, context, actor).whole(id);
  }));
  registry.add(step<EditIn>(o, "office.edit", "案件の欄を書く", [](Office& all, Context& c, const Actor& who, EditIn& in) { return all.edit(c, who, in.id, in.hash, object_of(in.fields)); }));
  registry.add(step<StepIn>(o, "office.move", "案件を進める、認める、差し戻す", [](Office& all, Context& c, const Actor& who, StepIn& in) {
    MoveIn move{in.transition, in.hash, in.fields ? object_of(*in.fields) : json::Object(), in.note.value_or(""), in.unavoidable.value_or("")};
    return all.move(c, who, in.id, move);
  }));
  registry.add(step<CommentIn>(o, "office.comment", "案件に書き添える", [](Office& all, Context& c, const Actor& who, CommentIn& in) { return all.comment(c, who, in.id, in.text); }));
  registry.add(step<ParticipantIn>(o, "office.add_participant", "関係者を加える", [](Office& all, Context& c, const Actor& who, ParticipantIn& in) { return all.add_participant(c, who, in.id, in.login); }));
  registry.add(step<LinkIn>(o, "office.link", "案件をつなぐ", [](Office& all, Context& c, const Actor& who, LinkIn& in) { return all.link(c, who, in.id, in.other); }));
  gate::Operation<AttachIn, CaseView> attach = step<AttachIn>(o, "office.attach", "案件にファイルを付ける", [](Office& all, Context& c, const Actor& who, AttachIn& in) -> Status {
    if (!in.made) return fail(Code::internal, "internal", "prepared nothing");
    return all.attach(c, who, in.id, *in.made);
  });
  attach.prepare = store_file;
  attach.max_in_bytes = kMaxFileIn;
  registry.add(std::move(attach));
  registry.add(operation<NoticeIn, Nothing>("office.see", "知らせを見たことを残す", "office.act", Access::write, [&o](Context& context, NoticeIn& in) -> Result<Nothing> {
    SK_TRY(const Actor actor, actor_of(context, o.directory()));
    SK_CHECK(o.see(context, actor, in.id));
    return Nothing{};
  }));
}

void register_definitions(Office& o, gate::Registry& registry) {
  registry.add(operation<DefineIn, CheckOut>("office.check", "定義を確かめる", "office.define", Access::read, [&o](Context& context, DefineIn& in) -> Result<CheckOut> {
    SK_TRY(const Organisation here, o.definitions().organisation(context.tx, context.body.code));
    SK_TRY(const auto own, DefinitionTable::own(context.tx));
    std::vector<std::string> also;
    for (const Version& v : own) also.push_back(v.name);
    const workflow::Loaded loaded = o.definitions().check(in.source, *here, also);
    CheckOut out{loaded.definition.has_value(), loaded.absent, loaded.definition ? loaded.definition->id : "", {}};
    for (const workflow::Finding& f : loaded.findings) out.findings.push_back({f.line, f.place, f.text});
    return out;
  }));
  registry.add(operation<DefineIn, VersionView>("office.define", "団体の定義を置く", "office.define", Access::write, [&o](Context& context, DefineIn& in) -> Result<VersionView> {
    if (in.note && in.note->size() > 2000) return fail(Code::invalid_argument, "office.note", "too long");
    SK_TRY(const ReadVersion put, o.definitions().put(context, in.source, in.note.value_or("")));
    const Version& v = put.version;
    context.about(v.id.str());
    context.note("definition", json::Value(std::string_view(v.name)));
    return VersionView{v.id, v.number, v.own, v.note, v.put_by, v.put_at, v.withdrawn_at};
  }));
  registry.add(operation<WithdrawIn, Nothing>("office.withdraw", "団体の定義をやめ、元の定義に戻す", "office.define", Access::write, [](Context& context, WithdrawIn& in) -> Result<Nothing> {
    context.note("definition", json::Value(std::string_view(in.definition)));
    SK_TRY(const bool done, DefinitionTable::withdraw(context.tx, in.definition, context.now));
    if (!done) return fail(Code::not_found, "office.definition_not_found", "no version of the body's own");
    return Nothing{};
  }));
}

}  // namespace

Result<std::vector<Timer>> due(sql::Tx& tx, Timestamp now) { return HistoryTable::due(tx, now, kDueAtOnce); }

void register_operations(gate::Registry& registry, const std::shared_ptr<Office>& office) {
  Office& o = *office;
  registry.add(reading<WholeListIn, RegisterList>(o, "office.registers", "台帳と手続の一覧", "office.read", [](Views& v, WholeListIn&) { return v.registers(); }));
  registry.add(reading<DefinitionIn, DefinitionView>(o, "office.definition", "台帳や手続の定義", "office.read", [](Views& v, DefinitionIn& in) { return v.definition(in); }));
  registry.add(reading<ListIn, ItemList>(o, "office.list", "案件の一覧と検索", "office.read", [](Views& v, ListIn& in) { return v.list(in); }));
  registry.add(reading<CaseIdIn, CaseView>(o, "office.describe", "案件の内容と経過", "office.read", [](Views& v, CaseIdIn& in) { return v.whole(in.id); }));
  registry.add(reading<PageIn, ItemList>(o, "office.tasks", "自分を待っている案件", "office.read", [](Views& v, PageIn& in) { return v.tasks(in); }));
  registry.add(reading<PageIn, NoticeList>(o, "office.notices", "自分への知らせ", "office.read", [](Views& v, PageIn& in) { return v.notices(in); }));
  registry.add(reading<DutiesIn, DutyList>(o, "office.duties", "年度の仕事と進み具合", "office.read", [](Views& v, DutiesIn& in) { return v.duties(in); }));
  registry.add(operation<AttachmentIdIn, FileOut>("office.attachment", "案件のファイルを受け取る", "office.export", Access::read, [&o](Context& context, AttachmentIdIn& in) -> Result<FileOut> {
    SK_TRY(const Actor actor, actor_of(context, o.directory()));
    SK_TRY(const auto found, HistoryTable::attachment(context.tx, in.attachment));
    if (!found) return fail(Code::not_found, "office.not_found", "no such file");
    SK_TRY(const File file, o.read(context, actor, found->about));
    const workflow::Field* const field = file.d().field(found->field);
    if (field == nullptr) return fail(Code::not_found, "office.not_found", "no such file");
    SK_TRY(const bool visible, o.may_see(context, file, actor, *field));
    if (!visible) return fail(Code::not_found, "office.not_found", "no such file");
    context.about(found->about.str());
    if (const auto allowed = policy::decide_export(context.permit().matrix(), context.permit().person(), {"office", {}}, file.c.label); !allowed.allow) return fail(policy::denial(allowed));
    SK_TRY(const std::string bytes, context.body.blobs->get(found->blob));
    if (to_hex(crypto::sha256(bytes)) != found->sha256) return fail(Code::corrupt, "blob.corrupt", "not the file that was attached");
    return FileOut{found->name, found->sha256, to_base64(bytes)};
  }));
  registry.add(reading<ExportIn, LedgerFileOut>(o, "office.export", "台帳をCSVかExcelのファイルにする", "office.export", [](Views& v, ExportIn& in) { return v.ledger(in); }));
  register_steps(o, registry);
  register_definitions(o, registry);
  registry.add(operation<TimerIn, Nothing>("office.settle", "期日の来た案件を進める", "office.settle", Access::write, [office](Context& context, TimerIn& in) -> Result<Nothing> {
    SK_CHECK(office->settle(context, {in.id, in.about, in.region, in.state, in.what, in.at}));
    return Nothing{};
  }));
  registry.add(operation<HappenedIn, Nothing>("office.happened", "プログラムの気付いたことから案件を開く", "office.settle", Access::write, [office](Context& context, HappenedIn& in) -> Result<Nothing> {
    SK_CHECK(office->happened(context, "", in.event, in.detail));
    return Nothing{};
  }));
  registry.add(operation<Nothing, Nothing>("office.run_duties", "期間の来た仕事を開く", "office.settle", Access::write, [office](Context& context, Nothing&) -> Result<Nothing> {
    SK_CHECK(office->run_duties(context));
    return Nothing{};
  }));
}

}  // namespace sekisho::office
