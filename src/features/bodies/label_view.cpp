#include "features/bodies/label_view.h"

namespace sekisho::bodies {

LabelView view_of(const policy::Label& label, const Profile& profile) {
  LabelView out{label.c, label.i, label.a, {}, label.state == policy::State::known ? "known" : "unknown", "", ""};
  const auto name = [](const std::vector<Level>& levels, int rank, const char* axis) {
    return rank >= 1 && rank <= static_cast<int>(levels.size()) ? levels[static_cast<std::size_t>(rank) - 1].name : std::string(axis) + "未定";
  };
  out.text = name(profile.confidentiality, label.c, "機密性") + "・" + name(profile.integrity, label.i, "完全性") + "・" + name(profile.availability, label.a, "可用性");
  std::string segments;
  for (std::size_t i = 0; i < profile.segments.size(); ++i)
    if ((label.segments >> i & 1u) != 0) {
      out.segments.push_back(profile.segments[i].code);
      segments += (segments.empty() ? "" : "・") + profile.segments[i].name;
    }
  if (!segments.empty()) out.text += "（" + segments + "）";
  out.reason = label.state == policy::State::unknown ? "分類が決まっていないため、最も高い分類として扱います。"
               : label.readers.clauses().empty()      ? profile.self_name + "の" + word_of(profile, "staff") + "が読めます。"
                                                      : "読める人が限られています。";
  return out;
}

}  // namespace sekisho::bodies
