// One answer as a file: plain text, Markdown or Word (DOCX, ECMA-376), with its sources and its class at the end. Pure but for memory.
// A copy is handled as its original (7(2)ア(イ)): only what was released becomes a file, and the file says its class.
#pragma once
#include "features/chat/table.h"

namespace sekisho::chat {

struct ExportedFile {
  std::string name;
  std::string type;
  std::string bytes;
};

// format: "txt", "md" or "docx"; anything else is invalid_argument. `at` is the time printed into the file.
Result<ExportedFile> export_as(const std::string& format, const policy::Released<Message>& released, const std::string& label, Timestamp at);

}  // namespace sekisho::chat
