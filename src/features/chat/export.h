// One answer as a file: plain text, Markdown or Word (DOCX, ECMA-376), with its sources at the end. Pure but for memory.
#pragma once
#include "features/chat/table.h"

namespace sekisho::chat {

struct ExportedFile {
  std::string name;
  std::string type;
  std::string bytes;
};

// format: "txt", "md" or "docx"; anything else is invalid_argument. `at` is the time printed into the file.
Result<ExportedFile> export_as(const std::string& format, const Message& message, Timestamp at);

}  // namespace sekisho::chat
