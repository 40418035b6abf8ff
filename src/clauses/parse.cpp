#include "clauses/parse.h"

#include <algorithm>

#include "clauses/builder.h"
#include "clauses/regions.h"
#include "text/utf8.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMaxEntries = 600;  // of a table of contents
constexpr std::size_t kMaxCaptions = 2;   // above an article

// 例規集 prints a ring before the name of a rule.
std::u32string_view without_ring(std::u32string_view title) {
  if (title.starts_with(U"○") || title.starts_with(U"◯") || title.starts_with(U"〇")) title.remove_prefix(1);
  return title;
}

class Parser {
 public:
  explicit Parser(std::string_view source) : builder_(source, read_lines(source)) {}

  Document run() {
    while (at_ < builder_.lines().size()) step();
    Document document = builder_.finish();
    document.title = title_;
    return document;
  }

 private:
  const std::u32string& text() const { return builder_.line(at_).text; }

  void step() {
    numbered_ = numbered_ || builder_.numbered();
    if (is_contents_heading(text())) return contents();
    if (is_history_heading(text()) && builder_.labels(at_).empty()) return history();
    if (builder_.body_begun()) {
      if (starts_part(builder_.lines(), at_) && !builder_.unfinished(at_)) {
        builder_.begin_part();
        front_ = kNoParent;
        return front();
      }
      if (starts_signature(builder_.lines(), at_)) return signature();
      if (is_closing(text())) return named(Kind::closing, "以上");
    }
    if (is_supplement_heading(text())) return supplement();
    if (holds_document()) return bound();
    if (const std::u32string label = annex_label(text()); !label.empty() && !builder_.unfinished(at_)) return annex(label);
    if (caption()) return;
    if (builder_.body_begun() && begins_grid(builder_.lines(), at_) && table()) return;
    if (labelled()) return;
    if (!builder_.body_begun() && preamble_heading()) return;
    if (!builder_.body_begun() && !begins_preamble()) return front();
    if (table()) return;
    if (!builder_.body_begun()) builder_.add(Kind::preamble, "前文", at_, kNoParent);
    builder_.add_text(at_++, 0);
  }

  bool begins_preamble() const { return ends_sentence(text()) || reads_like_sentence(text()); }

  // 序文 above sentences without a number.
  bool preamble_heading() {
    if (!is_preamble_heading(text()) || at_ + 1 >= builder_.lines().size() || !builder_.labels(at_ + 1).empty() || !ends_sentence(builder_.line(at_ + 1).text)) return false;
    builder_.add(Kind::preamble, "前文", at_, kNoParent);
    builder_.head(at_++);
    return true;
  }

  // Titles, dates and issuer; a title that is repeated behind the table of contents belongs here too.
  void front() {
    if (front_ == kNoParent) {
      front_ = builder_.add(Kind::front, "表紙", at_, kNoParent);
    }
    const bool named = is_title(text());
    const bool may_name = title_.empty() && !is_caption(text()) && !is_date_line(text()) && !text().starts_with(U"改正");
    if (may_name || (named && !titled_ && !numbered_)) title_ = encode(without_ring(text()));
    titled_ = titled_ || named;
    builder_.add_span(at_, front_);
    builder_.add_paragraph(front_, text());
    ++at_;
  }

  void named(Kind kind, std::string label) {
    const int clause = builder_.add(kind, std::move(label), at_, kNoParent);
    builder_.add_span(at_, clause);
    builder_.add_paragraph(clause, text());
    builder_.end_lists();
    ++at_;
  }

  void signature() {
    const int clause = builder_.add(Kind::signature, "署名", at_, kNoParent);
    builder_.end_lists();
    const auto& lines = builder_.lines();
    const std::size_t first = at_;
    for (; at_ < lines.size(); ++at_) {
      if (at_ > first && (starts_part(lines, at_) || is_contents_heading(text()) || is_supplement_heading(text()))) return;
      builder_.add_span(at_, clause);
      builder_.add_paragraph(clause, text());
    }
  }

  // Where a table of contents without page numbers ends: the words of its first entry stand there once more. 0: nowhere.
  std::size_t end_of_plain_contents(std::size_t first) const {
    const auto& lines = builder_.lines();
    if (first >= lines.size() || !contents_entry(lines[first].text).empty()) return 0;
    const std::u32string words = contents_words(lines[first].text);
    for (std::size_t i = first + 1; i < lines.size() && i <= first + kMaxEntries && !ends_sentence(lines[i].text); ++i) {
      if (contents_words(lines[i].text) != words) continue;
      while (i > first + 1 && builder_.labels(i - 1).empty() && is_title(lines[i - 1].text)) --i;  // the document's name, before the body begins
      return i;
    }
    return 0;
  }

