#include "features/coverage/dossier.h"

#include "gate/log_read_table.h"
#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"

namespace sekisho::coverage {
namespace {

constexpr std::uint64_t kLookAhead = 1024;  // leaves: an act's record lies at most one batch after the size that it was written at
constexpr std::size_t kMostProofs = 300;
constexpr const char* kRecording = "coverage.record_evidence";

using outside::heading;
using outside::text;
using Rows = std::vector<std::vector<std::string>>;
using Parts = std::vector<outside::Part>;
struct Column {
  std::string name;
  double share = 1;  // of the width of a page
};

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

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : "、") + one;
  return out;
}

// Lines of a cell, without those that say nothing.
std::string lines(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() || one.empty() ? "" : "\n") + one;
  return out;
}

std::string when(const std::optional<Timestamp>& at) { return at ? to_jst_minutes(*at) : ""; }
std::string day(const std::optional<Timestamp>& at) { return at ? to_jst_minutes(*at).substr(0, 10) : ""; }
std::string named(const char* name, const std::string& text) { return text.empty() ? "" : name + text; }

void add_table(Parts& parts, std::string caption, const std::vector<Column>& columns, const Rows& rows) {
  if (rows.empty()) return parts.push_back(text("ありません。"));
  outside::Grid grid;
  grid.caption = std::move(caption);
  for (const Column& column : columns) {
    grid.head.push_back(column.name);
    grid.shares.push_back(column.share);
  }
  for (const auto& row : rows) {
    grid.rows.emplace_back();
    for (const std::string& words : row) grid.rows.back().push_back(outside::cell(words));
  }
  parts.push_back(outside::table(std::move(grid)));
}

std::vector<std::string> counts_of(const Counts& c) { return {std::to_string(c.green), std::to_string(c.amber), std::to_string(c.red), std::to_string(c.not_applicable)}; }

void add_summary(Parts& parts, const Coverage& c) {
  const auto counted = [](std::vector<std::string> row, const Counts& counts) {
    for (std::string& n : counts_of(counts)) row.push_back(std::move(n));
    return row;
  };
  Rows chapters, documents;
  for (const ChapterView& v : c.chapters) chapters.push_back(counted({v.document, v.chapter + " " + v.title}, v.counts));
  for (const DocumentRow& d : c.documents) documents.push_back({d.title, d.version, d.sha256});
  parts.push_back(heading(2, "まとめ"));
  add_table(parts, "まとめ", {{"数えたもの", 4}, {"適合"}, {"注意"}, {"不備"}, {"対象外"}}, {counted({"条項"}, c.clause_counts), counted({"統制"}, c.control_counts)});
  parts.push_back(heading(3, "章ごとの条項の数"));
  add_table(parts, "章ごとの条項の数", {{"文書", 4}, {"章", 5}, {"適合"}, {"注意"}, {"不備"}, {"対象外"}}, chapters);
  parts.push_back(heading(3, "もとの文書"));
  add_table(parts, "もとの文書", {{"文書", 4}, {"版の番号", 3}, {"ファイルの要約値（SHA-256）", 6}}, documents);
}

void add_controls(Parts& parts, const Coverage& c) {
  Rows rows;
  for (const ControlView& v : c.controls) {
    std::vector<std::string> facts;
    for (const Fact& fact : v.facts) facts.push_back(fact.name + " " + fact.value);
    if (v.log_seq) facts.push_back("記録の番号 " + std::to_string(*v.log_seq));
    rows.push_back({word_of(v.state), v.title, word_of_kind(v.kind), v.clause, v.reason, joined(facts), v.role, joined(v.clauses)});
  }
  parts.push_back(heading(2, "統制"));
  add_table(parts, "統制", {{"状態", 6}, {"統制", 14}, {"種別", 4.5}, {"標準の条項", 9}, {"理由", 20}, {"事実", 20}, {"責任者", 12}, {"この団体の条項", 15}}, rows);
}

