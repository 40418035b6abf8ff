#include "clauses/compare.h"

#include <algorithm>

#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMaxEdits = 600;   // beyond this both texts count as different as a whole
constexpr std::size_t kMaxWords = 20'000;
constexpr std::size_t kIslet = 1;         // so few equal letters between two changes count as changed

enum class Class { other, kanji, katakana, word };

Class class_of(char32_t c) {
  if ((c >= U'一' && c <= U'鿿') || c == U'々') return Class::kanji;
  if (c >= U'ァ' && c <= U'ー') return Class::katakana;
  if ((c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z')) return Class::word;
  if ((c >= U'０' && c <= U'９') || (c >= U'Ａ' && c <= U'Ｚ') || (c >= U'ａ' && c <= U'ｚ')) return Class::word;
  return Class::other;
}

struct Word {
  std::u32string shown;
  std::u32string key;  // what is compared
};

// Runs of katakana, and of letters and digits, are words; every other letter stands alone.
std::vector<Word> words_of(std::string_view utf8) {
  const std::u32string text = decode(utf8);
  std::vector<Word> out;
  for (std::size_t i = 0; i < text.size();) {
    const Class c = class_of(text[i]);
    std::size_t end = i + 1;
    if (c == Class::katakana || c == Class::word)
      while (end < text.size() && class_of(text[end]) == c) ++end;
    const std::u32string shown = text.substr(i, end - i);
    out.push_back({shown, squeezed(shown)});
    i = end;
  }
  return out;
}

// Myers, An O(ND) Difference Algorithm and Its Variations (1986): which words of either side are not in the other.
bool differences(const std::vector<const Word*>& a, const std::vector<const Word*>& b, std::vector<bool>& a_changed, std::vector<bool>& b_changed) {
  const auto n = static_cast<std::ptrdiff_t>(a.size());
  const auto m = static_cast<std::ptrdiff_t>(b.size());
  const std::ptrdiff_t most = std::min<std::ptrdiff_t>(n + m, kMaxEdits);
  const std::ptrdiff_t zero = most + 1;
  std::vector<std::ptrdiff_t> furthest(static_cast<std::size_t>(2 * zero + 1), 0);
  std::vector<std::vector<std::ptrdiff_t>> trace;
  const auto at = [&](std::vector<std::ptrdiff_t>& v, std::ptrdiff_t k) -> std::ptrdiff_t& { return v[static_cast<std::size_t>(k + zero)]; };
  std::ptrdiff_t edits = 0;
  bool found = false;
  for (; edits <= most && !found; ++edits) {
    trace.push_back(furthest);
    for (std::ptrdiff_t k = -edits; k <= edits; k += 2) {
      std::ptrdiff_t x = k == -edits || (k != edits && at(furthest, k - 1) < at(furthest, k + 1)) ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < n && x - k < m && a[static_cast<std::size_t>(x)]->key == b[static_cast<std::size_t>(x - k)]->key) ++x;
      at(furthest, k) = x;
      if (x >= n && x - k >= m) {
        found = true;
        break;
      }
    }
  }
  if (!found) return false;
  std::ptrdiff_t x = n;
  std::ptrdiff_t y = m;
  for (std::ptrdiff_t d = edits - 1; d > 0; --d) {
    std::vector<std::ptrdiff_t>& v = trace[static_cast<std::size_t>(d)];
    const std::ptrdiff_t k = x - y;
    const bool down = k == -d || (k != d && at(v, k - 1) < at(v, k + 1));
    const std::ptrdiff_t from_k = down ? k + 1 : k - 1;
    const std::ptrdiff_t from_x = at(v, from_k);
    const std::ptrdiff_t from_y = from_x - from_k;
    if (down)
      b_changed[static_cast<std::size_t>(from_y)] = true;
    else
      a_changed[static_cast<std::size_t>(from_x)] = true;
    x = from_x;
    y = from_y;
  }
  return true;
}

// A change that could as well stand one word earlier moves there when it then touches another: [内]部[部]局 is [内部]部局.
void gather(const std::vector<const Word*>& words, std::vector<bool>& changed) {
  for (std::size_t begin = 1; begin < words.size(); ++begin) {
    if (!changed[begin] || changed[begin - 1]) continue;
    std::size_t end = begin;
    while (end < words.size() && changed[end]) ++end;
    std::size_t shift = 0;
    while (shift < begin && !changed[begin - 1 - shift] && words[begin - 1 - shift]->key == words[end - 1 - shift]->key) ++shift;
    if (shift > 0 && shift < begin && changed[begin - 1 - shift]) {
      for (std::size_t i = 0; i < shift; ++i) {
        changed[begin - 1 - i] = true;
        changed[end - 1 - i] = false;
      }
    }
    begin = end;
  }
}

// A letter that both sides happen to share between two changes is no agreement: 対策[基]準 and [基]本方針.
void drown_islets(const std::vector<const Word*>& a, const std::vector<const Word*>& b, std::vector<bool>& a_changed, std::vector<bool>& b_changed) {
  std::size_t i = 0;
  std::size_t j = 0;
  bool change_before = false;
  while (i < a.size() || j < b.size()) {
    const std::size_t i_run = i;
    const std::size_t j_run = j;
    std::size_t letters = 0;
    while (i < a.size() && j < b.size() && !a_changed[i] && !b_changed[j]) {
      letters += a[i]->key.size();
      ++i;
      ++j;
    }
    const bool change_behind = i < a.size() || j < b.size();
    if (change_before && change_behind && letters <= kIslet) {
      std::fill(a_changed.begin() + static_cast<std::ptrdiff_t>(i_run), a_changed.begin() + static_cast<std::ptrdiff_t>(i), true);
      std::fill(b_changed.begin() + static_cast<std::ptrdiff_t>(j_run), b_changed.begin() + static_cast<std::ptrdiff_t>(j), true);
    }
    while (i < a.size() && a_changed[i]) ++i;
    while (j < b.size() && b_changed[j]) ++j;
    if (i == i_run && j == j_run) return;  // both sides agree on what is equal: this cannot be
    change_before = true;
  }
}

std::vector<Piece> pieces_of(const std::vector<Word>& words, const std::vector<bool>& changed) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (out.empty() || out.back().changed != changed[i]) out.push_back({{}, changed[i]});
    out.back().text += encode(words[i].shown);
  }
  return out;
}

