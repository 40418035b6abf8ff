#include "clauses/subject.h"

#include <algorithm>
#include <array>

#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMaxObject = 30;   // characters
constexpr std::size_t kMaxSubject = 16;
constexpr std::array<std::string_view, 8> kJoiners = {"並びに", "及び", "又は", "若しくは", "、", "・", "と", "や"};
constexpr std::array<std::string_view, 6> kBefore = {"全ての", "すべての", "当該", "各", "全", "上記"};  // before a name, and no part of it
// How the policy's own words for somebody end.
constexpr std::array<std::string_view, 12> kPeople = {"者", "部門", "部署", "委員会", "課長", "部長", "室長", "局長", "管理部", "市長", "町長", "職員"};

bool is_joined(char32_t c) {  // part of a compound word
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x30A1 && c <= 0x30FC) || c == U'々' || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
}

char32_t last_of(std::string_view text) {
  const std::size_t from = text.size() > 8 ? text.size() - 8 : 0;
  std::size_t at = from;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  const std::u32string tail = decode(text.substr(at));
  return tail.empty() ? U' ' : tail.back();
}

}  // namespace

std::string without_tail_brackets(std::string_view text) {
  while (text.ends_with("）") || text.ends_with(")")) {
    const std::size_t open = std::max(text.rfind("（") == std::string_view::npos ? 0 : text.rfind("（"), text.rfind('(') == std::string_view::npos ? 0 : text.rfind('('));
    if (open == 0) break;
    text = text.substr(0, open);
  }
  return std::string(text);
}

std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> out;
  const std::u32string all = decode(text);
  std::u32string one;
  int depth = 0;
  const auto take = [&] {
    const std::string sentence = without_tail_brackets(encode(squeezed(one)));
    if (!sentence.empty()) out.push_back(sentence);
    one.clear();
    depth = 0;
  };
  for (const char32_t c : all) {
    if (c == U'（' || c == U'(') ++depth;
    if ((c == U'）' || c == U')') && depth > 0) --depth;
    if (c == U'\n' || (c == U'。' && depth == 0)) take();
    else one += c;
  }
  take();
  return out;
}

std::string object_of(std::string_view sentence) {
  const std::size_t at = sentence.rfind("を");
  if (at == std::string_view::npos) return {};
  const std::u32string text = decode(sentence.substr(0, at));
  std::size_t begin = text.size();
  while (begin > 0 && text.size() - begin < kMaxObject && (is_joined(text[begin - 1]) || text[begin - 1] == U'の' || text[begin - 1] == U'・')) --begin;
  while (begin < text.size() && text[begin] == U'の') ++begin;
  return encode(std::u32string_view(text).substr(begin));
}

Subjects::Subjects(const std::vector<ActorWord>& actors, const Document& document) : words_(actors) {
  const auto by_length = [](const ActorWord& a, const ActorWord& b) { return a.word.size() > b.word.size(); };
  std::stable_sort(words_.begin(), words_.end(), by_length);
  // 「X（…以下「Y」という。）」: Y is X.
  static constexpr std::string_view kHence = "以下「";
  std::vector<ActorWord> more;
  for (const Clause& clause : document.clauses)
    for (const std::string* text : {&clause.title, &clause.text})
      for (std::size_t at = text->find(kHence); at != std::string::npos; at = text->find(kHence, at + kHence.size())) {
        const std::size_t begin = at + kHence.size();
        const std::size_t end = text->find("」", begin);
        const std::size_t open = std::max(text->rfind("（", at) == std::string::npos ? 0 : text->rfind("（", at), text->rfind('(', at) == std::string::npos ? 0 : text->rfind('(', at));
        if (end == std::string::npos || end == begin || end - begin > 60 || open == 0) continue;
        const ActorWord* const known = ends_in(std::string_view(*text).substr(0, open));
        const std::string word = text->substr(begin, end - begin);
        const bool there = std::any_of(words_.begin(), words_.end(), [&](const ActorWord& w) { return w.word == word; });
        if (known != nullptr && !there) more.push_back({word, known->code});
      }
  words_.insert(words_.end(), more.begin(), more.end());
  std::stable_sort(words_.begin(), words_.end(), by_length);
}

