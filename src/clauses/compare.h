// 新旧対照表 as data: the rows of two versions side by side, with what changed inside each. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "clauses/align.h"

namespace sekisho::clauses {

struct Piece {
  std::string text;
  bool changed = false;
  friend bool operator==(const Piece&, const Piece&) = default;
};

struct Cell {
  int clause = kNoPartner;  // kNoPartner: nothing stands here
  std::vector<Piece> title;
  std::vector<Piece> text;
};

struct ComparedRow {
  Cell before;
  Cell after;
  bool changed = false;     // words differ
  bool renumbered = false;  // its own label differs
  bool moved = false;       // it stands under another clause
  bool dropped() const { return after.clause == kNoPartner; }
  bool added() const { return before.clause == kNoPartner; }
  bool same() const { return !dropped() && !added() && !changed && !renumbered && !moved; }
};

// In the order of the new version; what was dropped stands where it stood. White space and widths of letters are no change.
std::vector<ComparedRow> compare(const std::vector<Comparable>& before, const std::vector<Comparable>& after, const Alignment& alignment);

// The words of both texts, those that differ marked.
void mark_changes(std::string_view before, std::string_view after, std::vector<Piece>& before_pieces, std::vector<Piece>& after_pieces);

}  // namespace sekisho::clauses
