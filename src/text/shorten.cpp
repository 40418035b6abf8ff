#include "text/shorten.h"

namespace sekisho::text {

std::string beginning(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return std::string(utf8);
  while (most > 0 && (static_cast<unsigned char>(utf8[most]) & 0xC0) == 0x80) --most;
  return std::string(utf8.substr(0, most));
}

std::string shortened(std::string_view utf8, std::size_t most) { return beginning(utf8, most) + (utf8.size() > most ? "…" : ""); }

}  // namespace sekisho::text
