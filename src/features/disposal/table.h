// Disposals of one body: what was asked, how far it is, what it erased, its certificates (migration 0028).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "json/json.h"
#include "sql/db.h"

namespace sekisho::disposal {

struct DisposalTag;
using DisposalId = Id<DisposalTag>;

// One thing on the list that the permission is bound to. Nothing in it says what stood in the thing.
struct Item {
  static constexpr const char* kSchemaName = "DisposalItem";
  std::string kind;    // document, collection, chat, person, contract
  std::string id;
  std::string sha256;  // of the original; documents only
  std::string label;   // policy label in its text form; empty where the thing has none
};
BOOST_DESCRIBE_STRUCT(Item, (), (kind, id, sha256, label))

struct BackupPlace {
  static constexpr const char* kSchemaName = "DisposalBackup";
  std::string place;
  std::string until;  // "2027-03-31": copies made before are gone by then; empty: erased by those who declare it
};
BOOST_DESCRIBE_STRUCT(BackupPlace, (), (place, until))

struct Permission {
  static constexpr const char* kSchemaName = "DisposalPermission";
  std::string id;  // account
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Permission, (), (id, name))

struct Remaining {
  static constexpr const char* kSchemaName = "DisposalRemaining";
  std::string store;
  std::int64_t count = 0;
  std::optional<Timestamp> until;  // none: until somebody ends what holds it
  std::string ground;              // key: retention, hold, decision_record, changed
};
BOOST_DESCRIBE_STRUCT(Remaining, (), (store, count, until, ground))

struct Verification {
  static constexpr const char* kSchemaName = "DisposalVerification";
  std::optional<Timestamp> at;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t samples = 0;  // places of the erased text that were looked for
  std::int64_t shared = 0;   // left out: they stand in what stays as well
  std::int64_t terms = 0;    // of the index, likewise
  std::int64_t found = 0;
  std::vector<std::string> places;  // where, when something was found
};
BOOST_DESCRIBE_STRUCT(Verification, (), (at, files, bytes, samples, shared, terms, found, places))

using Counts = std::map<std::string, std::int64_t>;  // by store

struct Disposal {
  DisposalId id;
  std::string scope;
  std::string target;
  std::string what;
  std::vector<Item> items;
  std::string items_hash;
  std::vector<BackupPlace> backups;
  std::string approval_id;
  std::string state;
  int step = 0;
  std::string requested_by;
  Timestamp requested_at;
  std::vector<Permission> permitted;
  std::optional<Timestamp> permitted_at;
  std::optional<Timestamp> begun_at;
  std::optional<Timestamp> done_at;
  Counts counts;
  std::vector<Remaining> remaining;
  std::optional<Timestamp> rest_at;  // when there is something to do again
  Verification verification;
  std::string trouble;
};

// What a disposal needs to remember of what it takes away, while it is under way.
struct Objects {
  std::vector<std::string> ids;      // of things that go: their leaves, whatever the act
  std::vector<std::string> answers;  // of other people's answers that were made of them: the leaves that closed them
  std::string person;                // everything that she did
};
BOOST_DESCRIBE_STRUCT(Objects, (), (ids, answers, person))
struct Work {
  std::string marks;    // JSON (marks.h); empty: looked for already
  Objects objects;
  std::string numbers;  // of leaves (tlog/disposal.h)
};

struct Certificate {
  std::int64_t number = 0;
  Timestamp at;
  std::string certificate;  // canonical JSON
  std::string signature;    // base64
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Disposal& disposal);
  // Everything that changes after the asking.
  static Status update(sql::Tx& tx, const Disposal& disposal);
  static Result<std::optional<Disposal>> find(sql::Tx& tx, const DisposalId& id);
  // Newest first, at most 200; of one requester, or of everybody when empty.
  static Result<std::vector<Disposal>> page(sql::Tx& tx, const std::string& requester, const std::string& before);
  // Those that the program has to go on with, oldest first.
  static Result<std::vector<Disposal>> open(sql::Tx& tx, Timestamp now);
  // A disposal of the same thing that is permitted and not over.
  static Result<bool> under_way(sql::Tx& tx, const std::string& scope, const std::string& target);

  static Status put_work(sql::Tx& tx, const DisposalId& id, const Work& work);
  static Result<std::optional<Work>> work(sql::Tx& tx, const DisposalId& id);
  static Status drop_work(sql::Tx& tx, const DisposalId& id);
  static Status put_blob(sql::Tx& tx, const DisposalId& id, const std::string& blob);
  static Result<std::vector<std::string>> blobs(sql::Tx& tx, const DisposalId& id);
  static Status drop_blobs(sql::Tx& tx, const DisposalId& id);

  static Status add_certificate(sql::Tx& tx, const DisposalId& id, const Certificate& certificate);
  static Result<std::vector<Certificate>> certificates(sql::Tx& tx, const DisposalId& id);  // newest first
};

// SHA-256 of the canonical list, 64 hex digits: what a permission is bound to.
std::string hash_of(const std::vector<Item>& items);

}  // namespace sekisho::disposal
