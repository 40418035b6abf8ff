// To whom something is: one kind of text for who may read a case, who can do the next step and who is told, so that lists find them by an index.
//
//   account:<id>            one person
//   anyone                  everybody who may use the security office
//   program                 the program itself
//   power:<name>            whoever holds the power              power:<name>|<unit>   and is appointed in that unit
//   post:<role>             whoever holds the role               post:<role>|<unit>    in that unit
//
// "In the case's department" also means above it: such a `who` becomes one address for the department and each unit above. A case of no department is the
// whole body's. Where a person is appointed counts, with deputies and concurrent posts, at this moment.
#pragma once
#include <set>

#include "features/approvals/approvals.h"
#include "features/office/case.h"

namespace sekisho::office {

using Addresses = std::set<std::string>;

// Who acts or reads: always from the session or key, never from input.
struct Actor {
  std::string account;
  std::string name;
  Addresses addresses;
  std::set<std::string> stands_for;  // whose deputy this one is: they count as this one where duties are separated
  std::vector<std::string> units;    // own ones
  bool program = false;
  bool in_session = false;           // logged in himself; steps need that
};

inline constexpr const char* kProgram = "program";
Actor program_actor();
// denied "office.no_person" for whoever holds no appointment.
Result<Actor> actor_of(gate::Context& context, const approvals::Directory& directory);
// Somebody else, for finding who could step in.
Result<std::optional<Actor>> actor_of(sql::Tx& tx, const approvals::Directory& directory, const std::string& account, Timestamp now);

bool meet(const Addresses& a, const Addresses& b);

// The addresses of `whos` in a case.
class Addressing {
 public:
  // `steps`: what was done in the case so far.
  Addressing(sql::Tx& tx, const workflow::Definition& definition, const workflow::Organisation& organisation, const Case& about, const std::vector<Event>& steps)
      : tx_(tx), definition_(definition), organisation_(organisation), case_(about), steps_(steps) {}
  Result<Addresses> of(const workflow::Whos& whos);
  Result<Addresses> of(const workflow::Who& who);
  // For telling somebody: where nobody holds the post now, also whoever its holder would report to.
  Result<Addresses> reached(const workflow::Whos& whos, Timestamp now);

 private:
  Status add_superior(const workflow::Who& who, const std::string& role, Timestamp now, Addresses& out);
  Result<bool> held(const std::string& role, const Addresses& place, Timestamp now);
  Status spread(const std::string& base, const std::optional<std::string>& in, Addresses& out);
  Result<std::vector<std::string>> lineage(const std::string& unit);
  sql::Tx& tx_;
  const workflow::Definition& definition_;
  const workflow::Organisation& organisation_;
  const Case& case_;
  const std::vector<Event>& steps_;
  std::map<std::string, std::vector<std::string>> lineages_;
};

// Ids in a field of type person, people, department, departments, reference or references.
std::vector<std::string> ids_in(const json::Object& fields, std::string_view key);
// Persons who made the step (or opened the case), any time.
std::set<std::string> movers_of(const std::vector<Event>& steps, std::string_view transition);

}  // namespace sekisho::office
