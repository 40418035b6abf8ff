#include "search/snippet.h"

#include <algorithm>
#include <map>
#include <set>

#include "text/utf8.h"

namespace sekisho::search {
namespace {

constexpr std::size_t kLead = 20;  // code points shown before the first word

struct Found {
  std::size_t begin;
  std::size_t end;
  std::size_t term;
};

// Where the best window starts: the most different terms, then the earliest.
std::size_t best_start(const std::vector<Found>& found, std::size_t width) {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::set<std::size_t> terms;
    for (std::size_t k = i; k < found.size() && found[k].end <= found[i].begin + width; ++k) terms.insert(found[k].term);
    if (terms.size() > most) {
      most = terms.size();
      best = found[i].begin;
    }
  }
  return best;
}

}  // namespace

Snippet make_snippet(std::string_view passage, std::span<const text::QueryTerm> terms, text::Analyzer::Session& session, std::size_t max_code_points) {
  std::map<std::uint64_t, std::size_t> wanted;
  for (std::size_t i = 0; i < terms.size(); ++i)
    if (terms[i].kind != text::TokenKind::bigram)
      for (const std::uint64_t hash : terms[i].terms) wanted.emplace(hash, i);
  std::vector<Found> found;
  for (const text::Token& t : session.analyse(passage))
    if (const auto it = wanted.find(t.term); it != wanted.end() && t.kind != text::TokenKind::sentence_end) found.push_back({t.begin, t.end, it->second});
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.begin < b.begin; });
  const std::size_t size = text::count_code_points(passage);
  Snippet out;
  if (size > max_code_points && !found.empty()) {
    const std::size_t start = best_start(found, max_code_points - std::min(max_code_points, kLead));
    out.offset = std::min(start > kLead ? start - kLead : 0, size - max_code_points);
  }
  const std::size_t end = std::min(size, out.offset + max_code_points);
  out.text = std::string(text::slice_code_points(passage, out.offset, end));
  std::size_t marked = 0;
  for (const Found& f : found) {
    if (f.begin < out.offset || f.end > end || f.begin - out.offset < marked) continue;
    out.marks.emplace_back(f.begin - out.offset, f.end - out.offset);
    marked = f.end - out.offset;
  }
  return out;
}

}  // namespace sekisho::search
