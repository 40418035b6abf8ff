// 判断を待つもの: what waits for a decision of whoever is signed in, from every part of the product, and a few figures for whoever decides.
//
// Nothing is kept here. Each part that has decisions to be made is one Source of a table in apps/ (decision_sources.cpp), which asks that part's own
// reading for what waits for the caller; a source is asked only where the caller may do all of its actions. What is decided is decided where it always
// was: each row leads there.
// Order: over its day first (the longest over first); then what acts on the service or on somebody's rights now; then by the day, what has none last;
// then the more severe, then the longest waiting.
// Threads: as the sources. Failures: a source that fails fails the whole, since a page that is short would say that nothing waits.
#pragma once
#include <functional>

#include "features/bodies/operations.h"

namespace sekisho::decisions {

// 1 ordinary; 2 an incident, a violation, or something that was done already; 3 it acts on the service or on somebody's rights until it is decided.
inline constexpr int kActsNow = 3;

struct Waiting {
  static constexpr const char* kSchemaName = "Decision";
  std::string source;
  std::string title;     // what kind of thing, in words; empty: `code` says it
  std::string code;      // of the source's own kinds, for screens that have words for them
  std::string number;
  std::string what;      // what it is about
  std::string state;
  std::string asked_by;
  std::string unit;
  std::vector<std::string> steps;  // what the caller may do
  std::vector<std::string> clauses;
  std::optional<Timestamp> since;
  std::optional<Timestamp> due_at;
  bool overdue = false;
  int severity = 1;
  bool alone = false;       // separation of duties stands between, and nobody else could: with a recorded reason only
  int signed_places = 0;    // of a joint decision
  int places = 0;
  std::vector<std::string> elsewhere;  // in these segments it can be read and decided; none: here
  std::string href;         // path of the screen where it is decided
};
BOOST_DESCRIBE_STRUCT(Waiting, (), (source, title, code, number, what, state, asked_by, unit, steps, clauses, since, due_at, overdue, severity, alone, signed_places, places, elsewhere, href))
struct List {
  static constexpr const char* kSchemaName = "Decisions";
  std::vector<Waiting> items;
  int overdue = 0;
  bool more = false;  // there are more than 300
};
BOOST_DESCRIBE_STRUCT(List, (), (items, overdue, more))

struct Figure {
  static constexpr const char* kSchemaName = "DecisionFigure";
  std::string key;
  std::string title;
  std::int64_t count = 0;
  std::string detail;
  bool bad = false;  // it should be none
  std::string href;
};
BOOST_DESCRIBE_STRUCT(Figure, (), (key, title, count, detail, bad, href))
struct Figures {
  static constexpr const char* kSchemaName = "DecisionFigures";
  std::vector<Figure> items;
};
BOOST_DESCRIBE_STRUCT(Figures, (), (items))

struct Source {
  std::string name;
  std::vector<std::string> actions;  // rows of the action matrix
  std::function<Result<std::vector<Waiting>>(gate::Context&)> look;
};
struct FigureSource {
  std::vector<std::string> actions;
  std::function<Result<std::vector<Figure>>(gate::Context&)> look;
};

// May the caller do all of this? What needs an open elevation counts: it is opened where the thing is done.
bool may_do(const policy::Matrix& matrix, const policy::Person& person, const std::vector<std::string>& actions);
// The order above.
bool before(const Waiting& a, const Waiting& b);

void register_operations(gate::Registry& registry, std::vector<Source> sources, std::vector<FigureSource> figures);

}  // namespace sekisho::decisions
