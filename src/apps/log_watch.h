// What leaves this host so that a later change of the log is seen: heads kept apart from it, co-signatures of witnesses, every leaf by syslog.
//
//   <heads.folder>/<body>.checkpoint      the newest durable head; compared when the program starts
//   witness.file                          C2SP tlog-policy: whom to ask for co-signatures
//   syslog.address                        a receiver (RFC 5424 over TLS); <data>/bodies/<body>/syslog.sent is how far it has come
//
// Only what is durable is told to others: what a host has seen, the log keeps after a crash too.
// look() and forward() are called again and again, each on a thread of its own; neither is called at once with itself.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "apps/engine.h"
#include "outside/wire.h"
#include "tlog/policy.h"

namespace sekisho::apps {

// Where the newest durable head of a body's log is kept, and whether a log of `size` leaves continues it: corrupt "log.rolled_back" if not.
std::string kept_head_path(const Config& config, const std::string& code);
Status compare_kept_head(const std::string& path, gate::Body& body, std::uint64_t size);
// How far the syslog receiver has come; nothing was sent yet: 0.
Result<std::uint64_t> sent_to_syslog(const gate::Body& body);

class LogWatch {
 public:
  // Reads the settings and the policy; a file that is named and cannot be read stops the start.
  static Result<std::unique_ptr<LogWatch>> create(Engine& engine);

  // Whether each log continues what was seen of it: corrupt "log.rolled_back" if not. A witness that does not answer is told of and passed over.
  Status compare_at_start();
  // Keeps new heads and asks the witnesses. What goes wrong is told once, until it changes.
  void look();
  // Sends leaves to the syslog receiver, from where it left off.
  void forward();
  bool forwards() const { return !syslog_address_.empty(); }
  // What is wrong now: matter ("<body> syslog", "<body> <witness>", "<body> head") and the key of its failure.
  std::map<std::string, std::string> failures() const;
  const std::vector<tlog::WitnessLine>& witnesses() const { return policy_ ? policy_->witnesses() : none_; }

 private:
  explicit LogWatch(Engine& engine) : engine_(engine) {}
  Status keep_head(gate::Body& body);
  // One head to one witness: its co-signature is stored. `starting`: ask even when nothing is new.
  Status ask(gate::Body& body, const tlog::WitnessLine& witness, bool starting);
  Status take_cosignature(gate::Body& body, const tlog::WitnessLine& witness, std::uint64_t size, const std::string& note, const std::string& lines);
  Status forward_body(gate::Body& body);
  Status send_leaves(gate::Body& body, std::uint64_t& next, std::uint64_t end);
  // Logs a failure, unless the last one of the same matter was the same.
  void tell(const gate::Body& body, const std::string& matter, const Status& outcome);

  Engine& engine_;
  std::optional<tlog::TrustPolicy> policy_;
  std::vector<tlog::WitnessLine> none_;
  std::string witness_ca_;
  std::string syslog_address_;
  outside::TlsFilesOut syslog_files_;
  std::string host_;
  std::map<std::string, std::uint64_t> kept_;   // body -> size of the head on the disk
  std::map<std::string, std::string> told_;     // matter -> key of the last failure
  mutable std::mutex telling_;
  std::map<std::string, std::uint64_t> next_;   // body -> the next leaf for the receiver
  std::unique_ptr<outside::TlsSender> sender_;
};

}  // namespace sekisho::apps
