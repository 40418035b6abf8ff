// Writes a body's log as files that anybody can verify without us: C2SP tlog-tiles, every signed head, payloads, and the keys (docs/log.md).
//
// The folder appears whole or not at all: it is written under another name beside it and renamed. Reads in one snapshot; may run while the
// body is at work. Failures: conflict "log.export_exists", unavailable "storage.full", "storage.io", and conflict "log.unsigned" when no head
// is signed yet.
#pragma once
#include <string>
#include <vector>

#include "gate/log_table.h"
#include "tlog/policy.h"

namespace sekisho::gate {

struct ExportSettings {
  std::string folder;
  bool payloads = true;                       // what was typed and answered; without it only what the leaves say
  std::vector<tlog::WitnessLine> witnesses;  // for the trust file
};
struct Exported {
  std::uint64_t size = 0;  // leaves
  std::string root_hex;
  std::uint64_t payloads = 0;
  std::uint64_t checkpoints = 0;
};
Result<Exported> export_log(sql::Db& db, const LogKeys& keys, const ExportSettings& settings);

// The keys as a C2SP tlog-policy, without a quorum.
Result<std::string> trust_text(const LogKeys& keys, const std::vector<tlog::WitnessLine>& witnesses);

}  // namespace sekisho::gate
