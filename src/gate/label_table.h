// The labels of a body, each with a number: what lists and retrieval filter by. Rows keep their label as text; the number is found by it.
//
// A label is learnt before the first row that carries it; a row whose label is not in the table is in nobody's list. Numbers are never
// given again. Only labels that are committed enter the body's LabelBook, so that no number of an undone transaction is ever mistaken.
// Threads: any; the book locks.
#pragma once
#include "policy/filter.h"
#include "policy/scheme.h"
#include "policy/witness.h"
#include "sql/db.h"

namespace sekisho::gate {

// Conditions for a table's SELECT, made of the filter alone. `row` is the alias of a row with a label, `parameter` (":readable") is bound to
// Readable::as_list(); a name is used once in a statement.
#define SK_READABLE(row, parameter) "EXISTS (SELECT 1 FROM label WHERE label.text = " row ".label AND " parameter " LIKE '%|' || label.id || '|%')"
#define SK_LABEL_NUMBER(row) "(SELECT label.id FROM label WHERE label.text = " row ".label)"

// The new value of a column for the row's label and for what it waited for before (a text, '' without): see LabelTable::carry_over().
#define SK_MOVED(column, row_label, row_waiting) \
  "(SELECT m." column " FROM label_move m WHERE m.before_label = " row_label " AND m.waiting = " row_waiting ")"
#define SK_MOVES(row_label, row_waiting) "EXISTS (SELECT 1 FROM label_move m WHERE m.before_label = " row_label " AND m.waiting = " row_waiting ")"

class LabelTable {
 public:
  static Status learn(sql::Tx& tx, const policy::Label& label);
  // Moves the labels of one table to another scheme, each row once. `distinct` selects the pairs of label and waiting text; `move` is one UPDATE
  // made with SK_MOVED and SK_MOVES: after_label the row's label now, least what it may turn out to be (NULL: exactly that).
  // A label that cannot be read is left as it is: nobody reads what carries it.
  static Status carry_over(sql::Tx& tx, const char* distinct, const char* move, const policy::SchemeChange& change);
  // What the permit's person may read, by the rules at this moment. Exact for the transaction.
  static Result<policy::Readable> readable(sql::Tx& tx, policy::LabelBook& book, const policy::Permit& permit);
};

}  // namespace sekisho::gate
