// Both directions of the worker's pipe: what a hostile worker could answer, and what a request could hold.
#include <cstdint>
#include <cstdlib>

#include "files/protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::files;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto answer = decode_answer(bytes);
  if (answer) {
    // What decodes must survive a round trip.
    const auto again = decode_answer(encode_answer(answer));
    if (!again || !(*again == *answer)) std::abort();
  }
  (void)decode_request(bytes).has_value();
  return 0;
}
