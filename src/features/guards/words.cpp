// NG words: list, change, and CSV in both directions. Words are compared in their normal form (NFKC, width, case); two that agree in it are one.
#include <algorithm>
#include <map>

#include "core/bytes.h"
#include "features/guards/operations.h"
#include "files/csv.h"
#include "files/encode.h"
#include "files/encoding.h"
#include "text/normalise.h"
#include "text/utf8.h"

namespace sekisho::guards {
namespace {

constexpr std::int64_t kMaxWords = 20'000;
constexpr std::size_t kMaxPoints = 100;
constexpr std::size_t kMaxNoteBytes = 600;
constexpr int kPage = 100;
constexpr std::size_t kTold = 100;
constexpr std::string_view kWordHead = "語";
constexpr std::string_view kNoteHead = "メモ";

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

// A single letter would be found everywhere.
Result<Word> word_of(const WordView& in) {
  const std::string word(trimmed(in.word));
  const std::string normal = text::normalise(word);
  const std::size_t points = text::count_code_points(normal);
  if (!text::is_valid_utf8(word) || points < 2 || points > kMaxPoints) return fail(Code::invalid_argument, "guards.word", "2 to 100 characters");
  if (in.note.size() > kMaxNoteBytes) return fail(Code::invalid_argument, "guards.note", "too long");
  return Word{normal, word, in.note};
}

Status changed(gate::Context& context) { return Table::set_revision(context.tx, context.new_id<struct RevisionTag>().str(), context.now); }

Status within_limit(gate::Context& context) {
  SK_TRY(const std::int64_t n, Table::count_words(context.tx));
  if (n > kMaxWords) return fail(Code::too_large, "guards.too_many_words", "at most 20000");
  return ok();
}

Result<WordsOut> list(gate::Context& context, WordsIn& in) {
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  SK_TRY(const auto rows, Table::words(context.tx, text::normalise(in.q.value_or("")), in.after.value_or(""), limit));
  WordsOut out;
  for (const Word& w : rows) out.items.push_back({w.word, w.note});
  if (static_cast<int>(rows.size()) == limit) out.next = rows.back().normal;
  SK_TRY(out.total, Table::count_words(context.tx));
  return out;
}

Result<WordsOut> change(gate::Context& context, ChangeWordsIn& in) {
  if (in.remove)
    for (const std::string& word : *in.remove) SK_CHECK(Table::remove_word(context.tx, text::normalise(trimmed(word))));
  if (in.add)
    for (const WordView& view : *in.add) {
      SK_TRY(const Word word, word_of(view));
      SK_CHECK(Table::put_word(context.tx, word, context.now));
    }
  SK_CHECK(within_limit(context));
  SK_CHECK(changed(context));
  WordsIn first;
  return list(context, first);
}

// A cell that a spreadsheet would take for a formula carries an apostrophe in the file, which reading takes away.
bool formula(std::string_view cell) { return !cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos; }

Result<std::vector<Word>> read_words(std::string text) {
  std::erase(text, '\r');
  std::string_view rest = text;
  std::map<std::string, Word> out;
  for (bool first = true; !rest.empty(); first = false) {
    const files::Row row = files::take_record(rest, ',');
    std::string_view word = row.empty() ? std::string_view() : trimmed(row[0]);
    if (word.empty() || (first && word == kWordHead)) continue;
    if (word.front() == '\'' && formula(word.substr(1))) word.remove_prefix(1);
    SK_TRY(Word made, word_of({std::string(word), row.size() > 1 ? std::string(trimmed(row[1])) : std::string()}));
    out.insert_or_assign(made.normal, made);
  }
  std::vector<Word> words;
  for (auto& [normal, word] : out) words.push_back(std::move(word));
  if (words.empty()) return fail(Code::invalid_argument, "guards.no_words", "no word in the file");
  if (static_cast<std::int64_t>(words.size()) > kMaxWords) return fail(Code::too_large, "guards.too_many_words", "at most 20000");
  return words;
}

Result<ImportOut> import_words(gate::Context& context, ImportIn& in) {
  SK_TRY(const std::string bytes, from_base64(in.csv_base64));
  in.csv_base64.clear();  // the record tells the numbers
  SK_TRY(const files::Guess guess, files::detect_encoding(bytes));
  SK_TRY(std::string text, files::decode_strict(bytes, guess.encoding));
  SK_TRY(const auto words, read_words(std::move(text)));
  SK_TRY(const auto before, Table::words(context.tx, "", "", static_cast<int>(kMaxWords)));
  ImportOut out{std::string(files::encoding_name(guess.encoding)), static_cast<std::int64_t>(words.size()), {}, {}, !in.dry_run};
  const auto less = [](const Word& a, const Word& b) { return a.normal < b.normal; };
  std::vector<Word> added, removed;
  std::set_difference(words.begin(), words.end(), before.begin(), before.end(), std::back_inserter(added), less);
  std::set_difference(before.begin(), before.end(), words.begin(), words.end(), std::back_inserter(removed), less);
  for (const Word& w : added)
    if (out.added.size() < kTold) out.added.push_back(w.word);
  for (const Word& w : removed)
    if (out.removed.size() < kTold) out.removed.push_back(w.word);
  context.note("words", json::Object{{"added", added.size()}, {"removed", removed.size()}});
  if (in.dry_run) return out;
  SK_CHECK(Table::remove_words(context.tx));
  for (const Word& w : words) SK_CHECK(Table::put_word(context.tx, w, context.now));
  SK_CHECK(changed(context));
  return out;
}

std::string cell(std::string_view text) {
  std::string out = "\"";
  if (formula(text)) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

Result<ExportOut> export_words(gate::Context& context, ExportIn& in) {
  if (in.encoding != "utf8" && in.encoding != "cp932") return fail(Code::invalid_argument, "guards.encoding", "utf8 or cp932");
  SK_TRY(const auto words, Table::words(context.tx, "", "", static_cast<int>(kMaxWords)));
  std::string csv = std::string(kWordHead) + "," + std::string(kNoteHead) + "\r\n";
  for (const Word& w : words) csv += cell(w.word) + "," + cell(w.note) + "\r\n";
  if (in.encoding == "utf8") return ExportOut{"ng-words.csv", to_base64("\xEF\xBB\xBF" + csv)};
  SK_TRY(const std::string bytes, files::encode_cp932(csv));
  return ExportOut{"ng-words.csv", to_base64(bytes)};
}

}  // namespace

void register_word_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<WordsIn, WordsOut>{"guards.words", "団体のNGワードの一覧", "guards.manage", Access::read, 4096, gate::no_preparation<WordsIn>(), list});
  registry.add(gate::Operation<ChangeWordsIn, WordsOut>{"guards.change_words", "NGワードを足す・消す", "guards.manage", Access::write, 1u << 20,
                                                        gate::no_preparation<ChangeWordsIn>(), change});
  registry.add(gate::Operation<ImportIn, ImportOut>{"guards.import_words", "NGワードをCSVで置き換える", "guards.manage", Access::write, 8u << 20,
                                                    gate::no_preparation<ImportIn>(), import_words});
  registry.add(gate::Operation<ExportIn, ExportOut>{"guards.export_words", "NGワードをCSVで取り出す", "guards.export", Access::read, 1024, gate::no_preparation<ExportIn>(), export_words});
}

}  // namespace sekisho::guards
