#include "clauses/builder.h"

#include <algorithm>
#include <array>

#include "clauses/refs.h"
#include "clauses/regions.h"
#include "text/utf8.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kTail = 4;      // a repeated end is at most this long
constexpr std::size_t kExcerpt = 10;  // code points on each side of a joint
constexpr std::size_t kGluedHeadings = 3;  // so many make a custom of the document
constexpr int kCertain = 90;
constexpr std::size_t kMaxCellLabel = 40;
constexpr std::size_t kMaxTerm = 24;  // code points of what a definition defines
constexpr std::array<std::u32string_view, 4> kDefining = {U"いう。", U"いいます。", U"指す。", U"指します。"};

bool one_of(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }
bool is_latin(char32_t c) { return c < 0x80 && c > U' '; }

bool is_bare(Family family) {
  switch (family) {
    case Family::number: case Family::kana: case Family::iroha: case Family::alpha: case Family::upper: case Family::kanji: case Family::dotted: return true;
    default: return is_half(family);
  }
}

std::vector<std::u32string_view> views(const std::vector<Line>& lines) {
  std::vector<std::u32string_view> out;
  for (const Line& line : lines) out.emplace_back(line.text);
  return out;
}

// 1目的, 2定義, 3… stand there, and hardly a number with a space behind it; or 1.2範囲, 1.3期間.
Glued custom_of(const std::vector<Line>& lines) {
  std::size_t glued = 0;
  std::size_t dotted = 0;
  std::size_t apart = 0;
  for (const Line& line : lines) {
    const std::size_t numbers = glued_numbers(line.text);
    glued += numbers == 1 ? 1 : 0;
    dotted += numbers > 1 ? 1 : 0;
    for (const Label& label : read_labels(line.text)) apart += label.family == Family::number ? 1 : 0;
  }
  const bool all = glued > 0 && glued + dotted >= kGluedHeadings && apart * 4 < glued + dotted;
  return all ? Glued::all : dotted >= kGluedHeadings ? Glued::dotted : Glued::none;
}

bool heads(Family family) { return is_structure(family) || family == Family::ordinal || family == Family::number || family == Family::dotted; }

// （目的） on the line of the number: 第1条（目的）, 1（目的）. 0: no such caption.
std::size_t caption_length(const std::u32string& head, Family family) {
  if (!one_of(U"（(【［〔", head.front())) return 0;
  const auto close = head.find_first_of(U"）)】］〕");
  const bool whole = close + 1 == head.size() && head.find_first_of(U"（(", 1) == std::u32string::npos;
  return close != std::u32string::npos && (family == Family::article || (whole && heads(family))) ? close + 1 : 0;
}

// Without the remarks in brackets at its end: 責任者（以下「甲」という。） is a name.
std::u32string_view without_remark(std::u32string_view head) {
  if (head.empty() || !one_of(U"）)", head.back())) return head;
  std::size_t depth = 0;
  for (std::size_t i = head.size(); i-- > 0;) {
    if (one_of(U"）)", head[i])) ++depth;
    if (one_of(U"（(", head[i]) && --depth == 0) return i == 0 ? head : head.substr(0, i);
  }
  return head;
}

// Where a definition begins whose term stands before it on the line: 「記録　仕事で作ったものをいう。」. 0: the line is no such thing.
std::size_t definition_at(std::u32string_view head) {
  const auto gap = static_cast<std::size_t>(std::find_if(head.begin(), head.end(), is_space) - head.begin());
  const std::u32string_view term = without_remark(head.substr(0, gap));
  if (term.empty() || term.size() > kMaxTerm || gap == head.size() || !ends_sentence(head)) return 0;
  std::size_t at = gap;
  while (at < head.size() && is_space(head[at])) ++at;
  const bool wide = head.substr(gap, at - gap).find_first_of(U"\u3000\t") != std::u32string_view::npos;
  const bool defines = std::any_of(kDefining.begin(), kDefining.end(), [&](std::u32string_view end) { return head.ends_with(end); });
  // A plain blank stands between words of Latin letters and round numbers too; there only a definition's own end tells.
  if (!wide && (!defines || (head[at] < 0x80 && term.back() < 0x80) || (head[at] >= U'0' && head[at] <= U'9'))) return 0;
  const bool noun = term.find_first_of(U"、。，．：:") == std::u32string_view::npos && !one_of(U"はがをにのへとでもやて", term.back());
  const bool kana = std::all_of(term.begin(), term.end(), [](char32_t c) { return c >= U'ぁ' && c <= U'ん'; });  // ただし, なお
  return noun && (!kana || defines) ? at : 0;
}

std::u32string without_breaks(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : text)
    if (c != U'\v') out += c == U'\t' || c == U'\n' ? U' ' : c;
  return out;
}

}  // namespace

