// The head of a log as a page for the committee's minutes: body, date, number of records, root, the signed note and the same note as a QR
// code (ISO/IEC 18004, level M). Whoever has the page can check any later export against it: by typing the head (sekisho-verify --head) or
// by scanning the code into a file (--earlier). HTML without scripts or foreign parts, made for printing on A4. Pure; thread-safe.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace sekisho::outside {

struct PaperHead {
  std::string body;  // name of the body
  std::string origin;
  std::uint64_t size = 0;
  std::string root_hex;
  Timestamp at;             // of the signature
  std::string checkpoint;   // signed note; at most 2,000 bytes fit the code
};
Result<std::string> head_page(const PaperHead& head, Timestamp printed_at);

// A QR code: rows of modules, true where it is black. too_large when the bytes do not fit.
using Modules = std::vector<std::vector<bool>>;
Result<Modules> qr_code(const std::string& bytes);
// As SVG: one path of unit squares with the quiet zone of four around.
std::string qr_svg(const Modules& code);

}  // namespace sekisho::outside
