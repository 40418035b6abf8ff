// sekisho-verify: verifies an exported log without the server. Reads files only; depends on nothing but the log's own modules.
// Exit status: 0 all agrees; 1 something does not agree or cannot be read; 2 usage error.
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/time.h"
#include "crypto/random.h"
#include "json/json.h"
#include "tlog/export_names.h"
#include "verify/certificate.h"
#include "verify/export.h"

namespace sekisho::verify {
namespace {

constexpr const char* kHelp =
    "関所の記録の書き出しを検証します。サービスもデータベースも要りません。\n\n"
    "使い方: sekisho-verify 書き出しのフォルダ [指定…]\n"
    "        sekisho-verify --proof FILE.tlog-proof --trust FILE\n"
    "        sekisho-verify --certificate FILE.json --trust FILE\n\n"
    "  --trust FILE      信頼する鍵（C2SP tlog-policy）。書き出しとは別の道で受け取ったものを使ってください。\n"
    "                    なければ書き出しの中の trust を使い、そのことを断ります\n"
    "  --earlier PATH    前に受け取ったチェックポイント、または前の書き出し。いまの記録が、その続きであることを確かめます（何度でも）\n"
    "  --head 枚数:根    印刷した先頭の値（例 139:c0190af0…）。同じく続きであることを確かめます（何度でも）\n"
    "  --received FILE   別のホストが syslog で受け取った記録。抜けと違いを見つけます\n"
    "  --proof FILE      1件の記録の証明（.tlog-proof）を確かめます\n"
    "  --certificate FILE 廃棄の証明書の署名と、その記録の先頭を確かめます。書き出しも指定すると、その先頭の続きであることも確かめます\n"
    "  --json            結果を JSON で出します\n\n"
    "終了の値: 0 すべて一致  1 一致しない・読めない  2 使い方の誤り\n";

// Every finding's sentence. {} is its place.
const std::map<std::string, const char*> kSentences = {
    {"export.missing", "書き出しに {} がありません。消されたか、後ろが切り取られています"},
    {"checkpoint.unknown_log", "先頭は、信頼する鍵にない記録「{}」のものです"},
    {"checkpoint.unverified", "先頭の署名が、信頼する鍵で確かめられません。別の鍵で作り直された疑いがあります（{}）"},
    {"checkpoint.root", "署名された先頭（{} 件）と、記録から計算した根が違います。記録が書き換えられています"},
    {"witness.too_few", "先頭（{} 件）に、求められた立会いの署名が足りません"},
    {"history.malformed", "署名の一覧が読めません: {}"},
    {"history.unverified", "署名の一覧に、確かめられない署名があります: {}"},
    {"history.root", "{} 件のときに署名された根と、記録から計算した根が違います。それより前の記録が書き換えられています"},
    {"history.longer", "{} 件までの署名があるのに、先頭はそれより前です。後ろが切り取られています"},
    {"history.shorter", "署名の一覧が先頭まで続いていません（{} 件目から）"},
    {"earlier.rolled_back", "前に見た先頭より記録が短くなっています。巻き戻されています: {}"},
    {"earlier.rewritten", "前に見た先頭の続きではありません。記録が書き換えられています: {}"},
    {"entries.malformed", "記録の束が壊れています: {}"},
    {"leaf.malformed", "{} 番の記録が、正しい形ではありません"},
    {"leaf.order", "{} 番の場所に、別の番号の記録があります。入れ替えられたか、間が抜かれています"},
    {"leaf.changed", "{} 番の記録が、保存されたハッシュと違います。書き換えられています"},
    {"tile.changed", "ハッシュの表 {} が、記録から計算したものと違います"},
    {"payload.malformed", "内容の一覧が読めません: {}"},
    {"payload.order", "{} 番の内容が、順番どおりにありません"},
    {"payload.changed", "{} 番の内容が、記録されたものと違います。書き換えられています"},
    {"payload.unexpected", "記録にない内容があります: {} 番"},
    {"payload.missing", "{} 番の内容がなく、消した記録もありません"},
    {"disposal.malformed", "廃棄の一覧が読めません: {}"},
    {"disposal.unproven", "廃棄の一覧に、記録にないものがあります: {}"},
    {"received.changed", "{} 番の記録が、別のホストが受け取ったものと違います"},
    {"received.ahead", "別のホストが受け取った {} 番が、記録にありません。後ろが切り取られています"},
    {"received.gap", "別のホストは {} 番を受け取っていません"},
    {"proof.malformed", "証明のファイルの形が正しくありません（{}）"},
    {"tlog.proof_invalid", "証明が先頭と合いません（{}）"},
    {"certificate.malformed", "廃棄の証明書の形が正しくありません（{}）"},
    {"certificate.unknown_log", "廃棄の証明書は、信頼する鍵にない記録「{}」のものです"},
    {"certificate.unverified", "廃棄の証明書の署名が合いません。書き換えられているか、別の鍵のものです（{}）"},
    {"certificate.head", "廃棄の証明書にある記録の先頭（{} 件）の署名が合いません"},
    {"received.conflict", "受け取った記録に、同じ番号で違うものがあります: {} 番"},
    {"policy.malformed", "信頼する鍵のファイルが読めません（{}）"},
    {"file.not_found", "ファイルがありません（{}）"},
    {"note.unverified", "署名が、信頼する鍵で確かめられません（{}）"},
    {"head.malformed", "--head は「枚数:根の16進64桁」です（{}）"},
};

std::string sentence(const Finding& f) {
  const auto it = kSentences.find(f.key);
  std::string text = it == kSentences.end() ? "{}" : it->second;
  if (const auto at = text.find("{}"); at != std::string::npos) text.replace(at, 2, f.place);
  return text + " [" + f.key + "]";
}

struct Given {
  std::string folder;
  std::string trust;
  std::string received;
  std::string proof;
  std::string certificate;
  std::vector<std::string> earlier;
  std::vector<std::string> heads;
  bool json = false;
};

int usage(const std::string& why) {
  std::fprintf(stderr, "sekisho-verify: %s（sekisho-verify --help）\n", why.c_str());
  return 2;
}

int refused(const Error& error) {
  std::fprintf(stderr, "sekisho-verify: %s\n", sentence({error.key, error.detail}).c_str());
  return error.key == "head.malformed" ? 2 : 1;
}

json::Value as_json(const Report& r, bool own_trust) {
  json::Array findings, erasures, witnesses;
  for (const Finding& f : r.findings) findings.push_back(json::Object{{"key", f.key}, {"place", f.place}, {"text", sentence(f)}});
  for (const Erased& e : r.erasures) erasures.push_back(json::Object{{"period", e.period}, {"disposal", e.disposal}, {"payloads", e.payloads}, {"by", e.by}});
  for (const auto& w : r.witnesses) witnesses.push_back(json::Object{{"name", w.name}, {"at", to_rfc3339({static_cast<std::int64_t>(w.unix_seconds) * 1'000'000})}});
  return json::Object{{"good", r.good()}, {"origin", r.origin}, {"leaves", r.leaves}, {"root", to_hex(r.root)}, {"checkpoints", r.checkpoints},
                      {"with_payloads", r.with_payloads}, {"payloads", r.payloads}, {"erased", r.erased}, {"erasures", std::move(erasures)},
                      {"witnesses", std::move(witnesses)}, {"earlier", r.earlier}, {"received", r.received}, {"trust_from_export", own_trust},
                      {"findings", std::move(findings)}, {"more", r.more}};
}

void print_report(const Report& r, bool own_trust) {
  std::printf("記録: %s\n件数: %llu\n先頭の根: %s\n署名された先頭: %llu 個\n", r.origin.c_str(), static_cast<unsigned long long>(r.leaves), to_hex(r.root).c_str(),
              static_cast<unsigned long long>(r.checkpoints));
  if (r.with_payloads) {
    std::printf("内容: %llu 件が記録と一致、%llu 件は消された記録あり\n", static_cast<unsigned long long>(r.payloads), static_cast<unsigned long long>(r.erased));
    for (const Erased& e : r.erasures)
      if (!e.disposal.empty())
        std::printf("  廃棄 %s による内容 %llu 件は、%llu 番の操作で消されました\n", e.disposal.c_str(), static_cast<unsigned long long>(e.payloads), static_cast<unsigned long long>(e.by));
      else
        std::printf("  %s の内容 %llu 件は、%llu 番の操作で消されました\n", e.period.c_str(), static_cast<unsigned long long>(e.payloads), static_cast<unsigned long long>(e.by));
  } else {
    std::printf("内容: この書き出しには含まれていません\n");
  }
  for (const auto& w : r.witnesses) std::printf("立会いの署名: %s（%s）\n", w.name.c_str(), to_rfc3339({static_cast<std::int64_t>(w.unix_seconds) * 1'000'000}).c_str());
  if (r.earlier > 0) std::printf("前に見た先頭: %llu 個の続きです\n", static_cast<unsigned long long>(r.earlier));
  if (r.received > 0) std::printf("別のホストが受け取った記録: %llu 件が一致\n", static_cast<unsigned long long>(r.received));
  if (own_trust) std::printf("注意: 鍵は書き出しの中のものを使いました。鍵ごと作り直されたことは、これでは分かりません（--trust、--earlier、--head）\n");
  for (const Finding& f : r.findings) std::printf("不一致: %s\n", sentence(f).c_str());
  if (r.more > 0) std::printf("ほかに、同じ種類の不一致が %llu 件あります\n", static_cast<unsigned long long>(r.more));
  std::printf("%s\n", r.good() ? "結果: すべて一致しました" : "結果: 一致しません");
}

Result<tlog::TrustPolicy> read_trust(const std::string& path) {
  SK_TRY(const std::string text, read_file(path, 64 * 1024));
  return tlog::TrustPolicy::parse(text);
}

int check_proof(const Given& given) {
  const auto trust = read_trust(given.trust);
  if (!trust) return refused(trust.error());
  const auto text = read_file(given.proof, 1 << 20);
  if (!text) return refused(text.error());
  const auto proven = verify_proof(*text, *trust);
  if (!proven) return refused(proven.error());
  if (given.json) std::printf("%s\n", json::serialise(json::Object{{"good", true}, {"seq", proven->index}, {"leaf", proven->leaf}, {"size", proven->head.size},
                                                                    {"root", to_hex(proven->head.root)}}).c_str());
  else std::printf("%s\n結果: この記録は、%llu 件の記録の %llu 番です\n", proven->leaf.c_str(), static_cast<unsigned long long>(proven->head.size), static_cast<unsigned long long>(proven->index));
  return 0;
}

Result<Certified> read_certificate(const Given& given, const tlog::TrustPolicy& trust) {
  SK_TRY(const std::string text, read_file(given.certificate, 64 << 20));
  return check_certificate(text, trust);
}

int check_certificate_alone(const Given& given) {
  const auto trust = read_trust(given.trust);
  if (!trust) return refused(trust.error());
  const auto certified = read_certificate(given, *trust);
  if (!certified) return refused(certified.error());
  if (given.json) std::printf("%s\n", json::serialise(json::Object{{"good", true}, {"id", certified->id}, {"number", certified->number}, {"body", certified->body}, {"scope", certified->scope},
                                                                    {"found", certified->found}, {"remaining", certified->remaining}, {"size", certified->head.size},
                                                                    {"root", to_hex(certified->head.root)}}).c_str());
  else std::printf("廃棄: %s（証明書 第%lld号）\n団体: %s\n残るもの: %lld 種類\n記録の先頭: %llu 件\n結果: この証明書は、記録の鍵で署名されています\n", certified->id.c_str(),
                   static_cast<long long>(certified->number), certified->body.c_str(), static_cast<long long>(certified->remaining), static_cast<unsigned long long>(certified->head.size));
  return 0;
}

int check_folder(const Given& given) {
  const bool own_trust = given.trust.empty();
  const auto trust = read_trust(own_trust ? given.folder + "/" + tlog::kTrustFile : given.trust);
  if (!trust) return refused(trust.error());
  Options options;
  options.trust = &*trust;
  for (const std::string& path : given.earlier) {
    auto head = read_head(path, *trust);
    if (!head) return refused(head.error());
    options.earlier.push_back(std::move(*head));
  }
  for (const std::string& text : given.heads) {
    auto head = parse_head(text);
    if (!head) return refused(head.error());
    options.earlier.push_back(std::move(*head));
  }
  if (!given.certificate.empty()) {
    const auto certified = read_certificate(given, *trust);
    if (!certified) return refused(certified.error());
    options.earlier.push_back(certified->head);
  }
  if (!given.received.empty()) {
    auto received = read_received(given.received);
    if (!received) return refused(received.error());
    options.received = std::move(*received);
  }
  const Report report = verify_folder(given.folder, options);
  if (given.json) std::printf("%s\n", json::serialise(as_json(report, own_trust)).c_str());
  else print_report(report, own_trust);
  return report.good() ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  Given given;
  const std::map<std::string, std::string*> one = {{"--trust", &given.trust}, {"--received", &given.received}, {"--proof", &given.proof},
                                                   {"--certificate", &given.certificate}};
  const std::map<std::string, std::vector<std::string>*> many = {{"--earlier", &given.earlier}, {"--head", &given.heads}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help") {
      std::fputs(kHelp, stdout);
      return 0;
    }
    const bool takes = one.contains(word) || many.contains(word);
    if (takes && i + 1 == words.size()) return usage(word + " に値がありません");
    if (word == "--json") given.json = true;
    else if (one.contains(word)) *one.at(word) = words[++i];
    else if (many.contains(word)) many.at(word)->push_back(words[++i]);
    else if (word.starts_with("--") || !given.folder.empty()) return usage("知らない指定です: " + word);
    else given.folder = word;
  }
  if (!given.proof.empty()) return given.trust.empty() || !given.folder.empty() ? usage("--proof には --trust だけを添えてください") : check_proof(given);
  if (!given.certificate.empty() && given.folder.empty())
    return given.trust.empty() ? usage("--certificate には --trust か書き出しのフォルダを添えてください") : check_certificate_alone(given);
  if (given.folder.empty()) return usage("書き出しのフォルダを指定してください");
  return check_folder(given);
}

}  // namespace
}  // namespace sekisho::verify

int main(int argc, char** argv) {
  try {
    if (!sekisho::crypto::init()) return 1;
    return sekisho::verify::run({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "sekisho-verify: 内部の誤りで止まりました（%s）\n", e.what());
    return 1;
  }
}