Builder::Builder(std::string_view source, Source read) : source_(source), lines_(std::move(read.lines)), prose_(views(lines_)) {
  document_.noise = std::move(read.noise);
  document_.repairs = std::move(read.repairs);
  const Glued glued = custom_of(lines_);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    labels_.push_back(read_labels(lines_[i].text, glued));
    label_place_.push_back(label_lines_.size());
    if (!labels_.back().empty()) label_lines_.push_back(i);
    if (is_contents_heading(lines_[i].text) || is_supplement_heading(lines_[i].text)) label_lines_.push_back(kBoundary);
  }
  begin_part();
}

void Builder::begin_part() {
  ++part_;
  outline_ = Outline();
  open_ = root_ = kNoParent;
  body_begun_ = numbered_ = false;
}

int Builder::add(Kind kind, std::string label, std::size_t at, int parent) {
  Clause clause;
  clause.kind = kind;
  clause.parent = parent;
  clause.part = part_;
  clause.line = lines_[at].number;
  clause.page = lines_[at].page;
  clause.printed = label;
  clause.label = std::move(label);
  document_.clauses.push_back(std::move(clause));
  drafts_.emplace_back();
  drafts_.back().keep_lines = kind == Kind::front || kind == Kind::contents || kind == Kind::signature || kind == Kind::history;
  open_ = static_cast<int>(document_.clauses.size()) - 1;
  drafts_.back().headed = kind == Kind::supplement || kind == Kind::annex;
  if (drafts_.back().headed) {
    root_ = open_;
    outline_.clear();
  }
  numbered_ = numbered_ || kind == Kind::structure || kind == Kind::clause;
  body_begun_ = body_begun_ || kind == Kind::preamble || kind == Kind::structure || kind == Kind::clause || kind == Kind::supplement || kind == Kind::annex;
  return open_;
}

int Builder::add_labelled(const Placement& placement, const Label& printed, std::size_t at) {
  const auto& stack = outline_.stack();
  const int parent = placement.level > 0 && placement.level <= stack.size() ? stack[placement.level - 1].clause : root_;
  const int clause = add(is_structure(placement.label.family) ? Kind::structure : Kind::clause, placement.label.text, at, parent);
  outline_.open(placement, clause);
  if (is_structure(placement.label.family)) root_ = kNoParent;
  Clause& made = document_.clauses.back();
  made.printed = encode(std::u32string_view(lines_[at].text).substr(0, printed.length));
  if (placement.corrected) repair(made.line, "label", made.printed, made.label);
  drafts_.back().labelled_line = true;
  drafts_.back().family = placement.label.family;
  for (const std::size_t caption_at : captions_) {
    const std::u32string& text = lines_[caption_at].text;
    if (made.title.empty() || has_date(decode(made.title))) made.title = encode(std::u32string_view(text).substr(1, text.size() - 2));
    made.spans.push_back({lines_[caption_at].begin, lines_[caption_at].end});
  }
  captions_.clear();
  add_text(at, printed.rest);
  return clause;
}

std::u32string Builder::cleaned(std::size_t at, std::size_t from) {
  const Line& line = lines_[at];
  std::u32string text = line.text.substr(std::min(from, line.text.size()));
  Stripped stripped = strip_html(text);
  if (!stripped.tags.empty()) {
    for (const std::u32string& tag : stripped.tags) repair(line.number, "html", encode(tag), "");
    text = without_breaks(stripped.text);
  }
  std::vector<WordRepair> words;
  text = prose_.repaired(text, words);
  for (WordRepair& word : words) repair(line.number, word.from.find(' ') == std::string::npos ? "character" : "spacing", word.from, word.to);
  return text;
}

void Builder::add_span(std::size_t at, int clause) { document_.clauses[static_cast<std::size_t>(clause)].spans.push_back({lines_[at].begin, lines_[at].end}); }

void Builder::add_paragraph(int clause, std::u32string text) { drafts_[static_cast<std::size_t>(clause)].paragraphs.push_back(std::move(text)); }

bool Builder::repeats_tail(const Draft& draft, std::u32string_view text) const {
  return !draft.paragraphs.empty() && text.size() <= kTail && ends_sentence(text) && draft.paragraphs.back().ends_with(text);
}

void Builder::join(Draft& draft, std::size_t at, const std::u32string& text) {
  std::u32string& last = draft.paragraphs.back();
  const bool torn_page = lines_[at].page_break_before || lines_[at].blank_before;
  if (prose_.doubled(last, text)) {
    repair(lines_[at].number, "repeated-tail", encode(last.substr(last.size() - 1)), "");
    last.pop_back();
  }
  const bool words = !last.empty() && is_latin(last.back()) && is_latin(text.front());
  const std::u32string before = last.substr(last.size() - std::min(last.size(), kExcerpt));
  const std::u32string behind = text.substr(0, kExcerpt);
  repair(lines_[at].number, torn_page ? "page-break" : "line-break", encode(before) + "\n" + encode(behind), encode(before) + (words ? " " : "") + encode(behind));
  if (words) last += U' ';
  last += text;
}

