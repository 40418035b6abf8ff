#include "features/bodies/label_view.h"

#include "features/bodies/scheme.h"

namespace sekisho::bodies {
namespace {

std::string name_of(const policy::Principal& principal, const LabelWords& words) {
  const std::size_t colon = principal.find(':');
  const std::string kind = principal.substr(0, colon), id = principal.substr(colon == std::string::npos ? principal.size() : colon + 1);
  if (kind == "unit")
    for (const Unit& unit : words.units)
      if (unit.id.str() == id) return unit.name;
  return kind == "user" && id == words.me ? "本人" : "指定された人";
}

std::string readers_text(const policy::Clause& clause, const LabelWords& words) {
  std::string out;
  for (const policy::Principal& p : clause) {
    const std::string name = name_of(p, words);
    if (out.find(name) == std::string::npos) out += (out.empty() ? "" : "・") + name;
  }
  return out;
}

}  // namespace

Result<LabelWords> label_words(gate::Context& context) {
  LabelWords out;
  SK_TRY(auto body, Table::profile(context.tx));
  out.profile = std::move(body.profile);
  SK_TRY(out.units, Table::units(context.tx));
  out.me = context.permit().person().user_id;
  const policy::Ground& ground = context.permit().matrix().ground(policy::Axis::lowering_unapproved);
  out.change = "分類を下げるには、申請と、" + context.body.words.load()->permitter(ground.who_can_permit) + "の承認が必要です（根拠: " + ground.clause + "）。上げることは、いつでもできます。";
  return out;
}

Result<LabelWords> label_words_at(gate::Context& context, Timestamp then) {
  SK_TRY(auto out, label_words(context));
  SK_TRY(const auto schemes, Schemes::read(context.tx));
  if (!schemes.changed_since(then)) return out;
  SK_TRY(const auto versions, Table::versions(context.tx));
  for (const VersionRow& version : versions) {
    if (!version.started_at || *version.started_at > then) continue;  // newest first
    SK_TRY(const auto row, Table::version(context.tx, version.number));
    SK_TRY(out.profile, json::read_text<ProfileFile>(row->document));
    return out;
  }
  return out;
}

LabelView view_of(const policy::Label& label, const LabelWords& words) {
  const Profile& profile = words.profile;
  LabelView out;
  out.c = label.c;
  out.i = label.i;
  out.a = label.a;
  out.state = label.state == policy::State::known ? "known" : "unknown";
  const auto add = [&](const std::vector<Level>& names, int rank, const char* axis) {
    if (names.empty()) return;
    out.classes.push_back(rank >= 1 && rank <= static_cast<int>(names.size()) ? names[static_cast<std::size_t>(rank) - 1].name : std::string(axis) + "未定");
    out.text += (out.text.empty() ? "" : "・") + out.classes.back();
  };
  add(profile.confidentiality, label.c, "機密性");
  add(profile.integrity, label.i, "完全性");
  add(profile.availability, label.a, "可用性");
  std::string segments;
  for (std::size_t i = 0; i < profile.segments.size(); ++i)
    if ((label.segments >> i & 1u) != 0) {
      out.segments.push_back(profile.segments[i].code);
      out.segment_names.push_back(profile.segments[i].name);
      segments += (segments.empty() ? "" : "・") + profile.segments[i].name;
    }
  if (!segments.empty()) out.text += "（" + segments + "）";
  for (const policy::Clause& clause : label.readers.clauses()) out.readers.push_back(readers_text(clause, words));
  out.reason = label.state == policy::State::unknown ? "分類が決まっていないため、最も高い分類として扱います。"
               : label.readers.clauses().empty()      ? profile.self_name + "の" + word_of(profile, "staff") + "が読めます。"
                                                      : "読める人が限られています。";
  out.change = words.change;
  return out;
}

}  // namespace sekisho::bodies
