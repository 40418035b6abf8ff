// Cases as rows, with what lists find them by: facets, words, who reads them, who has something to do in them.
#pragma once
#include "features/office/address.h"
#include "policy/scheme.h"
#include "policy/witness.h"
#include "sql/db.h"

namespace sekisho::office {

// A row of a list before its label was looked at.
struct Filter {
  std::string definition;
  std::string kind;   // open, waiting, closed; empty: any
  std::string state;
  std::string unit;
  int facet = -1;     // 0 to 3
  std::string value;  // of the facet
  std::string words;  // normalised; empty: no search
};

class CaseTable {
 public:
  static Status insert(sql::Tx& tx, const Case& c, const std::string& words);
  static Status update(sql::Tx& tx, const Case& c, const std::string& words);
  static Result<std::optional<policy::Labelled<Case>>> find(sql::Tx& tx, const CaseId& id);
  // For rules that look at other cases, which do not depend on who asks: nothing of it may be shown to anybody.
  static Result<std::optional<Case>> for_rules(sql::Tx& tx, const CaseId& id);
  static Result<std::optional<CaseId>> by_number(sql::Tx& tx, const std::string& definition, const std::string& number);
  // The next number of a register, in the year (0: it never starts anew).
  static Result<int> next_number(sql::Tx& tx, const std::string& definition, int fiscal_year);
  // Ids, newest first, before `before` (empty: from the newest); at most `limit`. What the words ask for is looked up by the rows' own text.
  static Result<std::vector<CaseId>> page(sql::Tx& tx, const Filter& filter, const std::string& before, int limit);
  static Result<bool> fits(sql::Tx& tx, const CaseId& id, const Filter& filter);
  static Result<std::string> words(sql::Tx& tx, const CaseId& id);
  // Another open case with this value in the facet.
  static Result<bool> taken(sql::Tx& tx, const std::string& definition, int facet, const std::string& value, const CaseId& but);
  static Result<std::vector<CaseId>> not_closed(sql::Tx& tx, const std::string& definition, const std::string& after, int limit);

  static Status put_access(sql::Tx& tx, const Case& c, const Addresses& readers, const Addresses& movers);
  static Result<Addresses> readers(sql::Tx& tx, const CaseId& id);
  // Ids that one address opens, newest first; at most `limit`.
  static Result<std::vector<CaseId>> opened_to(sql::Tx& tx, const std::string& address, const std::string& definition, int limit);
  // Where this address has something to do, oldest first.
  static Result<std::vector<CaseId>> tasks(sql::Tx& tx, const std::string& address, int limit);

  static Status link(sql::Tx& tx, const CaseId& from, const CaseId& to, const std::string& why);
  static Status unlink(sql::Tx& tx, const CaseId& from, const std::string& why);
  struct Link {
    CaseId id;
    std::string why;  // key of a field, "opened", "linked"
    bool from_here = true;
  };
  static Result<std::vector<Link>> links(sql::Tx& tx, const CaseId& id);

  static Status add_participant(sql::Tx& tx, const CaseId& id, const std::string& account, const std::string& name, const std::string& by, Timestamp now);

  static Status carry_over(sql::Tx& tx, const policy::SchemeChange& change);
};

}  // namespace sekisho::office
