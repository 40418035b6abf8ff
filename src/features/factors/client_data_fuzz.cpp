// Arbitrary client data of a security key: never a crash, and taken only when it names challenge and site.
#include <cstddef>
#include <cstdint>

#include "features/factors/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (factors::check_client_data(text, "webauthn.get", "q83v", "https://a.example") &&
      (text.find("q83v") == std::string_view::npos || text.find("a.example") == std::string_view::npos) && text.find('\\') == std::string_view::npos)
    __builtin_trap();
  if (const auto bytes = factors::from_base64url(text); bytes && to_base64url(*bytes) != text) __builtin_trap();
  static_cast<void>(factors::host_of(text));
  static_cast<void>(factors::plain_recovery(text));
  return 0;
}
