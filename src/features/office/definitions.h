// The definitions of a body: those shipped with the program, and its own versions, which come before them. A version is stored when the first case is
// opened under it, or when the body puts it; what is stored is never changed.
//
// Reading one means leaving out what the body has not, so the same text may read differently after a change of the profile. What was read is kept.
// Threads: any; a lock guards what is kept.
#pragma once
#include <memory>
#include <mutex>

#include "features/office/case.h"
#include "features/bodies/table.h"
#include "gate/operation.h"

namespace sekisho::office {

struct Version {
  DefinitionId id;
  std::string name;
  int number = 0;
  bool own = false;
  std::string source;
  std::string sha256;
  std::string note;
  std::string put_by;
  Timestamp put_at;
  std::optional<Timestamp> withdrawn_at;
};

class DefinitionTable {
 public:
  static Status insert(sql::Tx& tx, const Version& v);
  static Status keep_apart(sql::Tx& tx, const DefinitionId& id, const std::string& transition, const std::string& other);
  static Result<std::optional<Version>> find(sql::Tx& tx, const DefinitionId& id);
  static Result<std::optional<Version>> by_text(sql::Tx& tx, const std::string& name, const std::string& sha256, bool own);
  static Result<std::vector<Version>> all(sql::Tx& tx);  // by name, newest first, without their texts
  // The body's own versions that count: the newest of each name, unless withdrawn; with their texts.
  static Result<std::vector<Version>> own(sql::Tx& tx);
  static Result<bool> withdraw(sql::Tx& tx, const std::string& name, Timestamp now);
  static Result<int> last_number(sql::Tx& tx, const std::string& name);
};

// What a draft is told to be (drafts.json beside the definitions). The instruction goes to a model; without one the opening and the facts are the draft.
struct Instruction {
  static constexpr const char* kSchemaName = "OfficeInstruction";
  std::string key;
  std::string title;
  std::string instruction;
  std::string opening;
};
BOOST_DESCRIBE_STRUCT(Instruction, (), (key, title, instruction, opening))
struct Instructions {
  std::string version;
  std::vector<Instruction> instructions;
};
BOOST_DESCRIBE_STRUCT(Instructions, (), (version, instructions))
// Of a folder of definitions; one without drafts.json has none.
Result<std::vector<Instruction>> load_instructions(const std::string& folder);

using Organisation = std::shared_ptr<const workflow::Organisation>;

struct ReadVersion {
  Version version;  // id empty: shipped, and not stored yet
  std::shared_ptr<const workflow::Loaded> loaded;
};

class Definitions {
 public:
  // The *.yaml files of the folder. One that is not YAML at all refuses.
  static Result<Definitions> load(const std::string& folder);
  Definitions(Definitions&& other) noexcept : shipped_(std::move(other.shipped_)), names_(std::move(other.names_)), instructions_(std::move(other.instructions_)) {}

  void set_names(workflow::Names names);
  const workflow::Names& names() const { return names_; }
  // What drafts may be told to be; nullptr: no such one.
  const Instruction* instruction(const std::string& key) const;

  Result<Organisation> organisation(sql::Tx& tx, const std::string& body) const;
  // What is in force here, by name; with those that are absent for the body or broken.
  Result<std::vector<ReadVersion>> in_force(sql::Tx& tx, const std::string& body) const;
  // not_found "office.definition_not_found".
  Result<ReadVersion> in_force(sql::Tx& tx, const std::string& body, const std::string& name) const;
  // Of a version that is stored. conflict "office.definition_broken" when it cannot be used any more.
  Result<std::shared_ptr<const workflow::Loaded>> of(sql::Tx& tx, const std::string& body, const DefinitionId& id) const;
  // Stores a shipped version if it is not yet.
  Result<DefinitionId> keep(gate::Context& context, const ReadVersion& read) const;
  // The body's own version, new. invalid_argument "office.definition" when it cannot be used; detail names the first line.
  Result<ReadVersion> put(gate::Context& context, const std::string& source, const std::string& note) const;
  workflow::Loaded check(const std::string& source, const workflow::Organisation& organisation, const std::vector<std::string>& also = {}) const;
  std::set<std::string> shipped_names() const;

 private:
  Definitions() = default;
  struct Shipped {
    std::string source;
    std::string sha256;
  };
  std::shared_ptr<const workflow::Loaded> read(const std::string& body, const Organisation& organisation, const std::string& source, const std::string& sha256, const std::set<std::string>& known) const;
  Result<DefinitionId> store(gate::Context& context, Version version, const workflow::Definition& definition) const;

  std::map<std::string, Shipped> shipped_;
  workflow::Names names_;
  std::vector<Instruction> instructions_;
  struct Kept {
    std::map<std::string, std::pair<int, Organisation>> organisations;  // body -> number of the profile
    std::map<std::pair<const void*, std::string>, std::pair<Organisation, std::shared_ptr<const workflow::Loaded>>> read;
    std::map<std::pair<const void*, DefinitionId>, std::shared_ptr<const workflow::Loaded>> versions;  // a version's text never changes
  };
  mutable std::mutex mutex_;
  mutable Kept kept_;
};

workflow::Organisation organisation_of(const bodies::ProfileFile& profile);

}  // namespace sekisho::office
