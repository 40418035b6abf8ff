#include "outside/syslog.h"

namespace sekisho::outside {

std::string syslog_message(const tlog::Leaf& decoded, std::string_view leaf, std::string_view host) {
  constexpr std::uint64_t kLastId = 2'147'483'647;
  constexpr std::size_t kHostCharacters = 255;
  std::string name;
  for (const char c : host.substr(0, kHostCharacters))
    if (c > ' ' && c < 0x7f) name += c;
  const int severity = decoded.decision == "allow" ? 5 : 4;
  return "<" + std::to_string(13 * 8 + severity) + ">1 " + to_rfc3339(decoded.ts) + " " + (name.empty() ? "-" : name) + " sekisho - log [meta sequenceId=\"" +
         std::to_string(decoded.seq % kLastId + 1) + "\"][origin software=\"sekisho\"] \xef\xbb\xbf" + std::string(leaf);
}

std::string framed(std::string_view message) { return std::to_string(message.size()) + " " + std::string(message); }

}  // namespace sekisho::outside
