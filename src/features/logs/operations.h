// The log as its readers see it: its head, proofs of single records, and the act of taking it out as files. Reading it is recorded.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/bodies/operations.h"
#include "gate/log_read_table.h"
#include "gate/operation.h"

namespace sekisho::logs {

struct HeadView {
  static constexpr const char* kSchemaName = "LogHead";
  std::string origin;
  std::int64_t size = 0;
  std::string root;        // 64 hex digits
  Timestamp at;            // when the log signed it
  std::string checkpoint;  // signed note (C2SP tlog-checkpoint), with the witnesses' lines
  std::string key;         // verifier key of the log
};
BOOST_DESCRIBE_STRUCT(HeadView, (), (origin, size, root, at, checkpoint, key))

struct ProveIn {
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(ProveIn, (), (seq))
struct ProveConsistencyIn {
  std::int64_t old_size = 0;  // of a head that was seen before
};
BOOST_DESCRIBE_STRUCT(ProveConsistencyIn, (), (old_size))
struct ProofView {
  static constexpr const char* kSchemaName = "LogProof";
  std::int64_t size = 0;  // of the head that it is proven against
  std::string proof;      // a file: C2SP tlog-proof, or the body of C2SP tlog-witness's add-checkpoint
};
BOOST_DESCRIBE_STRUCT(ProofView, (), (size, proof))

struct ExportIn {
  bool payloads = true;
};
BOOST_DESCRIBE_STRUCT(ExportIn, (), (payloads))

void register_operations(gate::Registry& registry);

}  // namespace sekisho::logs
