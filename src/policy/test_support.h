// For tests of any module that need a matrix: every axis with the same clause and permitter.
#pragma once
#include "policy/decide.h"

namespace sekisho::policy {

inline std::map<std::string, Ground> test_axes(const std::string& clause = "1(1)", const std::string& who = "P") {
  std::map<std::string, Ground> out;
  for (std::size_t n = 0; n < kAxes; ++n) out.emplace(key_of(static_cast<Axis>(n)), Ground{clause, who});
  return out;
}

inline Matrix test_matrix(std::map<std::string, ActionRule> rules = {}) { return Matrix::create("test", std::move(rules), test_axes()).value(); }

}  // namespace sekisho::policy
