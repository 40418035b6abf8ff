// The content log as files: JSON Lines, whole, for programs; CSV for a spreadsheet. Both are plain UTF-8 text.
#include "features/contentlog/operations.h"
#include "text/csv.h"
#include "text/utf8.h"

namespace sekisho::contentlog {
namespace {

// A spreadsheet's cell holds 32,767 UTF-16 units; what is longer goes on in further rows, so that nothing is cut.
constexpr std::size_t kCellUnits = 30'000;

std::string_view part_of(std::string_view text, std::size_t& at) {
  std::size_t end = at;
  for (std::size_t units = 0; end < text.size() && units < kCellUnits;) {
    const auto lead = static_cast<unsigned char>(text[end]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    units += bytes == 4 ? 2 : 1;
    end = std::min(text.size(), end + bytes);
  }
  const std::string_view out = text.substr(at, end - at);
  at = end;
  return out;
}

std::string joined(const std::vector<std::int64_t>& numbers) {
  std::string out;
  for (const std::int64_t n : numbers) out += (out.empty() ? "" : " ") + std::to_string(n);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : "、") + w;
  return out;
}

std::string findings_text(const std::vector<FindingView>& findings) {
  std::string out;
  for (const FindingView& f : findings) out += (out.empty() ? "" : " ") + f.kind + ":" + f.action + ":" + std::to_string(f.count);
  return out;
}

void put_row(text::CsvWriter& csv, const QuestionView& q, int part, std::string_view question, std::string_view answer) {
  csv.cell(q.seq).cell(static_cast<std::int64_t>(part)).cell(to_jst_minutes(q.at)).cell(q.person.name).cell(q.person.login).cell(q.person.department);
  csv.cell(q.door == "chat" ? "会話" : "API").cell(q.decision == "allow" ? "許可" : q.decision == "deny" ? "拒否" : "失敗").cell(q.clause).cell(q.error.value_or(""));
  csv.cell(q.content == "shown" ? "あり" : q.content == "hidden" ? "閲覧の権限外" : "消去済み").cell(question).cell(answer).cell(q.state).cell(q.engine).cell(q.model.value_or(""));
  csv.cell(q.characters.in).cell(q.characters.out).cell(q.characters.context).cell(joined(q.passages)).cell(findings_text(q.findings));
  csv.cell(q.label.text).cell(joined(q.label.segment_names)).end_row();
}

}  // namespace

std::string as_csv(const std::vector<QuestionView>& questions) {
  text::CsvWriter csv;
  for (const char* name : {"記録の番号", "部分", "日時", "職員", "ログイン名", "部署", "入口", "判断", "根拠", "エラー", "内容", "質問", "回答", "回答の状態", "接続先", "モデル", "入力した文字数",
                           "回答の文字数", "資料の文字数", "資料の断片", "検知", "分類", "セグメント"})
    csv.cell(name);
  csv.end_row();
  for (const QuestionView& q : questions) {
    std::size_t in = 0;
    std::size_t out = 0;
    for (int part = 1; part == 1 || in < q.question.size() || out < q.answer.size(); ++part) {
      const std::string_view question = part_of(q.question, in);
      put_row(csv, q, part, question, part_of(q.answer, out));
    }
  }
  return std::move(csv).take();
}

std::string as_json_lines(const std::vector<QuestionView>& questions) {
  std::string out;
  for (const QuestionView& q : questions) out += json::serialise(json::to_value(q)) + "\n";
  return out;
}

}  // namespace sekisho::contentlog
