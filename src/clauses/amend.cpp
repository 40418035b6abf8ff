#include "clauses/amend.h"

#include <algorithm>

#include "clauses/numbers.h"
#include "clauses/parse.h"
#include "clauses/refs.h"

namespace sekisho::clauses {
namespace {

Unexpected no_place(const char* why) { return fail(Code::invalid_argument, "clauses.place", why); }
Unexpected no_label() { return fail(Code::invalid_argument, "clauses.no_label", "the style has no further number"); }

bool numbered(const Clause& clause) { return clause.kind == Kind::clause || clause.kind == Kind::structure; }
bool holds_clauses(const Clause& clause) { return numbered(clause) || clause.kind == Kind::supplement || clause.kind == Kind::annex; }

// A new label, here and in the dotted numbers below: 1.2.1 under 1.2.
void relabel(Document& document, std::size_t clause, const std::string& label) {
  const std::string was = document.clauses[clause].label + ".";
  const std::size_t end = end_of(document, clause);
  document.clauses[clause].label = document.clauses[clause].printed = label;
  for (std::size_t i = clause + 1; i < end; ++i) {
    Clause& below = document.clauses[i];
    if (below.label.starts_with(was)) below.label = below.printed = label + "." + below.label.substr(was.size());
  }
}

// The run behind `last`, moved by one; marks are read before anything is written, as the run is found by them.
Status shift(Document& document, const std::vector<std::size_t>& behind, Mark last, bool branches, int by) {
  std::vector<std::pair<std::size_t, std::string>> labels;
  const std::uint32_t ordinal = last.ordinal;
  for (const std::size_t i : behind) {
    const auto mark = mark_of(document, i);
    if (!mark) break;
    const bool next_branch = mark->ordinal == last.ordinal && mark->branch == std::max(last.branch, 1U) + 1;
    const bool next_number = mark->branch == 0 && mark->ordinal == last.ordinal + 1;
    if (branches ? !(next_branch && mark->ordinal == ordinal) : !(next_branch || next_number)) break;
    Mark moved = *mark;
    (branches ? moved.branch : moved.ordinal) += static_cast<std::uint32_t>(by);
    labels.emplace_back(i, text_of(moved));
    if (labels.back().second.empty()) return no_label();
    last = *mark;
  }
  for (const auto& [i, label] : labels) relabel(document, i, label);
  return ok();
}

// The peers of `clause` that stand behind it.
std::vector<std::size_t> behind(const Document& document, std::size_t clause) {
  std::vector<std::size_t> out = peers_of(document, clause);
  std::erase_if(out, [&](std::size_t i) { return i <= clause; });
  return out;
}

std::optional<std::size_t> first_numbered_child(const Document& document, std::size_t clause) {
  for (std::size_t i = clause + 1; i < document.clauses.size(); ++i)
    if (document.clauses[i].parent == static_cast<int>(clause) && numbered(document.clauses[i]) && mark_of(document, i)) return i;
  return std::nullopt;
}

// The number of a first child, where the parent has none yet: as below its like, else as the families usually nest.
Mark first_mark(const Document& document, std::size_t under) {
  const Clause& parent = document.clauses[under];
  const auto own = mark_of(document, under);
  for (std::size_t i = 0; i < document.clauses.size(); ++i) {
    if (i == under || document.clauses[i].kind != parent.kind || document.clauses[i].part != parent.part) continue;
    const auto like = mark_of(document, i);
    if (own.has_value() != like.has_value() || (own && like->family != own->family)) continue;
    const auto child = first_numbered_child(document, i);
    if (!child) continue;
    Mark mark = *mark_of(document, *child);
    if (mark.family == Family::dotted) mark.prefix = parent.label;
    // Numbers that run through the chapters go on from the last one before.
    if (parent.kind == Kind::structure && !is_structure(mark.family)) {
      std::uint32_t last = 0;
      bool running = mark.family == Family::article;
      for (const std::size_t peer : peers_of(document, *child)) {
        if (peer < under) last = mark_of(document, peer)->ordinal;
        const auto sibling = first_numbered_child(document, static_cast<std::size_t>(std::max(document.clauses[peer].parent, 0)));
        running = running || (sibling == peer && mark_of(document, peer)->ordinal > 1);
      }
      mark.ordinal = running ? last + 1 : 1;
      mark.branch = 0;
    }
    return mark;
  }
  if (!own) return {Family::number, 1, 0, {}};
  switch (own->family) {
    case Family::part: case Family::volume: return {Family::chapter, 1, 0, {}};
    case Family::chapter: case Family::section: case Family::subsection: case Family::division: return {Family::article, 1, 0, {}};
    case Family::article: return {Family::number, 2, 0, {}};  // an article's first paragraph bears no number
    case Family::ordinal: return {Family::number, 1, 0, {}};
    case Family::number: case Family::kanji: return {Family::paren_number, 1, 0, {}};
    case Family::dotted: case Family::half_number: return {Family::paren_number, 1, 0, {}};
    case Family::paren_number: case Family::paren_kanji: case Family::circled: case Family::roman: case Family::paren_roman: return {Family::kana, 1, 0, {}};
    case Family::kana: case Family::iroha: case Family::half_kana: return {Family::paren_kana, 1, 0, {}};
    case Family::paren_kana: case Family::paren_iroha: return {Family::alpha, 1, 0, {}};
    case Family::alpha: case Family::upper: case Family::half_alpha: return {Family::paren_alpha, 1, 0, {}};
    case Family::paren_alpha: return {Family::circled, 1, 0, {}};
  }
  return {Family::number, 1, 0, {}};
}

// Where a new clause comes to stand, and what stands beside it, before it is there.
struct Spot {
  std::size_t at = 0;
  int parent = kNoParent;
  std::optional<std::size_t> before;  // the sibling in front of it
  std::optional<std::size_t> next;    // as first child: the one that was first
};

Result<Spot> spot_of(const Document& document, const Place& place) {
  if (place.after.has_value() == place.under.has_value()) return no_place("behind one clause or under one");
  const std::size_t anchor = place.after ? *place.after : *place.under;
  if (anchor >= document.clauses.size()) return no_place("no such clause");
  Spot out;
  if (place.after) {
    if (!numbered(document.clauses[anchor]) || !mark_of(document, anchor)) return no_place("behind something without a number");
    out.parent = document.clauses[anchor].parent;
    out.at = end_of(document, anchor);
    out.before = anchor;
    return out;
  }
  if (!holds_clauses(document.clauses[anchor])) return no_place("nothing stands under this");
  out.parent = static_cast<int>(anchor);
  out.next = first_numbered_child(document, anchor);
  out.at = out.next ? *out.next : end_of(document, anchor);
  return out;
}

// Puts the clauses in at the spot; their parents are places in `block`, or kNoParent: `spot.parent`.
Edit put_in(const Document& document, const Spot& spot, std::vector<Clause> block, const std::vector<int>& from) {
  Edit out;
  out.document.title = document.title;
  out.document.attributed = document.attributed;
  out.clause = spot.at;
  const auto size = static_cast<int>(block.size());
  const auto at = static_cast<int>(spot.at);
  const auto moved = [&](int place) { return place == kNoParent || place < at ? place : place + size; };
  for (std::size_t i = 0; i < spot.at; ++i) {
    out.document.clauses.push_back(document.clauses[i]);
    out.from.push_back(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < block.size(); ++i) {
    Clause& c = block[i];
    c.parent = c.parent == kNoParent ? spot.parent : c.parent + at;
    out.document.clauses.push_back(std::move(c));
    out.from.push_back(from[i]);
  }
  for (std::size_t i = spot.at; i < document.clauses.size(); ++i) {
    out.document.clauses.push_back(document.clauses[i]);
    out.document.clauses.back().parent = moved(document.clauses[i].parent);
    out.from.push_back(static_cast<int>(i));
  }
  out.document.repairs = document.repairs;
  for (Repair& repair : out.document.repairs) repair.clause = moved(repair.clause);
  return out;
}

// Without the clause and what is below it; the repairs of it belong to nothing any more.
Edit taken_out(const Document& document, std::size_t clause) {
  Edit out;
  out.document.title = document.title;
  out.document.attributed = document.attributed;
  const std::size_t end = end_of(document, clause);
  const auto moved = [&](int place) {
    if (place == kNoParent || place < static_cast<int>(clause)) return place;
    return place < static_cast<int>(end) ? kNoParent : place - static_cast<int>(end - clause);
  };
  for (std::size_t i = 0; i < document.clauses.size(); ++i) {
    if (i >= clause && i < end) continue;
    out.document.clauses.push_back(document.clauses[i]);
    out.document.clauses.back().parent = moved(document.clauses[i].parent);
    out.from.push_back(static_cast<int>(i));
  }
  out.document.repairs = document.repairs;
  for (Repair& repair : out.document.repairs) repair.clause = moved(repair.clause);
  return out;
}

// The label of what stands now at `edit.clause`, and room for it in its run.
Status number(Edit& edit, const Spot& spot, Mark mark, bool first, Numbering numbering) {
  Document& document = edit.document;
  const std::size_t at = edit.clause;
  bool branches = false;
  Mark last = mark;  // what the run behind has to go on from
  if (!first) {
    const auto next_peer = [&] {
      for (const std::size_t i : peers_of(document, *spot.before))
        if (i > at) return mark_of(document, i);
      return std::optional<Mark>();
    }();
    branches = numbering == Numbering::branch || mark.branch > 0 || (next_peer && next_peer->ordinal == mark.ordinal && next_peer->branch > mark.branch);
    if (branches && mark.family != Family::article && !is_structure(mark.family)) return fail(Code::invalid_argument, "clauses.no_branch", "only 条 and 章 have branch numbers");
    if (branches)
      mark.branch = std::max(mark.branch, 1U) + 1;
    else
      ++mark.ordinal;
  } else {
    if (numbering == Numbering::branch) return fail(Code::invalid_argument, "clauses.no_branch", "nothing stands before it");
    --last.ordinal;
    last.branch = 0;
  }
  const std::string label = text_of(mark);
  if (label.empty()) return no_label();
  // The moved clause's own old number must not be taken for one of the run.
  document.clauses[at].kind = is_structure(mark.family) ? Kind::structure : Kind::clause;
  relabel(document, at, label);
  std::vector<std::size_t> run = behind(document, at);
  return numbering == Numbering::keep ? ok() : shift(document, run, last, branches, 1);
}

Result<Edit> place_block(const Document& document, const Spot& spot, std::vector<Clause> block, const std::vector<int>& from, Numbering numbering) {
  if (document.clauses.size() + block.size() > kMaxClauses) return fail(Code::too_large, "clauses.too_many", "over 20,000 clauses");
  std::optional<Mark> mark;
  const bool first = !spot.before;
  if (spot.before) mark = mark_of(document, *spot.before);
  if (first && spot.next) mark = mark_of(document, *spot.next);
  if (first && !spot.next) mark = first_mark(document, static_cast<std::size_t>(spot.parent));
  if (!mark) return no_place("beside something without a number");
  const std::size_t beside = spot.before ? *spot.before : static_cast<std::size_t>(std::max(spot.parent, 0));
  for (Clause& c : block) c.part = document.clauses[beside].part;
  Edit out = put_in(document, spot, std::move(block), from);
  SK_CHECK(number(out, spot, *mark, first, numbering));
  give_refs(out.document);
  return out;
}

Status close_gap(Edit& edit, const Mark& gone, const std::vector<std::size_t>& run, Numbering numbering) {
  if (numbering != Numbering::shift || run.empty()) return ok();
  // 第4条 went and 第4条の2 stays: its number says where it stands, and stays.
  const auto next = mark_of(edit.document, run.front());
  if (next && next->ordinal == gone.ordinal && gone.branch == 0) return ok();
  return shift(edit.document, run, gone, gone.branch > 0, -1);
}

}  // namespace

Result<Edit> insert(const Document& document, const Place& place, std::string title, std::string text, Numbering numbering) {
  SK_TRY(const Spot spot, spot_of(document, place));
  Clause clause;
  clause.title = std::move(title);
  clause.text = std::move(text);
  return place_block(document, spot, {std::move(clause)}, {kNewClause}, numbering);
}

Result<Edit> remove(const Document& document, std::size_t clause, Numbering numbering) {
  if (clause >= document.clauses.size()) return no_place("no such clause");
  const auto mark = mark_of(document, clause);
  const std::size_t end = end_of(document, clause);
  std::vector<std::size_t> run;
  if (mark)
    for (const std::size_t i : behind(document, clause))
      if (i >= end) run.push_back(i - (end - clause));
  Edit out = taken_out(document, clause);
  if (out.document.clauses.empty()) return no_place("nothing would be left");
  if (mark) SK_CHECK(close_gap(out, *mark, run, numbering));
  give_refs(out.document);
  return out;
}

Result<Edit> move(const Document& document, std::size_t clause, const Place& place, Numbering numbering) {
  if (clause >= document.clauses.size() || !mark_of(document, clause)) return no_place("only what bears a number is moved");
  const std::size_t end = end_of(document, clause);
  SK_CHECK(spot_of(document, place));
  const std::size_t anchor = place.after ? *place.after : *place.under;
  if (anchor >= clause && anchor < end) return no_place("inside what is moved");
  std::vector<Clause> block(document.clauses.begin() + static_cast<std::ptrdiff_t>(clause), document.clauses.begin() + static_cast<std::ptrdiff_t>(end));
  for (Clause& c : block) c.parent = c.parent < static_cast<int>(clause) ? kNoParent : c.parent - static_cast<int>(clause);
  std::vector<int> from;
  for (std::size_t i = clause; i < end; ++i) from.push_back(static_cast<int>(i));
  SK_TRY(Edit without, remove(document, clause, numbering == Numbering::branch ? Numbering::shift : numbering));
  const std::size_t there = anchor < clause ? anchor : anchor - (end - clause);
  const Place now = place.after ? Place{there, std::nullopt} : Place{std::nullopt, there};
  SK_TRY(const Spot spot, spot_of(without.document, now));
  SK_TRY(Edit out, place_block(without.document, spot, std::move(block), from, numbering));
  // What the block is made of stands in places of the document as it was; everything else went through both steps.
  for (std::size_t i = 0; i < out.from.size(); ++i)
    if (i < out.clause || i >= out.clause + from.size()) out.from[i] = without.from[static_cast<std::size_t>(out.from[i])];
  // Repairs of the block come back to it.
  for (std::size_t r = 0; r < document.repairs.size(); ++r) {
    const int was = document.repairs[r].clause;
    if (was >= static_cast<int>(clause) && was < static_cast<int>(end)) out.document.repairs[r].clause = static_cast<int>(out.clause) + was - static_cast<int>(clause);
  }
  return out;
}

}  // namespace sekisho::clauses