std::vector<Piece> plain(const std::string& text) { return text.empty() ? std::vector<Piece>() : std::vector<Piece>{{text, false}}; }
std::vector<Piece> whole(const std::string& text) { return text.empty() ? std::vector<Piece>() : std::vector<Piece>{{text, true}}; }

bool same_words(const std::string& a, const std::string& b) { return a == b || squeezed(decode(a)) == squeezed(decode(b)); }

}  // namespace

void mark_changes(std::string_view before, std::string_view after, std::vector<Piece>& before_pieces, std::vector<Piece>& after_pieces) {
  const auto a = words_of(before);
  const auto b = words_of(after);
  std::vector<bool> a_changed(a.size(), false);
  std::vector<bool> b_changed(b.size(), false);
  // White space is never a change: it is left out of what is compared.
  std::vector<const Word*> a_words, b_words;
  std::vector<std::size_t> a_place, b_place;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!a[i].key.empty() && a[i].key != U"\n") a_words.push_back(&a[i]), a_place.push_back(i);
  for (std::size_t i = 0; i < b.size(); ++i)
    if (!b[i].key.empty() && b[i].key != U"\n") b_words.push_back(&b[i]), b_place.push_back(i);
  std::vector<bool> a_words_changed(a_words.size(), false);
  std::vector<bool> b_words_changed(b_words.size(), false);
  const bool short_enough = a_words.size() <= kMaxWords && b_words.size() <= kMaxWords;
  if (!short_enough || !differences(a_words, b_words, a_words_changed, b_words_changed)) {
    a_words_changed.assign(a_words.size(), true);
    b_words_changed.assign(b_words.size(), true);
  }
  gather(a_words, a_words_changed);
  gather(b_words, b_words_changed);
  drown_islets(a_words, b_words, a_words_changed, b_words_changed);
  for (std::size_t i = 0; i < a_words.size(); ++i) a_changed[a_place[i]] = a_words_changed[i];
  for (std::size_t i = 0; i < b_words.size(); ++i) b_changed[b_place[i]] = b_words_changed[i];
  before_pieces = pieces_of(a, a_changed);
  after_pieces = pieces_of(b, b_changed);
}

std::vector<ComparedRow> compare(const std::vector<Comparable>& before, const std::vector<Comparable>& after, const Alignment& alignment) {
  std::vector<ComparedRow> out;
  const auto drop = [&](std::size_t i) {
    ComparedRow row;
    row.before = {static_cast<int>(i), whole(before[i].title), whole(before[i].text)};
    out.push_back(std::move(row));
  };
  // What was dropped follows the clause it stood behind.
  std::vector<std::vector<std::size_t>> behind(after.size() + 1);
  std::size_t place = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (alignment.to_new[i] != kNoPartner)
      place = static_cast<std::size_t>(alignment.to_new[i]) + 1;
    else
      behind[place].push_back(i);
  }
  for (const std::size_t i : behind[0]) drop(i);
  for (std::size_t j = 0; j < after.size(); ++j) {
    ComparedRow row;
    row.after.clause = static_cast<int>(j);
    if (const int i = alignment.to_old[j]; i == kNoPartner) {
      row.after = {static_cast<int>(j), whole(after[j].title), whole(after[j].text)};
    } else {
      const Comparable& a = before[static_cast<std::size_t>(i)];
      const Comparable& b = after[j];
      row.before.clause = i;
      row.changed = !same_words(a.title, b.title) || !same_words(a.text, b.text);
      row.renumbered = a.label != b.label;
      row.moved = (a.parent == kNoParent ? kNoParent : alignment.to_new[static_cast<std::size_t>(a.parent)]) != b.parent;
      if (row.changed) {
        mark_changes(a.title, b.title, row.before.title, row.after.title);
        mark_changes(a.text, b.text, row.before.text, row.after.text);
      } else {
        row.before = {i, plain(a.title), plain(a.text)};
        row.after = {static_cast<int>(j), plain(b.title), plain(b.text)};
      }
    }
    out.push_back(std::move(row));
    for (const std::size_t i : behind[j + 1]) drop(i);
  }
  return out;
}

}  // namespace sekisho::clauses
