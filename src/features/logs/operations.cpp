#include "features/logs/operations.h"

#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"

namespace sekisho::logs {
namespace {

using bodies::Nothing;

struct Signed {
  gate::HeadRow row;
  tlog::Checkpoint checkpoint;
};

Result<Signed> newest(gate::Context& context) {
  SK_TRY(auto head, gate::newest_head(context.tx));
  if (!head) return fail(Code::conflict, "log.unsigned", "no head is signed yet");
  SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*context.body.log_keys));
  SK_TRY(auto opened, tlog::open_checkpoint(head->note, key));
  return Signed{std::move(*head), std::move(opened.checkpoint)};
}

Result<HeadView> head(gate::Context& context, Nothing&) {
  SK_TRY(const Signed s, newest(context));
  SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*context.body.log_keys));
  return HeadView{s.checkpoint.origin, static_cast<std::int64_t>(s.checkpoint.size), to_hex(s.checkpoint.root), s.row.at, s.row.note, key.text()};
}

Result<ProofView> prove(gate::Context& context, ProveIn& in) {
  SK_TRY(const Signed s, newest(context));
  const auto seq = static_cast<std::uint64_t>(in.seq);
  context.about("seq:" + std::to_string(in.seq));
  SK_TRY(const auto rows, gate::leaves_from(context.tx, seq, 1));
  if (in.seq < 0 || rows.empty()) return fail(Code::not_found, "log.no_leaf", "no leaf " + std::to_string(in.seq));
  if (seq >= s.checkpoint.size) return fail(Code::conflict, "log.unsigned", "leaf " + std::to_string(in.seq) + " is not under a signed head yet");
  SK_TRY(tlog::Proof proof, tlog::inclusion_proof(seq, s.checkpoint.size, gate::stored_hashes(context.tx, s.checkpoint.size)));
  return ProofView{static_cast<std::int64_t>(s.checkpoint.size), tlog::encode_inclusion({rows[0].leaf, seq, std::move(proof), s.row.note})};
}

Result<ProofView> prove_consistency(gate::Context& context, ProveConsistencyIn& in) {
  SK_TRY(const Signed s, newest(context));
  const auto old = static_cast<std::uint64_t>(in.old_size);
  if (in.old_size < 0 || old > s.checkpoint.size) return fail(Code::invalid_argument, "log.size", "the signed head has " + std::to_string(s.checkpoint.size) + " leaves");
  tlog::Proof proof;
  if (old > 0 && old < s.checkpoint.size) {
    SK_TRY(proof, tlog::consistency_proof(old, s.checkpoint.size, gate::stored_hashes(context.tx, s.checkpoint.size)));
  }
  return ProofView{static_cast<std::int64_t>(s.checkpoint.size), tlog::encode_consistency({old, std::move(proof), s.row.note})};
}

}  // namespace

void register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<Nothing, HeadView>{"log.head", "記録の署名された先頭を見る", "log.read", Access::read, 1024, gate::no_preparation<Nothing>(), head});
  registry.add(gate::Operation<ProveIn, ProofView>{"log.prove", "1件の記録の証明を作る", "log.read", Access::read, 1024, gate::no_preparation<ProveIn>(), prove});
  registry.add(gate::Operation<ProveConsistencyIn, ProofView>{"log.prove_consistency", "前に見た先頭の続きである証明を作る", "log.read", Access::read, 1024,
                                                              gate::no_preparation<ProveConsistencyIn>(), prove_consistency});
  // The files are written by the command; what is decided and recorded here is that somebody may, and did.
  registry.add(gate::Operation<ExportIn, Nothing>{"log.export", "記録を書き出す", "log.export", Access::write, 1024, gate::no_preparation<ExportIn>(),
                                                  [](gate::Context&, ExportIn&) -> Result<Nothing> { return Nothing{}; }});
}

}  // namespace sekisho::logs