void add_clauses(Parts& parts, const Coverage& c) {
  std::map<std::string, std::string> titles;
  for (const ControlView& v : c.controls) titles.emplace(v.id, v.title);
  parts.push_back(heading(2, "条項と統制の対応"));
  for (const DocumentRow& d : c.documents) {
    Rows rows;
    for (const ClauseView& v : c.clauses) {
      if (v.version != d.version) continue;
      std::vector<std::string> controls;
      for (const std::string& id : v.controls) controls.push_back(titles.contains(id) ? titles.at(id) : id);
      rows.push_back({v.ref, v.title.empty() ? v.text : v.title, word_of_kind(v.kind), word_of(v.state), v.reason, joined(controls), v.confirmed ? "確認済み" : "未確認"});
    }
    parts.push_back(heading(3, d.title));
    add_table(parts, d.title, {{"条項", 10}, {"内容", 26}, {"種別", 4.5}, {"状態", 6}, {"理由", 20}, {"統制", 22}, {"意味の確認", 7}}, rows);
  }
}

void add_gaps(Parts& parts, const Coverage& c) {
  Rows rows;
  for (const GapView& g : c.gaps)
    rows.push_back({g.title, g.reason, g.role, to_jst_minutes(g.opened_at), when(g.closed_at), g.closed_by.value_or(g.closed_at ? "適合になったため" : ""), g.close_reason.value_or("")});
  parts.push_back(heading(2, "不備とその始末"));
  add_table(parts, "不備とその始末", {{"統制", 14}, {"理由", 22}, {"責任者", 11}, {"開いた日時", 11.5}, {"閉じた日時", 11.5}, {"閉じた人", 10}, {"閉じた理由", 14}}, rows);
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

Status add_evidence(Parts& parts, const Coverage& c, gate::Body& body, sql::Tx& tx) {
  SK_TRY(const auto head, gate::newest_head(tx));
  SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*body.log_keys));
  Rows rows;
  Parts proofs;
  std::size_t proven = 0;
  for (const ControlView& control : c.controls)
    for (const EvidenceView& e : control.evidence) {
      Proven found;
      if (e.id && proven < kMostProofs) {
        SK_TRY(found, proof_of(tx, *e.id, head));
        ++proven;
      }
      const std::string withdrawn = e.withdrawn_by ? "取下げ（" + *e.withdrawn_by + "）: " + e.withdraw_reason.value_or("") : "";
      rows.push_back({control.title, lines({e.what, e.id ? named("ある所: ", e.link) : "", withdrawn}), lines({day(e.dated_at), named("期限 ", day(e.expires_at))}),
                      lines({e.recorded_by, when(e.recorded_at), named("記録の番号 ", found.seq)}), e.sha256});
      if (found.text.empty()) continue;
      proofs.push_back(heading(3, control.title + "（記録の番号 " + found.seq + "）"));
      proofs.push_back(outside::file("record-" + found.seq + ".tlog-proof", found.text));
    }
  parts.push_back(heading(2, "証拠"));
  add_table(parts, "証拠", {{"統制", 14}, {"証拠", 28}, {"証拠の日", 11}, {"記録", 17}, {"要約値（SHA-256）", 24}}, rows);
  parts.push_back(heading(2, "記録の証明"));
  parts.push_back(text("証拠を記録したことの証明です。下の鍵があれば、このサービスなしに確かめられます（C2SP tlog-proof）。署名を確かめる鍵:"));
  parts.push_back(outside::file("verifier-key.txt", key.text()));
  if (head) {
    parts.push_back(heading(3, "署名された先頭（" + std::to_string(head->size) + " 件）"));
    parts.push_back(outside::file("checkpoint.txt", head->note));
  } else {
    parts.push_back(text("署名された先頭がまだありません。"));
  }
  for (outside::Part& proof : proofs) parts.push_back(std::move(proof));
  return ok();
}

}  // namespace

Result<outside::Report> dossier_of(const Coverage& coverage, gate::Body& body, sql::Tx& tx) {
  outside::Report out;
  out.title = out.foot = coverage.body_name + " 情報セキュリティの適用状況 " + coverage.year_label;
  out.sheet = outside::Sheet::lying;
  out.parts.push_back(heading(1, out.title));
  out.parts.push_back(text(
      to_jst_minutes(coverage.at) + " の状態。統制の一覧の版 " + coverage.catalogue + "。" +
          (coverage.live ? "強制の統制は、動いているシステムを調べた結果です。" : "強制の統制は、その年度の終わりに記されていた状態です。")));
  add_summary(out.parts, coverage);
  add_gaps(out.parts, coverage);
  add_controls(out.parts, coverage);
  add_clauses(out.parts, coverage);
  SK_CHECK(add_evidence(out.parts, coverage, body, tx));
  return out;
}

}  // namespace sekisho::coverage