void Builder::add_text(std::size_t at, std::size_t from) {
  if (open_ == kNoParent) add(Kind::preamble, "前文", at, root_);
  add_span(at, open_);
  const std::u32string text = cleaned(at, from);
  if (text.empty()) return;
  Draft& draft = drafts_[static_cast<std::size_t>(open_)];
  if (from == 0 && repeats_tail(draft, text)) {
    repair(lines_[at].number, "repeated-tail", encode(text), "");
    return;
  }
  const bool entry = at > 0 && lines_[at - 1].marker && labels_[at - 1].empty();  // the name of a list's entry, and now what is said of it
  const bool adjacent = !lines_[at].blank_before && !lines_[at].marker;
  const bool next_entry = at > 0 && lines_[at].marker && lines_[at - 1].marker;
  const bool joins = from == 0 && !is_closed(draft) && (!next_entry || hangs(draft.paragraphs.back())) && prose_.torn(draft.paragraphs.back(), draft.last_line, text, adjacent, is_heading(draft) || entry);
  if (joins)
    join(draft, at, text);
  else
    draft.paragraphs.push_back(text);
  draft.last_line = lines_[at].text;
}

void Builder::caption(std::size_t at) { captions_.push_back(at); }

void Builder::head(std::size_t at) {
  add_span(at, open_);
  document_.clauses[static_cast<std::size_t>(open_)].title = encode(lines_[at].text);
}

bool Builder::list_interrupted() const {
  if (open_ == kNoParent) return false;
  const Draft& draft = drafts_[static_cast<std::size_t>(open_)];
  return draft.paragraphs.size() > (draft.labelled_line ? 1U : 0U);
}

bool Builder::unfinished(std::size_t at) const {
  if (open_ == kNoParent) return false;
  const Draft& draft = drafts_[static_cast<std::size_t>(open_)];
  if (is_closed(draft)) return false;
  return prose_.torn(draft.paragraphs.back(), draft.last_line, lines_[at].text, !lines_[at].blank_before, is_heading(draft));
}

bool Builder::plausible(const Placement& placement, std::size_t at) const {
  // （第2条及び第 | 3）に限る。
  const bool open_text = open_ != kNoParent && !drafts_[static_cast<std::size_t>(open_)].paragraphs.empty();
  if (is_half(placement.label.family) && open_text && bracket_is_open(drafts_[static_cast<std::size_t>(open_)].paragraphs.back())) return false;
  const bool torn = unfinished(at);
  if (placement.quality >= 100) return true;
  const std::u32string& text = lines_[at].text;
  const std::size_t rest = placement.label.rest;
  const bool goes_on = rest < text.size() && one_of(U"がのをにはへとも及又", text[rest]) && !is_space(text[rest - 1]);
  if (torn && (is_bare(placement.label.family) || goes_on)) return false;
  if (placement.quality >= kCertain) return true;
  if (torn) return false;
  return is_bare(placement.label.family) ? placement.quality >= 50 : placement.quality >= 20;
}

Outline::Ahead Builder::ahead_of(std::size_t at) const {
  const std::size_t next = label_place_[at] + 1;
  return [this, next](std::size_t i) -> const std::vector<Label>* {
    if (next + i >= label_lines_.size() || label_lines_[next + i] == kBoundary) return nullptr;
    return &labels_[label_lines_[next + i]];
  };
}

void Builder::repair(std::uint32_t line, std::string kind, std::string from, std::string to) {
  document_.repairs.push_back({line, std::move(kind), std::move(from), std::move(to), open_});
}

void Builder::add_row(const Table& table, const TableRow& row, std::vector<std::size_t>& counts, int parent) {
  std::u32string name = row.cells.empty() ? std::u32string() : squeezed(row.cells.front());
  if (name.size() > kMaxCellLabel) name.resize(kMaxCellLabel);
  const int clause = add(Kind::row, encode(name), row.first, parent);
  const auto& head = table.rows.front().cells;
  for (std::size_t c = 1; c < row.cells.size(); ++c) {
    const std::u32string heading = table.header && c < head.size() ? head[c] : std::u32string();
    const auto items = cell_items(row.cells[c]);
    if (items.empty()) {
      if (!row.cells[c].empty()) add_paragraph(clause, heading.empty() ? row.cells[c] : heading + U": " + row.cells[c]);
      continue;
    }
    for (const std::u32string& item : items) {
      const int made = add(Kind::item, encode(squeezed(heading)) + std::to_string(++counts[c]), row.first, parent);
      add_paragraph(made, item);
    }
  }
}

