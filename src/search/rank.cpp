#include "search/rank.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sekisho::search {
namespace {

constexpr double kK1 = 0.7;
constexpr double kB = 0.75;
constexpr double kLength = 110;  // L: a constant, so that no score tells how long the chunks are that a caller may not read
constexpr double kBigramWeight = 0.45;
constexpr std::size_t kHead = 100;
constexpr double kTitleShare = 0.7;  // a question's word that stands in the title counts this much for every sentence
constexpr double kProximity = 0.3;
constexpr std::size_t kNear = 3;

struct Posting {
  std::uint32_t chunk;
  float tf;
  float norm;
};

struct Candidate {
  std::uint32_t chunk = 0;
  double score = 0;
};

double norm_of(std::uint16_t length) { return kK1 * (1 - kB + kB * static_cast<double>(length) / kLength); }

// The permitted postings of one question term, its spellings joined. The bitmap is asked here, inside the scan.
void collect(const Segments& segments, const text::QueryTerm& term, const Bitmap& permitted, std::vector<Posting>& out) {
  out.clear();
  for (const auto& segment : segments) {
    const std::size_t begin = out.size();
    std::size_t found = 0;
    for (const std::uint64_t hash : term.terms) {
      TermEntry entry;
      if (!segment->find(hash, entry)) continue;
      ++found;
      std::uint32_t document = 0;
      std::uint32_t tf = 0;
      while (entry.postings.next(document, tf)) {
        const std::uint32_t chunk = segment->chunk(document);
        if (permitted.test(chunk)) out.push_back({chunk, static_cast<float>(tf), static_cast<float>(norm_of(segment->document(document).length))});
      }
    }
    if (found < 2) continue;
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), [](const Posting& a, const Posting& b) { return a.chunk < b.chunk; });
    std::size_t to = begin;
    for (std::size_t from = begin; from < out.size(); ++from) {
      if (to > begin && out[to - 1].chunk == out[from].chunk) out[to - 1].tf += out[from].tf;
      else out[to++] = out[from];
    }
    out.resize(to);
  }
}

// Scores by chunk, kept per thread so that a search allocates nothing once it is warm; only touched places are cleared.
struct Scores {
  std::vector<double> values;
  std::vector<std::uint32_t> touched;
  void add(std::uint32_t chunk, double score) {
    if (chunk >= values.size()) values.resize(std::size_t{chunk} + chunk / 2 + 1024);
    if (values[chunk] == 0) touched.push_back(chunk);
    values[chunk] += score;
  }
  std::vector<Candidate> take(std::size_t limit) {
    std::vector<Candidate> out;
    out.reserve(touched.size());
    for (const std::uint32_t chunk : touched) {
      out.push_back({chunk, values[chunk]});
      values[chunk] = 0;
    }
    touched.clear();
    const auto better = [](const Candidate& a, const Candidate& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; };
    const std::size_t keep = std::min(limit, out.size());
    std::partial_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(keep), out.end(), better);
    out.resize(keep);
    return out;
  }
};

struct QuestionWord {
  double idf = 0;
  std::vector<std::uint16_t> fingerprints;
};

// Finds which question word a fingerprint is: a small table, as questions are short.
class Lookup {
 public:
  explicit Lookup(const std::vector<QuestionWord>& words) {
    for (std::size_t i = 0; i < words.size(); ++i)
      for (const std::uint16_t f : words[i].fingerprints) entries_.emplace_back(f, static_cast<int>(i));
    std::sort(entries_.begin(), entries_.end());
  }
  int find(std::uint16_t fingerprint) const {
    const auto it = std::lower_bound(entries_.begin(), entries_.end(), std::pair(fingerprint, 0));
    return it != entries_.end() && it->first == fingerprint ? it->second : -1;
  }

 private:
  std::vector<std::pair<std::uint16_t, int>> entries_;
};

struct Look {
  double coverage = 0;
  double sentence = 0;
  double proximity = 0;
};

