// What one file may cost. The worker's process limits (pool.cpp) are the backstop; these give the clear message first.
#pragma once
#include <cstddef>
#include <cstdint>

namespace sekisho::files {

inline constexpr std::size_t kMaxInputBytes = 100ULL << 20;
inline constexpr std::uint64_t kMaxOutputCharacters = 64ULL << 20;
inline constexpr std::size_t kMaxBlocks = 4'000'000;
inline constexpr int kMaxDepth = 200;                             // nesting of elements, lists, tables
inline constexpr std::size_t kMaxPackageEntries = 20'000;         // members of an OOXML package
inline constexpr std::uint64_t kMaxUnpackedBytes = 384ULL << 20;  // of the members that are read
inline constexpr std::uint64_t kMaxRatio = 400;                   // unpacked : packed, for packages beyond 16 MiB unpacked
inline constexpr std::size_t kMaxTableCells = 5'000'000;          // after merged cells are repeated
inline constexpr std::size_t kMaxColumns = 1'024;

}  // namespace sekisho::files