void Builder::add_table(const Table& table) {
  if (open_ == kNoParent) add(Kind::preamble, "前文", table.rows.front().first, root_);
  const int parent = open_;
  std::vector<std::size_t> counts(64, 0);
  std::size_t next_line = table.rows.front().first;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    TableRow row = table.rows[r];
    row.cells.resize(std::min<std::size_t>(row.cells.size(), counts.size()));
    int owner = parent;
    if (r == 0 && table.header) {
      std::u32string head;
      for (const auto& cell : row.cells) head += (head.empty() ? U"" : U" | ") + cell;
      add_paragraph(parent, head);
    } else {
      const std::size_t index = document_.clauses.size();
      add_row(table, row, counts, parent);
      owner = static_cast<int>(index);
    }
    for (; next_line <= row.last; ++next_line) {
      add_span(next_line, owner);
      for (const std::u32string& tag : strip_html(lines_[next_line].text).tags) repair(lines_[next_line].number, "html", encode(tag), "");
    }
  }
  open_ = parent;
}

// Numbers that run as the paragraphs or the items of an article bear sentences and entries, no headings.
bool Builder::is_below_article(const Clause& clause) const {
  for (int up = clause.parent; up != kNoParent; up = document_.clauses[static_cast<std::size_t>(up)].parent)
    if (drafts_[static_cast<std::size_t>(up)].labelled_line && drafts_[static_cast<std::size_t>(up)].family == Family::article) return true;
  return false;
}

// Decides between title and text, and writes the paragraphs down.
void Builder::settle(std::size_t index, bool has_children) {
  Clause& clause = document_.clauses[index];
  Draft& draft = drafts_[index];
  std::size_t first = 0;
  if (draft.labelled_line && !draft.paragraphs.empty() && clause.title.empty()) {
    const std::u32string head = draft.paragraphs.front();
    const std::u32string_view name = without_remark(head);
    const bool more = draft.paragraphs.size() > 1 || has_children;
    if (const std::size_t caption = caption_length(head, draft.family); caption > 0) {
      clause.title = encode(std::u32string_view(head).substr(1, caption - 2));
      std::u32string rest = head.substr(caption);
      while (!rest.empty() && is_space(rest.front())) rest.erase(0, 1);
      if (rest.empty())
        first = 1;
      else
        draft.paragraphs.front() = rest;
    } else if (!ends_sentence(name) && (more || (heads(draft.family) && !is_below_article(clause))) && (!reads_like_sentence(name) || is_structure(draft.family))) {
      clause.title = encode(head);
      first = 1;
    } else if (const std::size_t text = definition_at(head); text > 0) {
      clause.title = encode(std::u32string_view(head).substr(0, static_cast<std::size_t>(std::find_if(head.begin(), head.end(), is_space) - head.begin())));
      draft.paragraphs.front() = head.substr(text);
    }
  }
  for (std::size_t i = first; i < draft.paragraphs.size(); ++i) clause.text += (i == first ? "" : "\n") + encode(draft.paragraphs[i]);
}

double Builder::attributed() const {
  std::vector<bool> noise(source_.size(), false);
  std::vector<bool> taken(source_.size(), false);
  const auto mark = [](std::vector<bool>& where, const Span& span) { std::fill(where.begin() + span.begin, where.begin() + span.end, true); };
  for (const Span& span : document_.noise) mark(noise, span);
  for (const Clause& clause : document_.clauses)
    for (const Span& span : clause.spans) mark(taken, span);
  std::size_t all = 0;
  std::size_t in = 0;
  for (std::size_t at = 0; at < source_.size();) {
    const std::size_t begin = at;
    const char32_t c = text::decode_utf8(source_, at);
    if (is_space(c) || c == U'\n' || c == U'\uFEFF' || noise[begin]) continue;
    ++all;
    in += taken[begin] ? 1 : 0;
  }
  return all == 0 ? 1.0 : static_cast<double>(in) / static_cast<double>(all);
}

Document Builder::finish() {
  for (const std::size_t at : captions_) {
    if (open_ != kNoParent) add_span(at, open_), add_paragraph(open_, lines_[at].text);
  }
  std::vector<bool> parents(document_.clauses.size(), false);
  for (const Clause& clause : document_.clauses)
    if (clause.parent != kNoParent && clause.kind != Kind::row && clause.kind != Kind::item) parents[static_cast<std::size_t>(clause.parent)] = true;
  for (std::size_t i = 0; i < document_.clauses.size(); ++i) settle(i, parents[i]);
  give_refs(document_);
  document_.attributed = attributed();
  std::stable_sort(document_.repairs.begin(), document_.repairs.end(), [](const Repair& a, const Repair& b) { return a.line < b.line; });
  return std::move(document_);
}

}  // namespace sekisho::clauses
