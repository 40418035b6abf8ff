// Joins neighbouring segments. Pure choice of what to join; the joining streams through the inputs once and holds 4 bytes a document and
// one term's postings in memory.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/result.h"
#include "search/bitmap.h"
#include "search/segment.h"
#include "search/segment_writer.h"

namespace sekisho::search {

using SegmentPtr = std::shared_ptr<const Segment>;

// The run [first, last) of segments to join next; empty when there is nothing to do. `alive` may be null.
// Runs of kMergeWidth neighbours of like size are joined, none of which is larger than the others together; a segment of which most is deleted
// is written anew.
std::pair<std::size_t, std::size_t> choose_merge(std::span<const SegmentPtr> segments, const Bitmap* alive);
inline constexpr std::size_t kMergeWidth = 6;

// Feeds the writer with the documents of the inputs, in their order, without those not in `alive`. The caller finishes the writer,
// unless writer.documents() is 0: then nothing is left. Code::corrupt when an input does not read to its end.
Status merge_segments(std::span<const SegmentPtr> inputs, const Bitmap* alive, SegmentWriter& writer);

}  // namespace sekisho::search
