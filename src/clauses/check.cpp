#include "clauses/check.h"

#include <algorithm>
#include <map>
#include <set>

#include "clauses/label.h"
#include "clauses/numbers.h"
#include "clauses/prose.h"
#include "clauses/regions.h"
#include "text/lines.h"

namespace sekisho::clauses {
namespace {

constexpr std::u32string_view kAbove = U"上記";
constexpr std::size_t kMaxReference = 24;  // code points

struct Reader {
  const Document& document;
  std::set<std::pair<std::uint32_t, std::string>> refs;
  std::vector<Finding> out;

  explicit Reader(const Document& d) : document(d) {
    for (const Clause& clause : d.clauses) refs.insert({clause.part, clause.ref});
  }

  const Clause& at(int index) const { return document.clauses[static_cast<std::size_t>(index)]; }
  bool knows(std::uint32_t part, const std::string& ref) const { return refs.contains({part, ref}); }

  // The reference as it stands, or told from where it is written: 「上記(1)」 in 4(2) is 4(1).
  bool resolves(int index, const std::string& written) const {
    const std::uint32_t part = at(index).part;
    if (knows(part, written)) return true;
    for (int up = index; up != kNoParent; up = at(up).parent)
      if (knows(part, at(up).ref + written)) return true;
    return false;
  }
};

// Ordinals among siblings of one family must rise by one.
void check_numbers(Reader& reader) {
  struct Last {
    std::uint32_t ordinal = 0;
    std::uint32_t branch = 0;
  };
  std::map<std::pair<int, int>, Last> last;
  std::map<std::uint32_t, std::uint32_t> parts;
  for (std::size_t i = 0; i < reader.document.clauses.size(); ++i) {
    const Clause& clause = reader.document.clauses[i];
    if (clause.kind != Kind::clause && clause.kind != Kind::structure) continue;
    const auto mark = mark_of(reader.document, i);
    if (!mark) continue;
    // Articles run through the chapters of a part; other numbers through their parent.
    const bool article = mark->family == Family::article;
    const int scope = article || clause.parent == kNoParent ? -1 - static_cast<int>(clause.part) : clause.parent;
    Last& before = last[{scope, static_cast<int>(mark->family)}];
    const bool first_paragraph = mark->family == Family::number && before.ordinal == 0 && mark->ordinal == 2;  // 第1項 bears no number
    if (mark->family == Family::dotted) {
      // 1.1 … 1.9 and then 2.1: only what shares a prefix is compared, and refs already tell repeated ones
    } else if (mark->ordinal > before.ordinal + 1 && !first_paragraph && before.ordinal > 0) {
      for (std::uint32_t n = before.ordinal + 1; n < mark->ordinal && n <= before.ordinal + 3; ++n)
        reader.out.push_back({"missing", static_cast<int>(i), label_text(mark->family, n)});
    } else if (mark->ordinal == before.ordinal && mark->branch == before.branch) {
      reader.out.push_back({"duplicate", static_cast<int>(i), clause.label});
    }
    before = {mark->ordinal, mark->branch};
  }
}

std::string half_width(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : squeezed(text))
    if (c != U'-' && c != U'－') out += c;
  return encode(out);
}

bool is_digit(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９'); }
bool is_kana(char32_t c) { return c >= U'ア' && c <= U'ン'; }

// How far a reference reaches: 7-(1), 11(2)ア(ウ)e, (1), イ.
std::size_t reference_length(std::u32string_view text) {
  std::size_t i = 0;
  while (i < text.size() && i < kMaxReference) {
    if (is_digit(text[i]) || ((text[i] == U'-' || text[i] == U'－') && i > 0)) {
      ++i;
    } else if (text[i] == U'(' || text[i] == U'（') {
      const auto end = text.find_first_of(U")）", i);
      if (end == std::u32string_view::npos || end - i > 4) break;
      i = end + 1;
    } else if ((is_kana(text[i]) && (i + 1 == text.size() || !(text[i + 1] >= U'ァ' && text[i + 1] <= U'ー'))) || (text[i] >= U'①' && text[i] <= U'⑳')) {
      ++i;
    } else {
      break;
    }
  }
  while (i > 0 && (text[i - 1] == U'-' || text[i - 1] == U'－')) --i;
  return i;
}

// 上記6、7及び8 names three.
void check_above(Reader& reader, int index, std::u32string_view text) {
  for (auto at = text.find(kAbove); at != std::u32string_view::npos; at = text.find(kAbove, at + 1)) {
    std::size_t i = at + kAbove.size();
    for (;;) {
      while (i < text.size() && is_space(text[i])) ++i;
      const std::size_t length = reference_length(text.substr(i));
      if (length == 0) break;
      const std::u32string_view written = text.substr(i, length);
      if (!reader.resolves(index, half_width(written))) reader.out.push_back({"dangling", index, encode(kAbove) + encode(written)});
      i += length;
      bool more = false;
      for (const std::u32string_view join : {std::u32string_view(U"、"), std::u32string_view(U"及び"), std::u32string_view(U"又は"), std::u32string_view(U"並びに"), std::u32string_view(U"・")}) {
        if (text.substr(i).starts_with(join)) {
          i += join.size();
          more = true;
          break;
        }
      }
      if (!more) break;
    }
  }
}

// 第9条の規定 where no article 9 is; 個人情報保護法第9条 is another's.
void check_articles(Reader& reader, int index, std::u32string_view text) {
  for (auto at = text.find(U'第'); at != std::u32string_view::npos; at = text.find(U'第', at + 1)) {
    if (at > 0 && std::u32string_view(U"法律令例則程綱領定同号）)」").find(text[at - 1]) != std::u32string_view::npos) continue;
    const auto end = text.find(U'条', at);
    if (end == std::u32string_view::npos || end - at > 5) continue;
    std::size_t stop = end + 1;
    if (stop + 1 < text.size() && text[stop] == U'の' && is_digit(text[stop + 1])) {
      ++stop;
      while (stop < text.size() && is_digit(text[stop])) ++stop;
    }
    const auto labels = read_labels(text.substr(at, stop - at));
    if (labels.empty() || labels.front().family != Family::article) continue;
    if (!reader.knows(reader.at(index).part, labels.front().text)) reader.out.push_back({"dangling", index, labels.front().text});
  }
}

void check_references(Reader& reader) {
  std::set<std::uint32_t> with_articles;
  for (const Clause& clause : reader.document.clauses)
    if (clause.kind == Kind::clause && clause.label.find("条") != std::string::npos) with_articles.insert(clause.part);
  for (std::size_t i = 0; i < reader.document.clauses.size(); ++i) {
    const Clause& clause = reader.document.clauses[i];
    const std::u32string text = decode(clause.text);
    check_above(reader, static_cast<int>(i), text);
    // The ranges of a table of contents are what check_contents() compares.
    if (with_articles.contains(clause.part) && clause.kind != Kind::contents) check_articles(reader, static_cast<int>(i), text);
  }
}

void check_headings(Reader& reader) {
  std::vector<bool> parents(reader.document.clauses.size(), false);
  for (const Clause& clause : reader.document.clauses)
    if (clause.parent != kNoParent) parents[static_cast<std::size_t>(clause.parent)] = true;
  for (std::size_t i = 0; i < reader.document.clauses.size(); ++i) {
    const Clause& clause = reader.document.clauses[i];
    if ((clause.kind == Kind::clause || clause.kind == Kind::structure) && clause.text.empty() && !parents[i]) reader.out.push_back({"empty", static_cast<int>(i), clause.title});
  }
}

// Each entry of a table of contents must be a heading of its part, word for word.
void check_contents(Reader& reader) {
  for (std::size_t i = 0; i < reader.document.clauses.size(); ++i) {
    const Clause& contents = reader.document.clauses[i];
    if (contents.kind != Kind::contents) continue;
    std::set<std::u32string> headings;
    for (const Clause& clause : reader.document.clauses) {
      if (clause.part != contents.part || (clause.kind != Kind::clause && clause.kind != Kind::structure && clause.kind != Kind::annex && clause.kind != Kind::supplement)) continue;
      headings.insert(squeezed(decode(clause.label + (clause.title.empty() ? clause.text : clause.title))));
      headings.insert(squeezed(decode(clause.text)));
    }
    for (const std::string_view line : text::lines_of(contents.text)) {
      const std::u32string entry = decode(line);
      const auto labels = read_labels(entry);
      if (labels.empty()) continue;
      const std::u32string key = decode(labels.front().text) + contents_words(std::u32string_view(entry).substr(labels.front().rest));
      if (!headings.contains(key)) reader.out.push_back({"contents", static_cast<int>(i), encode(entry)});
    }
  }
}

}  // namespace

std::vector<Finding> check(const Document& document) {
  Reader reader(document);
  check_numbers(reader);
  check_references(reader);
  check_headings(reader);
  check_contents(reader);
  std::stable_sort(reader.out.begin(), reader.out.end(), [](const Finding& a, const Finding& b) { return a.clause < b.clause; });
  return std::move(reader.out);
}

}  // namespace sekisho::clauses
