// One chunk of an endpoint as hostile bytes: whatever is read is valid UTF-8 and bounded by the input.
#include <cstdint>
#include <cstdlib>

#include "llm/openai.h"
#include "net/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace llm = sekisho::llm;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto chunk = llm::read_openai_chunk(bytes);
  if (chunk && (!sekisho::net::is_utf8(chunk->text) || chunk->text.size() > 3 * size)) std::abort();
  if (llm::read_openai_error(bytes).size() > 1000) std::abort();
  std::string quoted;
  llm::append_json_string(quoted, llm::to_valid_utf8(std::string(bytes)));
  const auto again = llm::read_openai_chunk("{\"choices\":[{\"delta\":{\"content\":" + quoted + "}}]}");
  if (!again || again->text != llm::to_valid_utf8(std::string(bytes))) std::abort();
  return 0;
}