  // Entries run until the numbering begins anew or lines bear no page numbers any more.
  void contents() {
    if (builder_.numbered()) {
      builder_.begin_part();
      front_ = kNoParent;
    }
    const int clause = builder_.add(Kind::contents, "目次", at_, kNoParent);
    builder_.add_span(at_, clause);
    ++at_;
    const auto& lines = builder_.lines();
    std::u32string first;
    bool paged = false;
    const std::size_t plain_end = end_of_plain_contents(at_);
    for (; at_ < lines.size(); ++at_) {
      if (plain_end > 0 && at_ == plain_end) return;
      const std::u32string entry = contents_entry(text());
      const std::u32string shown = squeezed(entry.empty() ? text() : entry);
      if (entry.empty() && plain_end == 0) {
        const bool next_paged = at_ + 1 < lines.size() && !contents_entry(lines[at_ + 1].text).empty();
        if (shown == first || ends_sentence(text()) || is_history_heading(text()) || (paged && !next_paged)) return;
        if (!paged && !next_paged && builder_.labels(at_).empty() && !first.empty()) return;
      }
      if (first.empty()) first = shown;
      paged = paged || !entry.empty();
      builder_.add_span(at_, clause);
      const std::u32string line = entry.empty() ? text() : entry;
      if (!squeezed(line).empty()) builder_.add_paragraph(clause, line);
    }
  }

  void history() {
    const int clause = builder_.add(Kind::history, "改版履歴", at_, kNoParent);
    builder_.add_span(at_, clause);
    builder_.end_lists();
    ++at_;
    int row = kNoParent;
    const auto& lines = builder_.lines();
    for (std::size_t n = 0; at_ < lines.size(); ++at_, ++n) {
      const std::u32string version = history_version(text());
      const bool starts_row = !version.empty() && has_date(text());
      const bool heading_row = row == kNoParent && n == 0 && !ends_sentence(text()) && builder_.labels(at_).empty() && !is_title(text());
      const bool goes_on = row != kNoParent && !lines[at_].blank_before && (builder_.labels(at_).empty() || text().find(U'\t') != std::u32string::npos);
      if (is_contents_heading(text()) || (!starts_row && !heading_row && !goes_on)) return;
      if (starts_row) row = builder_.add(Kind::row, encode(version), at_, clause);
      const int owner = row == kNoParent ? clause : row;
      builder_.add_span(at_, owner);
      builder_.add_paragraph(owner, text());
    }
  }

  void supplement() {
    const int clause = builder_.add(Kind::supplement, "附則", at_, kNoParent);
    builder_.add_span(at_, clause);
    builder_.add_paragraph(clause, text());
    ++at_;
  }

  // 別添 or 別紙 alone, and below it the name of a document that begins there.
  bool holds_document() const { return at_ + 1 < builder_.lines().size() && annex_label(text()) == squeezed(text()) && begins_document(builder_.lines(), at_ + 1) && !builder_.unfinished(at_); }

  void bound() {
    if (builder_.body_begun()) builder_.begin_part();
    front_ = kNoParent;
    front();
    front();
  }

  void annex(std::u32string_view label) {
    const int clause = builder_.add(Kind::annex, encode(label), at_, kNoParent);
    builder_.add_span(at_, clause);
    builder_.add_paragraph(clause, text());
    ++at_;
  }

  // （目的） stands above 第1条, or above 第1; between them there may be the day on which the article was changed.
  bool caption() {
    std::size_t below = at_;
    while (below < builder_.lines().size() && below < at_ + kMaxCaptions && is_caption(builder_.line(below).text)) ++below;
    if (below == at_ || below == builder_.lines().size() || !builder_.labels(at_).empty()) return false;
    const auto& next = builder_.labels(below);
    if (next.empty() || (next.front().family != Family::article && next.front().family != Family::ordinal)) return false;
    while (at_ < below) builder_.caption(at_++);
    return true;
  }

  bool labelled() {
    const auto& candidates = builder_.labels(at_);
    if (candidates.empty()) return false;
    const Placement placement = builder_.outline().place(candidates, builder_.ahead_of(at_), builder_.list_interrupted());
    if (placement.quality == 0 || !builder_.plausible(placement, at_)) return false;
    const auto printed = std::find_if(candidates.begin(), candidates.end(), [&](const Label& l) { return l.family == placement.label.family; });
    builder_.add_labelled(placement, *printed, at_);
    ++at_;
    return true;
  }

  bool table() {
    const Table found = read_table(builder_.lines(), at_);
    if (found.rows.empty()) return false;
    builder_.add_table(found);
    at_ = found.end;
    return true;
  }

  Builder builder_;
  std::size_t at_ = 0;
  int front_ = kNoParent;
  std::string title_;
  bool titled_ = false;    // by a line that ends in the name of a kind of document; anything else on a cover gives way to it
  bool numbered_ = false;  // a part with numbers lies behind
};

}  // namespace

Result<Document> parse(std::string_view source) {
  if (source.size() > kMaxSourceBytes) return fail(Code::too_large, "clauses.too_large", "source over the limit");
  if (!text::is_valid_utf8(source)) return fail(Code::invalid_argument, "clauses.encoding", "not UTF-8");
  Document document = Parser(source).run();
  if (document.clauses.empty()) return fail(Code::invalid_argument, "clauses.empty", "no text");
  if (document.clauses.size() > kMaxClauses) return fail(Code::too_large, "clauses.too_many", "too many clauses");
  return document;
}

}  // namespace sekisho::clauses
