// From plain text to a clause tree. Pure; takes time linear in the text.
//
//   第1章 総則                    structure 第1章
//   （目的）
//   第1条 この規程は、…とする。   clause 第1条, title 目的
//   ２ 前項の…                    clause 第1条第2項          1 目的          clause 1
//   (1) …                         clause 第1条第2項第1号     (1) 範囲        clause 1(1)
// The text may come from a PDF by machine: sentences torn at lines and pages are joined, page numbers and running heads left out, misprinted
// labels corrected, misread letters repaired; each such step is listed for a person to confirm.
#pragma once
#include <string_view>

#include "clauses/model.h"
#include "core/result.h"

namespace sekisho::clauses {

inline constexpr std::size_t kMaxSourceBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxClauses = 20'000;

// `source`: UTF-8 with "\n" line ends; form feeds divide pages. Fails with clauses.encoding (no valid UTF-8), clauses.too_large, clauses.empty
// (no line of text).
Result<Document> parse(std::string_view source);

}  // namespace sekisho::clauses
