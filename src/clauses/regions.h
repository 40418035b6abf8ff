// Recognises the parts of a document that are not numbered clauses: 目次, 改版履歴, 附則, 別表, titles, signatures. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "clauses/lines.h"

namespace sekisho::clauses {

bool is_contents_heading(std::u32string_view line);
bool is_history_heading(std::u32string_view line);
bool is_preamble_heading(std::u32string_view line);    // 序文, はじめに, 総則 without a number
bool is_supplement_heading(std::u32string_view line);  // 附則, 附 則（令和8年4月1日）
// 別表第1, 別記様式, 様式第3号, 第3号様式, 別紙: what the heading of an annex is cited by. Empty: the line is none.
std::u32string annex_label(std::u32string_view line);
bool is_closing(std::u32string_view line);             // 以上
bool is_caption(std::u32string_view line);             // （目的）
bool is_answer_mark(std::u32string_view line);         // 【質問】, 【回答】, 問, 答

// Ends in the name of a kind of document (…基本方針, …要綱) and is no sentence.
bool is_title(std::u32string_view line);

// The name of the document among the lines of a cover; else its first line.
std::string title_on_cover(std::string_view cover);

// "1 目的……… 3": the entry without leaders and page. Empty: the line ends in no page number behind leaders, a tab or wide space.
std::u32string contents_entry(std::u32string_view line);

// The words of an entry without the range behind it: 第1章 総則(第1条―第4条) is 第1章総則.
std::u32string contents_words(std::u32string_view entry);

// "1.0", "第2版": the version that a line of a history begins with; empty when there is none.
std::u32string history_version(std::u32string_view line);

// Whether a signature begins here: a date alone, then at most a few short lines up to the end of the part.
bool starts_signature(const std::vector<Line>& lines, std::size_t at);
// A title, and soon behind it a date, a table of contents or the beginning of a numbering.
bool begins_document(const std::vector<Line>& lines, std::size_t at);
// Whether another document begins here: such a title, alone between blank lines.
bool starts_part(const std::vector<Line>& lines, std::size_t at);

}  // namespace sekisho::clauses
