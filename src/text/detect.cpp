#include "text/detect.h"

#include <algorithm>
#include <map>
#include <optional>

#include "text/characters.h"
#include "text/detect_parts.h"
#include "text/normalise.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

std::vector<std::u32string> normal_forms(const std::vector<std::string>& words) {
  std::vector<std::u32string> out;
  Normalised normal;
  for (const std::string& word : words) {
    normalise(word, normal);
    out.push_back(normal.text);
  }
  return out;
}

// Of candidates that overlap, the surest stays, of equally sure ones the longest.
Candidates choose(Candidates all) {
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    if (a.confidence != b.confidence) return a.confidence > b.confidence;
    if (a.end - a.begin != b.end - b.begin) return a.end - a.begin > b.end - b.begin;
    return a.begin != b.begin ? a.begin < b.begin : a.kind < b.kind;
  });
  std::map<std::uint32_t, std::uint32_t> taken;  // begin -> end
  Candidates out;
  for (const Candidate& c : all) {
    const auto next = taken.lower_bound(c.begin);
    if (next != taken.end() && next->first < c.end) continue;
    if (next != taken.begin() && std::prev(next)->second > c.begin) continue;
    taken[c.begin] = c.end;
    out.push_back(c);
  }
  return out;
}

// Letters and digits covered; of a card the last four digits stay, of a mail address its domain.
std::string cover(FindingKind kind, std::u32string_view text) {
  std::size_t keep_from = text.size();
  if (kind == FindingKind::email) keep_from = text.find(U'@');
  if (kind == FindingKind::credit_card && text.size() > 4) keep_from = text.size() - 4;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool covered = i < keep_from && char_class(text[i]) >= CharClass::digit;
    append_utf8(out, covered ? U'●' : text[i] == U'\n' ? U' ' : text[i]);
  }
  return out;
}

// The dictionary is asked once for each stretch of text that holds candidates for names, however many they are.
class NameWords {
 public:
  NameWords(const Analyzer& analyzer, std::u32string_view text) : analyzer_(analyzer), text_(text) {}

  std::vector<TaggedWord> operator()(std::uint32_t begin, std::uint32_t end) {
    if (!session_) session_.emplace(analyzer_);
    if (begin < begin_ || end > end_) read(begin, end);
    const auto first = std::lower_bound(words_.begin(), words_.end(), begin, [](const TaggedWord& w, std::uint32_t at) { return w.begin < at; });
    const auto last = std::lower_bound(first, words_.end(), end, [](const TaggedWord& w, std::uint32_t at) { return w.begin < at; });
    return {first, last};
  }

 private:
  static constexpr std::uint32_t kStretch = 256;
  void read(std::uint32_t begin, std::uint32_t end) {
    begin_ = begin;
    while (begin_ > 0 && begin - begin_ < 32 && char_class(text_[begin_ - 1]) >= CharClass::hiragana) --begin_;
    end_ = std::min<std::uint32_t>(std::max(end, begin_ + kStretch), static_cast<std::uint32_t>(text_.size()));
    words_ = session_->tag_names(text_.substr(begin_, end_ - begin_));
    for (TaggedWord& w : words_) {
      w.begin += begin_;
      w.end += begin_;
    }
  }
  const Analyzer& analyzer_;
  std::u32string_view text_;
  std::optional<Analyzer::Session> session_;
  std::vector<TaggedWord> words_;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

}  // namespace

std::optional<FindingKind> kind_of(std::string_view name) {
  for (std::size_t i = 0; i < kFindingKinds.size(); ++i)
    if (kFindingKinds[i] == name) return static_cast<FindingKind>(i);
  return std::nullopt;
}

Detector::Detector(const Analyzer& analyzer, const std::vector<std::string>& words) : analyzer_(analyzer), words_(normal_forms(words)) {}

std::vector<Finding> Detector::find(std::string_view utf8) const {
  Normalised normal;
  normalise(utf8, normal);
  const std::u32string_view text = normal.text;
  const Cues cues(text);
  const std::vector<DigitGroup> groups = digit_groups(text);
  NameWords names(analyzer_, text);
  const Looked in{text, cues, groups, std::ref(names)};
  Candidates all;
  find_my_numbers(in, all);
  find_long_numbers(in, all);
  find_labelled_numbers(in, all);
  find_phones(in, all);
  find_postal_codes(in, all);
  find_emails(in, all);
  find_addresses(in, all);
  find_birth_dates(in, all);
  find_names(in, all);
  Candidates chosen = choose(std::move(all));
  std::vector<WordHit> hits;
  words_.find(text, hits);
  for (const WordHit& hit : hits) chosen.push_back({FindingKind::ng_word, hit.begin, hit.end, 100});
  std::sort(chosen.begin(), chosen.end(), [](const Candidate& a, const Candidate& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  std::vector<Finding> out;
  for (const Candidate& c : chosen)
    out.push_back({c.kind, normal.source_begin(c.begin), normal.source_end(c.end), c.confidence, cover(c.kind, text.substr(c.begin, c.end - c.begin))});
  return out;
}

}  // namespace sekisho::text