Look look_at(std::string_view forward, std::size_t title_words, const std::vector<QuestionWord>& words, const Lookup& lookup, double total, double pair_total) {
  std::vector<bool> seen(words.size()), in_title(words.size()), in_sentence(words.size()), pair(words.size());
  std::vector<std::size_t> last(words.size(), static_cast<std::size_t>(-1));
  Look out;
  double best = 0;
  const auto end_sentence = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < words.size(); ++i) sum += in_sentence[i] ? words[i].idf : in_title[i] ? kTitleShare * words[i].idf : 0;
    best = std::max(best, sum);
    std::fill(in_sentence.begin(), in_sentence.end(), false);
  };
  std::size_t place = 0;
  for (std::size_t at = 0; at + 1 < forward.size(); at += 2) {
    std::uint16_t f;
    std::memcpy(&f, forward.data() + at, 2);
    if (f == 0) {
      end_sentence();
      continue;
    }
    const int found = lookup.find(f);
    const std::size_t here = place++;
    if (found < 0) continue;
    const auto word = static_cast<std::size_t>(found);
    seen[word] = true;
    (here < title_words ? in_title : in_sentence)[word] = true;
    last[word] = here;
    if (word > 0 && last[word - 1] != static_cast<std::size_t>(-1) && here - last[word - 1] <= kNear) pair[word] = true;
  }
  end_sentence();
  double covered = 0;
  double near = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    covered += seen[i] ? words[i].idf : 0;
    near += pair[i] ? words[i].idf + words[i - 1].idf : 0;
  }
  out.coverage = total > 0 ? covered / total : 0;
  out.sentence = total > 0 ? best / total : 0;
  out.proximity = pair_total > 0 ? near / pair_total : 0;
  return out;
}

bool place_of(const Segments& segments, std::uint32_t chunk, const Segment*& segment, std::uint32_t& document) {
  for (const auto& s : segments) {
    if (chunk < s->first_chunk() || chunk > s->last_chunk()) continue;
    std::uint32_t low = 0;
    std::uint32_t high = s->documents();
    if (s->contiguous()) {
      low = chunk - s->first_chunk();
    } else {
      while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (s->chunk(middle) < chunk) low = middle + 1;
        else high = middle;
      }
    }
    segment = s.get();
    document = low;
    return low < s->documents() && s->chunk(low) == chunk;
  }
  return false;
}

void second_look(const Segments& segments, const std::vector<QuestionWord>& words, std::vector<Candidate>& head) {
  const Lookup lookup(words);
  double total = 0;
  double pair_total = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    total += words[i].idf;
    if (i > 0) pair_total += words[i].idf + words[i - 1].idf;
  }
  for (Candidate& c : head) {
    const Segment* segment = nullptr;
    std::uint32_t document = 0;
    if (!place_of(segments, c.chunk, segment, document)) continue;
    const Look look = look_at(segment->forward(document), segment->document(document).title_words, words, lookup, total, pair_total);
    c.score *= 1 + look.coverage + look.sentence + kProximity * look.proximity;
  }
}

}  // namespace

std::vector<Hit> rank(const Segments& segments, std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit) {
  thread_local Scores scores;
  thread_local std::vector<Posting> postings;
  double documents = 0;
  for (const auto& s : segments) documents += static_cast<double>(permitted.count_range(s->first_chunk(), s->last_chunk()));
  std::vector<QuestionWord> words;
  for (const text::QueryTerm& term : terms) {
    collect(segments, term, permitted, postings);
    const auto df = static_cast<double>(postings.size());
    const double idf = std::log(1 + (std::max(documents, df) - df + 0.5) / (df + 0.5));
    const bool bigram = term.kind == text::TokenKind::bigram;
    if (!bigram) {
      QuestionWord word{idf, {}};
      for (const std::uint64_t hash : term.terms) word.fingerprints.push_back(fingerprint_of(hash));
      words.push_back(std::move(word));
    }
    const double weight = idf * (1 + kK1) * (bigram ? kBigramWeight : 1);
    for (const Posting& p : postings) scores.add(p.chunk, weight * p.tf / (p.tf + p.norm));
  }
  std::vector<Candidate> head = scores.take(std::max(limit, kHead));
  second_look(segments, words, head);
  std::sort(head.begin(), head.end(), [](const Candidate& a, const Candidate& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; });
  std::vector<Hit> out;
  for (std::size_t i = 0; i < std::min(limit, head.size()); ++i) out.push_back({head[i].chunk, head[i].score});
  return out;
}

}  // namespace sekisho::search
