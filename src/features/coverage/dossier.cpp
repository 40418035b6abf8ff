// The auditors' dossier: one page without scripts and without anything from elsewhere, to be printed or kept.
//
// A proof is a C2SP tlog-proof as `sekisho log prove` writes it: whoever saves its text as a file checks it with the log's verifier key alone.
#include "core/markup.h"
#include "features/coverage/coverage.h"
#include "gate/log_read_table.h"
#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"

namespace sekisho::coverage {
namespace {

constexpr std::uint64_t kLookAhead = 1024;  // leaves: an act's record lies at most one batch after the size that it was written at
constexpr std::size_t kMostProofs = 300;
constexpr const char* kRecording = "coverage.record_evidence";

constexpr const char* kHead =
    "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>{title}</title><style>"
    "body{font-family:'Noto Sans JP','Hiragino Kaku Gothic ProN',Meiryo,sans-serif;line-height:1.6;margin:2rem;color:#1a1a1a}"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:2px solid #333}"
    "table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{border:1px solid #767676;padding:.25rem .4rem;text-align:left;vertical-align:top}"
    "th{background:#f0f0f0}td.n{text-align:right}pre{white-space:pre-wrap;word-break:break-all;font-size:.7rem;border:1px solid #999;padding:.4rem}"
    "tr{page-break-inside:avoid}@page{size:A4 landscape;margin:12mm}</style></head><body>";

constexpr const char* kBreak = "<br>";

std::string word_of(State state) {
  switch (state) {
    case State::green: return "○ 適合";
    case State::amber: return "△ 注意";
    case State::not_applicable: return "― 対象外";
    case State::red: break;
  }
  return "× 不備";
}

std::string word_of_kind(std::string_view kind) {
  if (kind == "enforced" || kind == "enforce") return "強制";
  if (kind == "workflow") return "手続";
  if (kind == "register") return "台帳";
  if (kind == "document") return "文書";
  if (kind == "check") return "点検";
  return kind == "physical" ? "物理" : std::string(kind);
}

std::string row(const std::vector<std::string>& cells, const char* element = "td") {
  std::string out = "<tr>";
  for (const std::string& cell : cells) out += std::string("<") + element + ">" + escape_markup(cell, kBreak) + "</" + element + ">";
  return out + "</tr>";
}

std::string table(const std::vector<std::string>& head, const std::string& rows) { return "<table><thead>" + row(head, "th") + "</thead><tbody>" + rows + "</tbody></table>"; }

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : "、") + one;
  return out;
}

std::string when(const std::optional<Timestamp>& at) { return at ? to_jst_minutes(*at) : ""; }

std::string counts_of(const Counts& c) {
  return row({std::to_string(c.green), std::to_string(c.amber), std::to_string(c.red), std::to_string(c.not_applicable)});
}

std::string summary(const Coverage& c) {
  std::string documents, chapters;
  for (const DocumentRow& d : c.documents) documents += row({d.title, d.version, d.sha256});
  for (const ChapterView& v : c.chapters)
    chapters += row({v.document, v.chapter + " " + v.title, std::to_string(v.counts.green), std::to_string(v.counts.amber), std::to_string(v.counts.red), std::to_string(v.counts.not_applicable)});
  return "<h2>まとめ</h2><h3>条項</h3>" + table({"適合", "注意", "不備", "対象外"}, counts_of(c.clause_counts)) + "<h3>統制</h3>" +
         table({"適合", "注意", "不備", "対象外"}, counts_of(c.control_counts)) + "<h3>章ごとの条項の数</h3>" + table({"文書", "章", "適合", "注意", "不備", "対象外"}, chapters) +
         "<h3>もとの文書</h3>" + table({"文書", "版", "ファイルの要約値（SHA-256）"}, documents);
}

std::string controls_of(const Coverage& c) {
  std::string rows;
  for (const ControlView& v : c.controls) {
    std::string facts;
    for (const Fact& fact : v.facts) facts += (facts.empty() ? "" : "、") + fact.name + " " + fact.value;
    if (v.log_seq) facts += (facts.empty() ? "" : "、") + std::string("記録の番号 ") + std::to_string(*v.log_seq);
    rows += row({word_of(v.state), v.title, word_of_kind(v.kind), v.clause, v.reason, facts, v.role, joined(v.clauses)});
  }
  return "<h2>統制</h2>" + table({"状態", "統制", "種別", "標準の条項", "理由", "事実", "責任者", "この団体の条項"}, rows);
}

std::string clauses_of(const Coverage& c) {
  std::string rows;
  for (const ClauseView& v : c.clauses) rows += row({v.ref, v.title.empty() ? v.text : v.title, word_of_kind(v.kind), word_of(v.state), v.reason, joined(v.controls), v.confirmed ? "確認済み" : "未確認"});
  return "<h2>条項と統制の対応</h2>" + table({"条項", "内容", "種別", "状態", "理由", "統制", "意味の確認"}, rows);
}

