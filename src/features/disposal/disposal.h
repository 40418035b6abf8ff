// Disposal with a certificate: asked -> permitted -> running -> done -> verified -> certified.
//
// A request names what goes, as a list; the permission (approvals, kind "erasure") is bound to the list's hash, and whoever asks never signs. The
// program then erases in steps, each an act of its own in the log and each repeatable, so that a program that dies goes on at the next start:
//   begin   nobody of it can act any more        mark    hashes of windows of the text, to look for later
//   rows    database rows go, blobs are noted    blobs   originals go              index   segments are written anew
//   find    the leaves that belong to it           log     payloads of its leaves go, leaves and proofs stay
//   rewrite database file and its write-ahead log are written anew
// Then the raw folder is searched for the marks, and the certificate is signed with the log's key. What must stay (holds, the least time of the
// log, records of decisions) is listed in it with its day; when that day has come the program erases it and issues the next certificate.
// While something that belongs to it is being written (an answer, a file being read) a disposal waits.
//
// Threads: the operations are thread-safe; run() one at a time for a body. Failures: disposal.*, approvals.* keys.
#pragma once
#include "features/approvals/approvals.h"
#include "features/disposal/rules.h"
#include "features/library/library.h"

namespace sekisho::disposal {

inline constexpr const char* kKind = "erasure";

struct AskIn {
  std::string scope;
  std::optional<std::string> target;                  // id of the collection, chat or person (or her login)
  std::optional<std::vector<std::string>> documents;  // ids
  std::optional<bool> with_documents;                 // of a person: what she uploaded goes too
  std::string what;                                   // in words that may stay
  std::string reason;
  std::optional<std::vector<BackupPlace>> backups;
};
BOOST_DESCRIBE_STRUCT(AskIn, (), (scope, target, documents, with_documents, what, reason, backups))

struct DisposalView {
  static constexpr const char* kSchemaName = "Disposal";
  DisposalId id;
  std::string scope;
  std::string target;
  std::string what;
  std::int64_t items = 0;
  std::string items_hash;
  std::string approval;        // id of the request for permission
  std::string approval_state;  // as approvals names it
  std::string state;
  std::string requested_by;    // name
  Timestamp requested_at;
  std::vector<Permission> permitted;
  std::optional<Timestamp> permitted_at;
  std::optional<Timestamp> done_at;
  std::map<std::string, std::int64_t> counts;
  std::vector<Remaining> remaining;
  std::optional<Timestamp> rest_at;
  Verification verification;
  std::string trouble;  // key of what the program stopped at, with its detail
  std::int64_t certificates = 0;
};
BOOST_DESCRIBE_STRUCT(DisposalView, (), (id, scope, target, what, items, items_hash, approval, approval_state, state, requested_by, requested_at, permitted, permitted_at,
                                         done_at, counts, remaining, rest_at, verification, trouble, certificates))
struct DisposalList {
  static constexpr const char* kSchemaName = "DisposalList";
  std::vector<DisposalView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(DisposalList, (), (items, next))
struct ListIn {
  std::optional<std::string> after;
};
BOOST_DESCRIBE_STRUCT(ListIn, (), (after))
struct DisposalIdIn {
  DisposalId id;
};
BOOST_DESCRIBE_STRUCT(DisposalIdIn, (), (id))
struct DisposalDetail {
  static constexpr const char* kSchemaName = "DisposalDetail";
  DisposalView disposal;
  std::vector<Item> items;
  std::vector<BackupPlace> backups;
};
BOOST_DESCRIBE_STRUCT(DisposalDetail, (), (disposal, items, backups))
struct CertificateOut {
  static constexpr const char* kSchemaName = "DisposalCertificate";
  std::int64_t number = 0;
  Timestamp at;
  std::string name;         // of the files, without their ends
  std::string file;         // what sekisho-verify --certificate reads (JSON)
  std::string pdf_base64;
};
BOOST_DESCRIBE_STRUCT(CertificateOut, (), (number, at, name, file, pdf_base64))

// Registers the operations and what a permission does. Before the first operation runs.
void register_operations(gate::Registry& registry, approvals::Approvals& approvals);

struct Parts {
  library::Library& library;
  std::string data_folder;            // searched as a whole
  std::vector<gate::Body*> others;    // the other bodies that lie in it
  std::string backup_folder;          // where the program's own backups lie; empty: it makes none
  std::int64_t backup_days = 0;       // that they are kept
};
struct Done {
  int certified = 0;
  int waiting = 0;  // something of it is being written, or a step failed
};
// Goes on with every disposal that is permitted and not over. What fails is written down with its disposal and tried again later.
Result<Done> run(gate::Gate& gate, gate::Body& body, const Parts& parts);

}  // namespace sekisho::disposal
