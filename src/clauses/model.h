// The clause tree of a policy document: what parse() makes of plain text, and what versions, comparisons and registers stand on.
//
// Offsets are bytes of the source, which is valid UTF-8 with "\n" line ends; lines count from 1. Values without shared state.
// Invariants of a Document made by parse():
//   1. parents come before their children; a clause without a parent has parent == kNoParent;
//   2. every byte of the source that is not white space lies in a span of exactly one clause or in `noise`;
//   3. `printed` is what stands in the source, `label` what should stand there; they differ only where a repair of kind "label" says so;
//   4. every difference between the source and what is shown (label, title, text) is in `repairs`, but for white space, markup and leaders.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace sekisho::clauses {

inline constexpr int kNoParent = -1;

struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

enum class Kind : std::uint8_t {
  front,       // 表紙: titles, date, issuer
  contents,    // 目次
  history,     // 改版履歴
  preamble,    // 前文
  structure,   // 編, 章, 節, 款: they hold clauses and are left out of references unless two would be the same
  clause,      // anything numbered
  row,         // a line of a table, named by its first cell
  item,        // a bullet inside a table's cell, numbered over the table
  supplement,  // 附則
  annex,       // 別表, 別紙, 様式
  signature,   // 署名: date and names at the end
  closing,     // 以上
};

struct Clause {
  int parent = kNoParent;
  Kind kind = Kind::clause;
  std::uint32_t part = 0;  // documents bound into one file, from 1
  std::uint32_t line = 0;
  std::uint32_t page = 0;  // 0: the source knows no pages
  std::string ref;         // "11(2)ア(ウ)e", "第3条第2項第1号", "7(1)ア/機密性3", "第2章/1(1)", "前文"
  std::string printed;
  std::string label;
  std::string title;
  std::string text;  // repaired; paragraphs are separated by "\n"
  std::vector<Span> spans;
};

// What a person is asked to confirm. `kind`: label (misprinted number), character (0 for O), spacing (a torn word), page-break, line-break
// (a torn sentence joined), page-number, running-head (left out), html (markup of a machine left out), repeated-tail (a torn end left out).
struct Repair {
  std::uint32_t line = 0;
  std::string kind;
  std::string from;
  std::string to;
  int clause = kNoParent;
};

struct Document {
  std::string title;
  std::vector<Clause> clauses;
  std::vector<Repair> repairs;  // by line
  std::vector<Span> noise;      // page numbers, running heads, markup, leaders: left out of every clause
  double attributed = 0;        // share of the characters that are neither white space nor noise and lie in a clause; 1 for an empty source
};

}  // namespace sekisho::clauses
