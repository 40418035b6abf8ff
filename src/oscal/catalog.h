// A version of a policy document as an OSCAL 1.2 catalog, and back. Pure. docs/oscal.md says what becomes what and what is lost.
//
// Structure, front matter and other parts without a number are groups; numbered clauses are controls, nested as the clauses are; rows of tables and
// items are parts. A clause that cannot stand in that form where it stands (a chapter beside clauses of the same group, a row at the top) takes the
// next form below; its class says what it is. Ids of controls, groups and parts are "c-" and the clause's id.
// Invariant: read_catalog(write_catalog(p)) gives a policy that is written as the same bytes, for every p whose refs are give_refs()' own.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clauses/model.h"
#include "core/result.h"
#include "core/time.h"

namespace sekisho::oscal {

inline constexpr std::size_t kMaxCatalogBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxNodes = 20'000;        // clauses of a version
inline constexpr std::size_t kMaxDepth = 40;            // of clauses in each other

// What a clause asks for (features/standard/meaning.h has the words); carried as properties.
struct Meaning {
  std::string modality;
  std::string actor;
  std::string object;
  std::string kind;
  std::string capability;
  std::string state = "suggested";  // suggested, confirmed, stale, refused
  friend bool operator==(const Meaning&, const Meaning&) = default;
};

struct Role {
  std::string code;
  std::string name;
};

// `ids`, `raws` and `meanings` go with document.clauses.
struct Policy {
  clauses::Document document;  // title, clauses; spans and repairs are not exchanged
  std::vector<std::string> ids;
  std::vector<std::string> raws;                   // what stands in the source, as it stands there
  std::vector<std::optional<Meaning>> meanings;    // nothing: none is known
  std::string version;                             // what the version is called; one line, not empty
  Timestamp modified;
  std::string file_name;  // of the source
  std::string sha256;     // of the source's file, hex; empty: unknown
  std::string body;       // whose policy
  std::vector<Role> roles;
};

std::string write_catalog(const Policy& policy);
// The id of a clause's control.
std::string control_id(const std::string& clause_id);
// metadata of every model: title, time, version, the body as party, its roles.
struct Heading {
  std::string title;
  std::string version;
  Timestamp modified;
  std::string body;
  std::vector<Role> roles;
};

// Something of a file that has no place here, or was taken for something else. `kind` is one of loss_text()'s.
struct Loss {
  std::string kind;
  int count = 0;
  std::string pointer;  // RFC 6901, of the first
};
std::string_view loss_text(std::string_view kind);  // one Japanese sentence

struct Read {
  Policy policy;      // `ids` are empty where the file names none of ours; body and roles are left empty
  bool ours = false;  // written by write_catalog
  std::vector<Loss> losses;
};

// The text that a version read from a catalog has as its source: the raws line by line, or the clauses as they read where the file has none. Sets
// spans, and lines where they are unknown.
std::string lay_out(Read& read);

// Untrusted bytes. Failures, each with "pointer: what was expected" as detail: oscal.too_large, oscal.json (no JSON, nested too deep, a member twice),
// oscal.model (another model than a catalog), oscal.invalid (against the schema), oscal.too_many, oscal.too_deep.
Result<Read> read_catalog(std::string_view bytes);

}  // namespace sekisho::oscal
