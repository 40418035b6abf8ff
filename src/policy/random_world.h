// Random labels, people and questions for the tests, each made twice from the same draws: once as the product's value, once as the reference's.
#pragma once
#include <cstdlib>
#include <iostream>
#include <random>

#include "policy/decide.h"
#include "policy/reference.h"

namespace sekisho::policy {

using Random = std::mt19937_64;

inline int pick(Random& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
inline bool chance(Random& random, int one_in) { return pick(random, one_in) == 0; }

// SEKISHO_SEED repeats a run; otherwise every run asks other questions. The seed is printed.
inline std::uint64_t run_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("SEKISHO_SEED");
    const std::uint64_t chosen = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << "seed " << chosen << " (SEKISHO_SEED repeats it)" << std::endl;
    return chosen;
  }();
  return seed;
}

inline constexpr int kSegments = 3;
inline constexpr int kUnits = 6;
inline std::string unit(int n) { return "unit:" + std::to_string(n); }

template <class Out>
void draw_words(Random& random, const char* prefix, int kinds, int at_most, Out&& add) {
  for (int n = pick(random, at_most + 1); n > 0; --n) add(prefix + std::to_string(pick(random, kinds)));
}

inline std::vector<bool> as_bits(SegmentSet set) {
  std::vector<bool> out;
  for (int s = 0; s < kSegments; ++s) out.push_back((set >> s & 1u) != 0);
  return out;
}
inline SegmentSet draw_segments(Random& random) { return static_cast<SegmentSet>(pick(random, 1 << kSegments)); }

struct DrawnLabel {
  Label real;
  reference::Label plain;
};
inline DrawnLabel draw_label(Random& random) {
  DrawnLabel d;
  d.real.c = d.plain.c = 1 + pick(random, 5);
  d.real.i = d.plain.i = 1 + pick(random, 2);
  d.real.a = d.plain.a = 1 + pick(random, 2);
  std::vector<Clause> clauses;
  for (int n = pick(random, 4); n > 0; --n) {
    Clause clause{unit(pick(random, kUnits))};
    draw_words(random, "unit:", kUnits, 3, [&](const std::string& w) { clause.insert(w); });
    d.plain.readers.emplace_back(clause.begin(), clause.end());
    clauses.push_back(std::move(clause));
  }
  d.real.readers = Readers::all_of(std::move(clauses));
  d.real.segments = draw_segments(random);
  d.plain.origins = as_bits(d.real.segments);
  draw_words(random, "duty", 3, 2, [&](const std::string& w) {
    d.real.obligations.insert(w);
    d.plain.obligations.push_back(w);
  });
  d.real.trust = static_cast<Trust>(d.plain.trust = pick(random, 4));
  d.plain.unknown = chance(random, 8);
  d.real.state = d.plain.unknown ? State::unknown : State::known;
  return d;
}
inline Label random_label(Random& random) { return draw_label(random).real; }

struct DrawnPerson {
  Person real;
  reference::Person plain;
};
inline DrawnPerson draw_person(Random& random) {
  DrawnPerson d;
  d.real.user_id = "u" + std::to_string(pick(random, 4));
  d.real.program = d.plain.program = chance(random, 40);
  draw_words(random, "unit:", kUnits, 4, [&](const std::string& w) {
    d.real.principals.insert(w);
    d.plain.principals.push_back(w);
  });
  draw_words(random, "power", 4, 3, [&](const std::string& w) {
    d.real.powers.insert(w);
    d.plain.powers.push_back(w);
  });
  d.real.clearance = d.plain.clearance = pick(random, 6);
  d.real.accepted_origins = draw_segments(random);
  d.plain.accepts = as_bits(d.real.accepted_origins);
  d.real.factors = d.plain.factors = 1 + pick(random, 2);
  d.real.elevated = d.plain.elevated = chance(random, 2);
  d.real.may_carry_out = d.plain.export_known = !chance(random, 3);
  d.real.contractor = d.plain.contractor = chance(random, 4);
  d.real.closed = chance(random, 2) ? draw_segments(random) : 0;
  d.plain.closed = as_bits(d.real.closed);
  return d;
}
inline Person random_person(Random& random) { return draw_person(random).real; }

struct DrawnEndpoint {
  Ceiling real;
  reference::Endpoint plain;
  std::vector<bool> closed;
};
inline DrawnEndpoint draw_endpoint(Random& random) {
  DrawnEndpoint d;
  d.real.endpoint_id = "e";
  d.real.approved = d.plain.approved = !chance(random, 4);
  d.real.c = d.plain.ceiling = pick(random, 6);
  d.real.segments = draw_segments(random);
  d.real.home = draw_segments(random);
  d.real.closed = chance(random, 2) ? draw_segments(random) : 0;
  d.plain.accepts = as_bits(d.real.segments);
  d.plain.lives_in = as_bits(d.real.home);
  d.closed = as_bits(d.real.closed);
  draw_words(random, "duty", 3, 3, [&](const std::string& w) {
    d.real.capabilities.insert(w);
    d.plain.capabilities.push_back(w);
  });
  return d;
}

}  // namespace sekisho::policy
