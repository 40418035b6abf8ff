// user import: the staff list of the personnel office, from a file.
#include "apps/command.h"
#include "core/bytes.h"
#include "features/accounts/staff_import.h"

namespace sekisho::apps {
namespace {

const char* word_of(accounts::StaffChange kind) {
  switch (kind) {
    case accounts::StaffChange::joins: return "新規";
    case accounts::StaffChange::returns: return "復帰";
    case accounts::StaffChange::changes: return "変更";
    case accounts::StaffChange::moves: return "異動";
    case accounts::StaffChange::leaves: return "退職";
  }
  return "";
}

std::string text_of(const accounts::StaffPreview& p, bool taken) {
  std::string out = "文字コード: " + p.encoding + (p.encoding_certain ? "" : "（推定です。違うときは --encoding で指定）") + "\n";
  for (const auto& r : p.refused) out += std::to_string(r.line) + "行目\t不可\t" + r.reason + "\n";
  for (const auto& c : p.changes) {
    out += (c.line ? std::to_string(*c.line) + "行目" : std::string("名簿になし")) + "\t" + word_of(c.kind) + "\t" + c.number + "\t" + c.name + "\t" + c.day;
    for (const auto& d : c.differences) out += "\t" + d.field + ": " + d.before + " → " + d.after;
    out += "\n";
  }
  const accounts::StaffCounts& n = p.counts;
  out += std::string(taken ? "取り込みました。" : "取り込んでいません。") + "新規 " + std::to_string(n.joins) + "、復帰 " + std::to_string(n.returns) + "、変更 " + std::to_string(n.changes) +
         "、異動 " + std::to_string(n.moves) + "、退職 " + std::to_string(n.leaves) + "、同じ " + std::to_string(n.same) + "、不可 " + std::to_string(n.refused);
  return out;
}

Status user_import(Invocation& in) {
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "user import FILE");
  SK_TRY(const std::string bytes, read_file(in.arguments.rest().front(), 4u << 20));
  const auto input = [&] {
    accounts::StaffImportIn out;
    out.content = Secret(to_base64(bytes));
    if (in.arguments.has("encoding")) out.encoding = in.arguments.value("encoding");
    if (in.arguments.has("day")) out.day = in.arguments.value("day");
    out.complete = in.arguments.flag("complete");
    out.skip_refused = in.arguments.flag("skip-refused");
    return out;
  };
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  const gate::Caller caller = engine->caller(*body, credential_of(in.arguments));
  SK_TRY(const auto seen, engine->gate().run(accounts::preview_staff(engine->accounts().credential_powers()), caller, input()));
  if (in.arguments.flag("dry-run")) {
    in.print(json::to_value(seen), text_of(seen, false));
    return ok();
  }
  accounts::StaffImportIn confirmed = input();
  confirmed.expect = seen.plan;
  SK_TRY(const auto taken, engine->gate().run(accounts::import_staff(engine->accounts().credential_powers()), caller, std::move(confirmed)));
  in.print(json::to_value(taken), text_of(taken, true));
  return ok();
}

}  // namespace

void add_staff_commands(std::vector<Command>& commands) {
  commands.push_back({"user import", "--body B FILE [--dry-run] [--encoding CP932] [--day 2026-04-01] [--complete] [--skip-refused] [--user U]",
                      "職員の名簿（CSV）を取り込む", {"body", "user", "encoding", "day"}, {"dry-run", "complete", "skip-refused"}, user_import});
}

}  // namespace sekisho::apps