const ActorWord* Subjects::ends_in(std::string_view text) const {
  for (const ActorWord& word : words_) {
    if (!text.ends_with(word.word)) continue;
    std::string_view rest = text.substr(0, text.size() - word.word.size());
    for (const std::string_view joiner : kJoiners)
      if (rest.ends_with(joiner)) return &word;
    for (const std::string_view before : kBefore)
      if (rest.ends_with(before)) return &word;
    if (!is_joined(last_of(rest))) return &word;
  }
  return nullptr;
}

// Who stands at the end of the text: one, or several that are joined.
std::string Subjects::before(std::string_view text) const {
  std::string out;
  std::string rest = without_tail_brackets(text);
  for (;;) {
    const ActorWord* const word = ends_in(rest);
    if (word == nullptr) return out;
    if (("," + out + ",").find("," + word->code + ",") == std::string::npos) out = word->code + (out.empty() ? "" : "," + out);
    rest.resize(rest.size() - word->word.size());
    for (const std::string_view before : kBefore)
      if (rest.ends_with(before)) rest.resize(rest.size() - before.size());
    const auto joiner = std::find_if(kJoiners.begin(), kJoiners.end(), [&](std::string_view j) { return rest.ends_with(j); });
    if (joiner == kJoiners.end()) return out;
    rest.resize(rest.size() - joiner->size());
    rest = without_tail_brackets(rest);
  }
}

std::string Subjects::in_sentence(std::string_view sentence) const {
  static constexpr std::string_view kTopic = "は";
  std::string unknown;
  for (std::size_t at = sentence.find(kTopic); at != std::string_view::npos; at = sentence.find(kTopic, at + kTopic.size())) {
    std::string_view head = sentence.substr(0, at);
    if (head.ends_with("に") || head.ends_with("と") || head.ends_with("で")) continue;
    std::string known = before(head);
    if (!known.empty()) return known;
    if (!unknown.empty() || !sentence.substr(at + kTopic.size()).starts_with("、")) continue;
    const std::string plain = without_tail_brackets(head);
    const bool person = std::any_of(kPeople.begin(), kPeople.end(), [&](std::string_view p) { return plain.ends_with(p); });
    const std::size_t comma = plain.rfind("、");
    const std::string name = comma == std::string::npos ? plain : plain.substr(comma + std::string_view("、").size());
    if (person && decode(name).size() <= kMaxSubject && name.find(',') == std::string::npos) unknown = name;
  }
  if (!unknown.empty()) return unknown;
  // 「職員等が外部から接続する場合は、…の許可を得なければならない」
  static constexpr std::string_view kWhoever = "が", kCase = "場合";
  const std::size_t whoever = sentence.find(kWhoever);
  if (whoever != std::string_view::npos && sentence.substr(0, std::min(sentence.find("、", whoever), sentence.size())).find(kCase, whoever) != std::string_view::npos) {
    std::string found = before(sentence.substr(0, whoever));
    if (!found.empty()) return found;
  }
  static constexpr std::string_view kAt = "において";
  const std::size_t at = sentence.find(kAt);
  return at == std::string_view::npos ? std::string() : before(sentence.substr(0, at));
}

std::string Subjects::in_title(std::string_view title) const {
  const std::size_t at = title.find("の");
  const std::string_view head = at == std::string_view::npos ? title : title.substr(0, at);
  for (const ActorWord& word : words_)
    if (head == word.word) return word.code;
  return {};
}

std::string Subjects::find(const std::vector<std::string>& sentences, std::size_t first) const {
  if (first < sentences.size()) {
    std::string found = in_sentence(sentences[first]);
    if (!found.empty()) return found;
  }
  for (const std::string& sentence : sentences) {
    std::string found = in_sentence(sentence);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace sekisho::clauses
