#include "search/manifest.h"

#include <array>
#include <cstdio>
#include <sstream>

#include "search/checksum.h"

namespace sekisho::search {
namespace {

std::string hex(std::uint64_t value) {
  std::array<char, 24> out;
  std::snprintf(out.data(), out.size(), "%016llx", static_cast<unsigned long long>(value));
  return out.data();
}

std::uint64_t sum_of(std::string_view text) {
  Checksum sum;
  sum.update(text);
  return sum.value();
}

}  // namespace

std::string encode_manifest(const Manifest& m) {
  std::string out = "SKIDX1\nfingerprint " + hex(m.fingerprint) + "\nnext " + std::to_string(m.next) + "\ncovered " + std::to_string(m.covered) + "\n";
  for (const ManifestSegment& s : m.segments)
    out += "segment " + std::to_string(s.number) + " " + std::to_string(s.first_chunk) + " " + std::to_string(s.last_chunk) + " " + hex(s.checksum) + "\n";
  return out + "sum " + hex(sum_of(out)) + "\n";
}

Result<Manifest> decode_manifest(const std::string& text) {
  Manifest out;
  std::istringstream in(text);
  std::string word;
  std::getline(in, word);
  while (in >> word && word != "sum") {
    if (word == "fingerprint") {
      in >> std::hex >> out.fingerprint >> std::dec;
    } else if (word == "next") {
      in >> out.next;
    } else if (word == "covered") {
      in >> out.covered;
    } else if (word == "segment") {
      ManifestSegment s;
      in >> s.number >> s.first_chunk >> s.last_chunk >> std::hex >> s.checksum >> std::dec;
      out.segments.push_back(s);
    }
  }
  // The only form that counts is the one we write.
  if (encode_manifest(out) != text) return fail(Code::corrupt, "search.rebuild", "the manifest does not verify");
  return out;
}

std::string segment_file(const std::string& folder, std::uint64_t number) {
  std::array<char, 32> name;
  std::snprintf(name.data(), name.size(), "%016llu.seg", static_cast<unsigned long long>(number));
  return folder + "/" + name.data();
}

std::string manifest_file(const std::string& folder) { return folder + "/MANIFEST"; }

}  // namespace sekisho::search
