// The reference evaluator of the tests: the rules of a decision written down once more, slowly and from the definitions, sharing no code with
// decide.cpp, label.cpp or relabel.cpp. Sets are plain vectors, a conjunction is two nested loops, a join is taken member by member.
#pragma once
#include <string>
#include <vector>

namespace sekisho::policy::reference {

using Words = std::vector<std::string>;

struct Label {
  int c = 0, i = 0, a = 0;
  std::vector<Words> readers;  // every element must be satisfied by one of its words
  std::vector<bool> origins;   // by segment
  Words obligations;
  int trust = 0;
  bool unknown = false;
};

struct Person {
  bool program = false;
  Words principals, powers;
  int clearance = 0;
  std::vector<bool> accepts;  // by segment
  int factors = 1;
  bool elevated = false;
  bool export_known = true;
  bool contractor = false;
  std::vector<bool> closed;  // by segment
};

struct Endpoint {
  bool approved = false;
  int ceiling = 0;
  std::vector<bool> accepts, lives_in;  // by segment
  Words capabilities;
};

struct Rule {
  bool exists = false, before_login = false, privileged = false, carries_out = false;
  std::string power;
  int factors = 1;
  bool credentials = false;
};

inline bool in(const std::string& word, const Words& words) {
  for (const std::string& w : words)
    if (w == word) return true;
  return false;
}
inline bool every_in(const Words& part, const Words& whole) {
  for (const std::string& w : part)
    if (!in(w, whole)) return false;
  return true;
}

// A reader: clearance >= c, satisfies every clause of readers, the origin segments are among the accepted, the class is known.
inline bool may_read(const Person& p, const Label& l) {
  if (p.program) return true;
  bool yes = !l.unknown && p.clearance >= l.c;
  for (const Words& clause : l.readers) {
    bool one = false;
    for (const std::string& principal : clause) one = one || in(principal, p.principals);
    yes = yes && one;
  }
  for (std::size_t s = 0; s < l.origins.size(); ++s) yes = yes && (!l.origins[s] || p.accepts[s]);
  return yes;
}

// A model endpoint: c <= ceiling, segments accepted, obligations among the capabilities, approved; a closed segment's information only where
// the endpoint lives.
inline bool may_send(const Endpoint& e, const Label& l, const std::vector<bool>& closed) {
  bool yes = e.approved && !l.unknown && l.c <= e.ceiling && every_in(l.obligations, e.capabilities);
  for (std::size_t s = 0; s < l.origins.size(); ++s) yes = yes && (!l.origins[s] || (e.accepts[s] && (!closed[s] || e.lives_in[s])));
  return yes;
}

inline bool may_export(const Person& p, const Words& capabilities, const Label& l) {
  bool yes = p.export_known && may_read(p, l) && every_in(l.obligations, capabilities);
  for (std::size_t s = 0; s < l.origins.size(); ++s) yes = yes && !(l.origins[s] && p.closed[s]);
  return yes;
}

inline bool may_do(const Person* p, const Rule& r) {
  if (!r.exists) return false;
  if (r.before_login) return true;
  if (p == nullptr) return false;
  if (!r.power.empty() && !in(r.power, p->powers)) return false;
  if (p->program) return true;
  return (!r.carries_out || p->export_known) && p->factors >= r.factors && (!r.privileged || p->elevated) && (!r.credentials || !p->contractor);
}

// From one segment to another only by an approved record of exactly that way, in a form that it names.
inline bool may_cross(bool record, bool approved, int record_from, int record_to, const std::vector<bool>& forms, int from, int to, std::size_t form) {
  if (from == to) return true;
  return record && approved && record_from == from && record_to == to && forms[form];
}

// Who is shut out by `from` and would be let in by `to` must be answered for: a clause is gone unless each holder that satisfies `to` satisfies
// it as well. Holders are tried one principal subset at a time over the words in use (few in the tests).
inline bool clause_gone(const Words& clause, const std::vector<Words>& to, const Words& universe) {
  for (unsigned subset = 0; subset < (1u << universe.size()); ++subset) {
    Words holder;
    for (std::size_t n = 0; n < universe.size(); ++n)
      if ((subset >> n & 1u) != 0) holder.push_back(universe[n]);
    bool meets_to = true;
    for (const Words& t : to) {
      bool one = false;
      for (const std::string& w : t) one = one || in(w, holder);
      meets_to = meets_to && one;
    }
    bool meets_clause = false;
    for (const std::string& w : clause) meets_clause = meets_clause || in(w, holder);
    if (meets_to && !meets_clause) return true;
  }
  return false;
}

struct Approver {
  std::string user;
  Words answers_for;
  bool for_everyone = false;
};
inline bool may_lower(const Label& from, const Label& to, const std::string& requester, const std::vector<Approver>& approvers, const Words& universe) {
  if (approvers.empty() || requester.empty() || to.unknown) return false;
  for (const Approver& a : approvers)
    if (a.user == requester || a.user.empty()) return false;
  for (const Words& clause : from.readers) {
    if (!clause_gone(clause, to.readers, universe)) continue;
    bool answered = false;
    for (const Approver& a : approvers) {
      answered = answered || a.for_everyone;
      for (const std::string& w : clause) answered = answered || in(w, a.answers_for);
    }
    if (!answered) return false;
  }
  return true;
}

}  // namespace sekisho::policy::reference
