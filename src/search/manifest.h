// The list of what is valid in an index folder. Text, one field a line, written whole and atomically (temporary name, fsync, rename):
//
//   SKIDX001
//   analyser 4f1c09aa52d07e31          fingerprint of the analyser that made the segments
//   covered 1234                       all chunk ids up to this one are in the index
//   next 8                             number of the next segment file
//   segment 7 52133 1200 9be1...       number, bytes, documents, checksum; in order of the chunks
//   end 77ab0c...                      checksum of everything before this line
//
// Failures: load() answers Code::corrupt "search.rebuild" for anything but a manifest as save() writes it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::search {

inline constexpr std::string_view kManifestName = "MANIFEST";

struct SegmentRecord {
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
  std::uint64_t documents = 0;
  std::uint64_t checksum = 0;
  bool operator==(const SegmentRecord&) const = default;
};

struct Manifest {
  std::uint64_t analyser = 0;
  std::uint32_t covered = 0;
  std::uint64_t next = 1;
  std::vector<SegmentRecord> segments;
  bool operator==(const Manifest&) const = default;
};

std::string print_manifest(const Manifest& manifest);
Result<Manifest> parse_manifest(std::string_view text);

// Nothing when the folder has no manifest.
Result<std::optional<Manifest>> load_manifest(const std::string& folder);
Status save_manifest(const std::string& folder, const Manifest& manifest);

// 0000000000000007.seg
std::string segment_name(std::uint64_t number);
// Whether a file of the folder belongs to the index: the manifest, segments, and what a crash left of them.
bool is_index_file(std::string_view name);

}  // namespace sekisho::search
