// The list of what is valid in an index folder. Text, one item a line, written whole and replaced atomically:
//
//   SKIDX1
//   fingerprint 9f0c…          of the analyser (hex)
//   next 8                     number of the next segment file
//   covered 1204               every chunk id up to this one has been indexed
//   segment 7 1 1204 5be1…     number, first and last chunk, checksum (hex), in order of the chunks
//   sum 77ab…                  of all bytes before this line (hex)
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace sekisho::search {

struct ManifestSegment {
  std::uint64_t number = 0;
  std::uint32_t first_chunk = 0;
  std::uint32_t last_chunk = 0;
  std::uint64_t checksum = 0;
  bool operator==(const ManifestSegment&) const = default;
};

struct Manifest {
  std::uint64_t fingerprint = 0;
  std::uint64_t next = 1;
  std::uint32_t covered = 0;
  std::vector<ManifestSegment> segments;
  bool operator==(const Manifest&) const = default;
};

std::string encode_manifest(const Manifest& manifest);
// Anything that encode_manifest does not write is Code::corrupt "search.rebuild".
Result<Manifest> decode_manifest(const std::string& text);

std::string segment_file(const std::string& folder, std::uint64_t number);
std::string manifest_file(const std::string& folder);

}  // namespace sekisho::search
