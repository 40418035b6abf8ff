// From a file to text for the clause reader. Plain UTF-8 text is taken as it is; every other file is read in the sandboxed worker.
#pragma once
#include <string>
#include <string_view>

#include "core/result.h"
#include "files/pool.h"

namespace sekisho::standard {

inline constexpr std::size_t kMaxFileBytes = std::size_t{8} << 20;

// Blocks become paragraphs, pages form feeds, tables lines of cells.
std::string plain_text(const files::Extracted& extracted);

// Failures: policies.file_type (a type that holds no text in order: xlsx, pptx), policies.no_reader, and the file's own (files/reasons.h).
Result<std::string> text_of(std::string_view name, std::string_view bytes, files::Extractor* extractor);

}  // namespace sekisho::standard
