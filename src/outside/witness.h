// Witness: co-signs the heads of other hosts' logs, once it has checked that each continues the one before. C2SP tlog-witness
// (https://c2sp.org/tlog-witness), the part behind its HTTP interface.
//
// State: one file per log in its folder, the last head that it co-signed, replaced whole and on the disk before the answer leaves. The file is
// a checkpoint with the witness's own line, so it serves as an earlier head for sekisho-verify. A file that its own key did not sign stops
// every answer about that log: a witness that forgot would help whoever rolled the log back.
// What a log's key signed and what contradicts the state is kept as evidence: refused-<hash>.txt, at most 100.
//
// Threads: answer() from any thread; one at a time works.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/time.h"
#include "tlog/checkpoint.h"
#include "tlog/policy.h"
#include "tlog/proof_file.h"

namespace sekisho::outside {

struct WitnessAnswer {
  int status = 500;
  std::string type;  // Content-Type
  std::string body;
};

class Witness {
 public:
  // `folder` is made when it is not there; it holds the key (witness.key) and the state. `policy` names the logs that are served.
  static Result<std::unique_ptr<Witness>> open(const std::string& folder, const std::string& name, tlog::TrustPolicy policy, const Clock& clock);

  // The answer to POST <prefix>/add-checkpoint with this body.
  WitnessAnswer add_checkpoint(std::string_view body);

  const tlog::VerifierKey& key() const { return verifier_; }

 private:
  Witness(std::string folder, tlog::TrustPolicy policy, const Clock& clock, crypto::SigningKey key, tlog::VerifierKey verifier)
      : folder_(std::move(folder)), policy_(std::move(policy)), clock_(clock), key_(std::move(key)), verifier_(std::move(verifier)) {}
  std::string path_of(std::string_view origin) const;
  // The last head that this witness signed; size 0 and the empty root when there is none.
  Result<tlog::Checkpoint> last(const tlog::VerifierKey& log) const;
  WitnessAnswer judge(std::string_view body, const tlog::ConsistencyText& asked, const tlog::VerifierKey& log, const tlog::Checkpoint& head);
  WitnessAnswer cosign(const tlog::VerifierKey& log, const tlog::Checkpoint& head, std::string_view signed_head);
  void keep_evidence(std::string_view body) const;

  const std::string folder_;
  const tlog::TrustPolicy policy_;
  const Clock& clock_;
  const crypto::SigningKey key_;
  const tlog::VerifierKey verifier_;
  std::mutex mutex_;
};

}  // namespace sekisho::outside
