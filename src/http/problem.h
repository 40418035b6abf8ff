// Errors as clients see them: problem+json (RFC 9457) with a stable key and one Japanese line, and on a denial the clause and who could permit it.
// Never the detail: that is for the program's log.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "core/result.h"
#include "gate/operation.h"
#include "net/http_message.h"

namespace sekisho::http {

// packs/messages/errors.ja.json: key -> one Japanese sentence. Shared with the web client and the command line.
class Messages {
 public:
  static Result<Messages> load(const std::string& path);
  // The sentence of the key, or of its code, or a general one; never empty.
  std::string_view text(const Error& error) const;
  const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

// An error as the body words it: who_can_permit becomes the name of the role that stands behind its key there.
Error in_words(Error error, const gate::Body* body);

std::string problem_json(const Error& error, const Messages& messages, std::string_view request_id);
net::Response problem(const Error& error, const Messages& messages, std::string_view request_id);
// {"error":{"message","type","code"}}, what OpenAI's clients read.
net::Response openai_problem(const Error& error, const Messages& messages);

}  // namespace sekisho::http
