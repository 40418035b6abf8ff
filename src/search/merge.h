// Joining neighbouring segments into one: fewer files to ask, and the content of deleted chunks leaves the disk.
#pragma once
#include <string>
#include <utility>

#include "search/rank.h"

namespace sekisho::search {

// The run to join next: at least kMergeRun neighbours of one size class, the smallest class first. {0, 0}: nothing to do.
std::pair<std::size_t, std::size_t> next_merge(const Segments& segments);

// Writes the chunks of `run` that are in `alive` (null: all) to `path`. False: none was left, and no file was made.
Result<bool> merge_segments(const Segments& run, const Bitmap* alive, const std::string& path);

}  // namespace sekisho::search
