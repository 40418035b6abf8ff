// 新旧対照表 of two versions: as a view for screens, and as files (HTML, Word, Excel). Pure but for memory.
#pragma once
#include <string>

#include "features/standard/operations.h"

namespace sekisho::standard {

// Of the parts that are wanted; without `whole` only rows in which something changed. Counts are of all rows.
ComparisonView comparison_of(const Content& before, const Content& after, const std::optional<std::vector<int>>& before_parts, const std::optional<std::vector<int>>& after_parts, bool whole);

// What the wanted parts are called together: of several bound into one file their own names.
std::string title_of(const Content& content, const std::optional<std::vector<int>>& parts);

// What a row's third column says: 新設, 削除, 改正、番号の変更、移動.
std::string remarks_of(const RowView& row);
// Two columns, the new version on the left, changed words underlined; a page that stands alone. `vertical`: vertical writing.
std::string comparison_html(const ComparisonView& view, bool vertical);
Result<std::string> comparison_docx(const ComparisonView& view, bool vertical);
Result<std::string> comparison_xlsx(const ComparisonView& view);

}  // namespace sekisho::standard
