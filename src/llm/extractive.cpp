#include "llm/extractive.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <span>

namespace sekisho::llm {
namespace {

using Words = std::initializer_list<std::string_view>;

bool has_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return text.find(w) != std::string_view::npos; });
}
bool has_any(std::string_view text, Words words) { return has_any(text, std::span(words.begin(), words.size())); }

// ASCII and full-width digits; 一 to 九 and 十百千万 only where a counter follows, because 一 alone is also a word.
bool has_number(std::string_view text) {
  if (text.find_first_of("0123456789") != std::string_view::npos) return true;
  if (has_any(text, {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"})) return true;
  constexpr std::array<std::string_view, 13> kDigits = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千", "万"};
  for (const std::string_view counter : {"円", "人", "日", "年", "月", "件", "名", "回", "枚", "時", "割", "週"})
    for (std::size_t at = text.find(counter); at != std::string_view::npos; at = text.find(counter, at + 1))
      for (const std::string_view digit : kDigits)
        if (text.substr(0, at).ends_with(digit)) return true;
  return false;
}

bool has_amount(std::string_view text) {
  return has_number(text) && has_any(text, {"円", "人", "名", "件", "割", "%", "％", "パーセント", "枚", "回", "個", "倍", "点", "歳",
                                            "メートル", "キロ", "日", "年", "月"});
}
bool has_time(std::string_view text) { return has_number(text) && has_any(text, {"年", "月", "日", "時", "週", "曜"}); }
bool defines(std::string_view text) { return has_any(text, {"とは", "をいう", "を指す", "のことです", "と定義"}); }
bool tells_place(std::string_view text) {
  return has_any(text, {"窓口", "課", "室", "階", "会場", "場所", "所在", "番地", "支所", "センター"});
}
bool tells_who(std::string_view text) { return has_any(text, {"課", "係", "部", "長", "者", "担当", "委員"}); }
bool tells_how(std::string_view text) { return has_any(text, {"申請", "届", "提出", "持参", "必要", "手続", "様式", "記入", "添付"}); }

// What a question asks for, and how a sentence shows that it may hold it.
struct Kind {
  Words asked;
  bool (*fits)(std::string_view);
  double bonus;
};
const std::array<Kind, 6>& kinds() {
  static const std::array<Kind, 6> kAll = {
      Kind{{"いくら", "何円",   "何人", "何件", "何名",   "何枚", "何回", "何割", "何歳", "何パーセント",
            "何％",   "いくつ", "金額", "料金", "手数料", "上限", "割合", "定員", "人数", "単価"},
           has_amount,
           0.35},
      Kind{{"いつ", "何日", "何時", "何月", "何年", "期限", "期間", "締切", "締め切り", "日程", "受付時間", "までに"}, has_time, 0.35},
      Kind{{"とは", "定義", "意味", "何ですか", "なんですか"}, defines, 0.3},
      Kind{{"どこ", "場所", "どの課", "どの窓口", "何課", "何階"}, tells_place, 0.2},
      Kind{{"誰", "だれ", "どなた", "担当"}, tells_who, 0.15},
      Kind{{"どうすれば", "どのように", "どうやって", "手続", "方法", "必要なもの", "必要書類", "何が必要"}, tells_how, 0.15},
  };
  return kAll;
}

double bonus_for(std::string_view question, std::string_view sentence) {
  double most = 0;
  for (const Kind& kind : kinds())
    if (kind.bonus > most && has_any(question, kind.asked) && kind.fits(sentence)) most = kind.bonus;
  return most;
}

std::string tidy(std::string_view text, std::size_t max_bytes) {
  std::string out;
  bool space = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      space = !out.empty();
      continue;
    }
    if (out.size() >= max_bytes && (static_cast<unsigned char>(c) & 0xC0) != 0x80) return out + "…";
    if (std::exchange(space, false)) out += ' ';
    const std::size_t end = c == '[' ? text.find_first_not_of("0123456789", i + 1) : i;
    if (c == '[' && end != std::string_view::npos && end > i + 1 && text[end] == ']') {
      out += "［" + std::string(text.substr(i + 1, end - i - 1)) + "］";
      i = end;
      continue;
    }
    out += c;
  }
  return out;
}

struct Candidate {
  std::size_t passage = 0;
  std::size_t place = 0;  // in the passage
  std::string text;
  double worth = 0;
  bool relevant = false;
};

std::vector<Candidate> candidates(std::string_view question, const std::vector<Passage>& passages, const ExtractiveTools& tools,
                                  const ExtractiveLimits& limits) {
  double best_score = 0;
  for (const Passage& passage : passages) best_score = std::max(best_score, passage.score);
  std::vector<Candidate> out;
  std::set<std::string> seen;  // passages overlap
  for (std::size_t p = 0; p < passages.size(); ++p) {
    const double trust = best_score > 0 ? std::max(0.0, passages[p].score) / best_score : 1.0 / static_cast<double>(p + 1);
    std::size_t place = 0;
    for (const Span span : tools.split_sentences(passages[p].text)) {
      if (span.end > passages[p].text.size() || span.begin >= span.end) continue;
      const std::string_view sentence = passages[p].text.substr(span.begin, span.end - span.begin);
      Candidate c{p, place++, tidy(sentence, limits.max_sentence_bytes), 0, false};
      if (c.text.empty() || !seen.insert(c.text).second) continue;
      const double overlap = tools.overlap(question, sentence);
      c.relevant = overlap >= limits.least_overlap;
      c.worth = (overlap + (c.relevant ? bonus_for(question, sentence) : 0.0)) * (0.5 + 0.5 * trust);
      out.push_back(std::move(c));
    }
  }
  return out;
}

// The exception belongs to the rule it follows: a rule without it would mislead.
bool is_exception(std::string_view sentence) { return sentence.starts_with("ただし") || sentence.starts_with("但し"); }

std::vector<std::size_t> choose(const std::vector<Candidate>& all, const ExtractiveLimits& limits) {
  std::vector<std::size_t> ranked;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].relevant) ranked.push_back(i);
  std::stable_sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) { return all[a].worth > all[b].worth; });
  std::set<std::size_t> chosen;
  std::map<std::size_t, std::size_t> best;  // by passage
  for (const std::size_t i : ranked)
    if (all[i].passage < limits.cover_passages) best.try_emplace(all[i].passage, i);
  const auto take = [&](std::size_t i) {
    chosen.insert(i);
    const std::size_t next = i + 1;
    const bool follows = next < all.size() && all[next].passage == all[i].passage && all[next].place == all[i].place + 1;
    if (follows && is_exception(all[next].text)) chosen.insert(next);
  };
  for (const auto& [passage, i] : best)
    if (chosen.size() < limits.max_sentences) take(i);
  for (const std::size_t i : ranked) {
    if (chosen.size() >= limits.max_sentences || all[i].worth < all[ranked.front()].worth * 0.4) break;
    take(i);
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace

ExtractiveAnswer extract_answer(std::string_view question, const std::vector<Passage>& passages, const ExtractiveTools& tools,
                                const ExtractiveLimits& limits) {
  const std::vector<Candidate> all = candidates(question, passages, tools, limits);
  ExtractiveAnswer answer;
  for (const std::size_t i : choose(all, limits)) {
    if (!answer.text.empty()) answer.text += '\n';
    const std::size_t begin = answer.text.size();
    answer.text += all[i].text;
    const int citation = passages[all[i].passage].citation;
    answer.sentences.push_back({Span{begin, answer.text.size()}, citation});
    answer.text += "[" + std::to_string(citation) + "]";
  }
  return answer;
}

}  // namespace sekisho::llm
