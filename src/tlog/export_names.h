// The files of an exported log, beside the tiles and entry bundles that C2SP tlog-tiles names (docs/log.md describes them).
#pragma once

namespace sekisho::tlog {

inline constexpr const char* kCheckpointFile = "checkpoint";          // newest signed head with its cosignatures
inline constexpr const char* kHistoryFile = "checkpoints.jsonl";      // every signed head: {"at","note","size"} a line, ascending
inline constexpr const char* kPayloadsFile = "payloads.jsonl";        // {"payload","salt","seq"} a line, ascending; absent: without contents
inline constexpr const char* kDisposalsFile = "disposals.jsonl";      // {"numbers","object"} a line: payloads that disposals took (tlog/disposal.h)
inline constexpr const char* kTrustFile = "trust";                    // C2SP tlog-policy: the keys as this body states them

}  // namespace sekisho::tlog