std::string gaps_of(const Coverage& c) {
  std::string rows;
  for (const GapView& g : c.gaps)
    rows += row({g.title, g.reason, g.role, to_jst_minutes(g.opened_at), when(g.closed_at), g.closed_by.value_or(g.closed_at ? "適合になったため" : ""), g.close_reason.value_or("")});
  return "<h2>不備とその始末</h2>" + table({"統制", "理由", "責任者", "開いた日時", "閉じた日時", "閉じた人", "閉じた理由"}, rows);
}

// The leaf that recorded the evidence; nullopt: the log has none there.
Result<std::optional<gate::LeafRow>> leaf_of(sql::Tx& tx, const EvidenceId& id) {
  SK_TRY(const auto evidence, Table::find(tx, id));
  if (!evidence) return std::optional<gate::LeafRow>();
  SK_TRY(auto leaves, gate::leaves_from(tx, static_cast<std::uint64_t>(evidence->log_from), kLookAhead));
  for (gate::LeafRow& leaf : leaves) {
    const auto decoded = tlog::decode_leaf(leaf.leaf);
    if (decoded && decoded->object == id.str() && decoded->act == kRecording && decoded->decision == "allow") return std::optional(std::move(leaf));
  }
  return std::optional<gate::LeafRow>();
}

struct Proven {
  std::string seq;
  std::string text;
};
Result<Proven> proof_of(sql::Tx& tx, const EvidenceId& id, const std::optional<gate::HeadRow>& head) {
  SK_TRY(const auto leaf, leaf_of(tx, id));
  if (!leaf) return Proven{"見つかりません", ""};
  if (!head || leaf->seq >= head->size) return Proven{std::to_string(leaf->seq) + "（まだ署名された先頭にありません）", ""};
  SK_TRY(tlog::Proof proof, tlog::inclusion_proof(leaf->seq, head->size, gate::stored_hashes(tx, head->size)));
  return Proven{std::to_string(leaf->seq), tlog::encode_inclusion({leaf->leaf, leaf->seq, std::move(proof), head->note})};
}

Result<std::string> evidence_of(const Coverage& c, gate::Body& body, sql::Tx& tx) {
  SK_TRY(const auto head, gate::newest_head(tx));
  SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*body.log_keys));
  std::string rows, proofs;
  std::size_t proven = 0;
  for (const ControlView& control : c.controls)
    for (const EvidenceView& e : control.evidence) {
      Proven found;
      if (e.id && proven < kMostProofs) {
        SK_TRY(found, proof_of(tx, *e.id, head));
        ++proven;
      }
      rows += row({control.title, e.what, when(e.dated_at), when(e.expires_at), e.recorded_by, when(e.recorded_at), e.sha256, e.link, found.seq,
                   e.withdrawn_by ? "取下げ（" + *e.withdrawn_by + "）: " + e.withdraw_reason.value_or("") : ""});
      if (!found.text.empty()) proofs += "<h3>" + escape_markup(control.title + "（記録 " + found.seq + "）", kBreak) + "</h3><pre>" + escape_markup(found.text) + "</pre>";
    }
  return "<h2>証拠</h2>" + table({"統制", "証拠", "証拠の日", "期限", "記録した人", "記録した日時", "要約値（SHA-256）", "ある所", "記録の番号", "取下げ"}, rows) +
         "<h2>記録の証明</h2><p>署名を確かめる鍵: <code>" + escape_markup(key.text(), kBreak) + "</code></p>" +
         (head ? "<h3>署名された先頭（" + std::to_string(head->size) + " 件）</h3><pre>" + escape_markup(head->note) + "</pre>" : "<p>署名された先頭がまだありません。</p>") + proofs;
}

}  // namespace

Result<std::string> dossier_html(const Coverage& coverage, gate::Body& body, sql::Tx& tx) {
  const std::string title = coverage.body_name + " 情報セキュリティの適用状況 " + coverage.year_label;
  std::string out = kHead;
  out.replace(out.find("{title}"), 7, escape_markup(title, kBreak));
  out += "<h1>" + escape_markup(title, kBreak) + "</h1><p>" + escape_markup(to_jst_minutes(coverage.at), kBreak) + " の状態。統制の一覧の版 " + escape_markup(coverage.catalogue, kBreak) + "。" +
         (coverage.live ? "強制の統制は、動いているシステムを調べた結果です。" : "強制の統制は、その年度の終わりに記されていた状態です。") + "</p>";
  SK_TRY(const std::string evidence, evidence_of(coverage, body, tx));
  return out + summary(coverage) + gaps_of(coverage) + controls_of(coverage) + clauses_of(coverage) + evidence + "</body></html>\n";
}

}  // namespace sekisho::coverage
