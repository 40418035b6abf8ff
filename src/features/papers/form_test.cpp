// The printed form of every shipped definition, filled in with sample values, under every shipped organisation. With SEKISHO_FORMS_OUT=FOLDER the PDFs of
// the first organisation are written there, to be looked at.
#include "features/papers/form.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/bytes.h"
#include "workflow/test_support.h"

namespace sekisho::papers {
namespace {

constexpr Timestamp kNow{1'795'000'000'000'000};

std::string sample(const std::string& type, const std::optional<std::vector<workflow::Choice>>& choices) {
  if (type == "number") return "12";
  if (type == "yes_no") return "はい";
  if (type == "date") return "令和8年11月18日";
  if (type == "datetime") return "令和8年11月18日 09:05";
  if (type == "person") return "青嶺 太郎";
  if (type == "people") return "青嶺 太郎、池上 直美、大庭 美佐子";
  if (type == "department") return "福祉課";
  if (type == "departments") return "福祉課、税務課";
  if (type == "class") return "機密性2・完全性2・可用性1";
  if (type == "choice" || type == "choices") return choices && !choices->empty() ? choices->front().title : "";
  if (type == "reference" || type == "references") return "資-2026-0012";
  if (type == "clause") return "10(3)ア(ア)";
  if (type == "long_text") return "通知書を別の世帯の封筒に入れて送った。\n宛名の確認を一人で行っており、照合の記録がなかった。今後は二人で確かめ、記録を残す。";
  return "窓口で受け付けた申請書の写し";
}

office::FieldView filled(const workflow::Field& f) {
  office::FieldView out;
  out.key = f.key;
  if (f.type == "table") {
    for (int n = 0; n < 3; ++n) {
      out.rows.emplace_back();
      for (const workflow::Column& c : *f.columns) out.rows.back().push_back(sample(c.type, c.choices));
    }
  } else if (f.type == "checklist") {
    for (const workflow::Item& item : *f.items) out.rows.push_back({item.title, "済", ""});
  } else if (f.type != "attachment") {
    out.text = sample(f.type, f.choices);
  }
  return out;
}

office::CaseView sample_case(const workflow::Definition& d) {
  office::CaseView out;
  out.number = d.number ? d.number->prefix + "-2026-0007" : "7";
  out.definition = d.id;
  out.definition_title = d.title;
  out.subject = "住民への通知の誤送付について";
  out.state_title = d.states.back().title;
  out.unit = "福祉課";
  out.opener = "廣瀬 葵";
  out.opened_at = kNow;
  for (const workflow::Field& f : d.fields) {
    out.fields.push_back(filled(f));
    if (f.type == "attachment") out.attachments.push_back({office::AttachmentId{}, f.key, "写真1.jpg", 1000, std::string(64, 'a'), "2026-11-18", "廣瀬 葵", kNow});
  }
  for (const workflow::Region& r : d.regions.value_or(std::vector<workflow::Region>{})) out.regions.push_back({r.key, r.title, r.states.back().key, r.states.back().title, "closed", true});
  int n = 0;
  for (const workflow::Transition& t : d.transitions) {
    if (++n > 8) break;
    office::EventView e;
    e.event = "move";
    e.title = t.title;
    e.to = d.states.back().title;
    e.name = "池上 直美";
    e.note = t.reason.value_or(false) ? "確かめたため" : "";
    e.at = kNow;
    out.history.push_back(std::move(e));
  }
  if (d.print && d.print->seals)
    for (const workflow::Seal& s : *d.print->seals) out.seals.push_back({s.title, s.transition ? "大庭 美佐子" : "", s.transition ? std::optional(kNow) : std::nullopt, true});
  return out;
}

std::string words_of(const outside::Report& report) {
  std::string out;
  const auto add = [&](const outside::Cell& cell) {
    for (const outside::Span& span : cell) out += span.text;
    out += "\n";
  };
  for (const outside::Part& part : report.parts) {
    out += part.text + "\n";
    for (const std::string& head : part.grid.head) out += head + "\n";
    for (const auto& row : part.grid.rows)
      for (const outside::Cell& cell : row) add(cell);
    for (const outside::Box& box : part.boxes) out += box.title + "\n";
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> shipped() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SK_SOURCE_DIR) + "/packs/office"))
    if (entry.path().extension() == ".yaml") out.emplace_back(entry.path().stem().string(), read_file(entry.path().string(), 1 << 20).value());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Form, OfEveryShippedDefinitionHoldsEveryFieldAndHasItsBoxes) {
  const char* const folder = std::getenv("SEKISHO_FORMS_OUT");
  const auto organisations = workflow::shipped_organisations();
  for (const workflow::Organisation& here : organisations)
    for (const auto& [name, source] : shipped()) {
      std::map<std::string, int> lines;
      const workflow::Loaded loaded = workflow::read_definition(source, here, lines);
      if (loaded.absent) continue;
      ASSERT_TRUE(loaded.definition.has_value()) << name << (loaded.findings.empty() ? "" : loaded.findings.front().text);
      const workflow::Definition& d = *loaded.definition;
      outside::Report report;
      report.title = d.title;
      report.label = "機密性2・完全性2・可用性1";
      report.foot = d.title + "　令和8年11月18日作成";
      add_form(d, sample_case(d), 1, report);
      const std::string words = words_of(report);
      for (const workflow::Field& f : d.fields) EXPECT_NE(words.find(f.title), std::string::npos) << name << " does not print " << f.key << " under " << here.name;
      ASSERT_TRUE(d.print && d.print->seals && !d.print->seals->empty()) << name;
      for (const workflow::Seal& s : *d.print->seals) {
        EXPECT_EQ(s.title.find('{'), std::string::npos) << name << " " << s.title;
        EXPECT_FALSE(s.title.empty()) << name;
      }
      EXPECT_EQ(words.find('{'), std::string::npos) << name;
      if (&here != &organisations.front()) continue;
      const auto pdf = outside::report_pdf(report);
      ASSERT_TRUE(pdf.has_value()) << name << " " << pdf.error().key;
      if (folder != nullptr) {
        ASSERT_TRUE(write_file(std::string(folder) + "/" + name + ".pdf", *pdf).has_value());
      }
    }
}

TEST(Form, LeavesOutWhatTheCallerDoesNotSee) {
  std::map<std::string, int> lines;
  const auto all = shipped();
  const auto source = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.first == "incidents"; });
  const workflow::Loaded loaded = workflow::read_definition(source->second, workflow::shipped_organisations().front(), lines);
  office::CaseView one = sample_case(*loaded.definition);
  std::erase_if(one.fields, [](const office::FieldView& f) { return f.key == "what"; });
  one.history.clear();
  outside::Report report;
  add_form(*loaded.definition, one, 2, report);
  const std::string words = words_of(report);
  EXPECT_EQ(words.find("何が起きたか"), std::string::npos);
  EXPECT_NE(words.find("気付いた日時"), std::string::npos);
}

}  // namespace
}  // namespace sekisho::papers
