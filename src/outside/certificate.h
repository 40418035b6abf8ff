// A certificate of disposal as a PDF in Japanese: sections of named rows, the signature, and the signed head of the log as text and QR code.
// Pure but for the font's file; thread-safe.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace sekisho::outside {

struct CertificatePage {
  std::string title;
  std::vector<std::string> lead;  // paragraphs
  struct Section {
    std::string title;
    std::vector<std::pair<std::string, std::string>> rows;  // name, value
  };
  std::vector<Section> sections;
  std::string signature;   // base64
  std::string checkpoint;  // signed note
};
// unavailable "font.missing" when none of the fonts that Debian's packages bring is installed.
Result<std::string> certificate_pdf(const CertificatePage& page);

}  // namespace sekisho::outside
