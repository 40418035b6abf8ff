#include "core/error.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/result.h"

namespace sekisho {
namespace {

struct Row {
  Code code;
  std::string_view name;
  int http;
  int exit;
};

constexpr std::array kRows = {
    Row{Code::invalid_argument, "invalid_argument", 400, 2}, Row{Code::unauthenticated, "unauthenticated", 401, 1},
    Row{Code::denied, "denied", 403, 1},                     Row{Code::not_found, "not_found", 404, 1},
    Row{Code::conflict, "conflict", 409, 1},                 Row{Code::too_large, "too_large", 413, 1},
    Row{Code::too_many, "too_many", 429, 1},                 Row{Code::unsupported, "unsupported", 415, 1},
    Row{Code::cancelled, "cancelled", 499, 1},               Row{Code::timeout, "timeout", 504, 1},
    Row{Code::upstream, "upstream", 502, 1},                 Row{Code::unavailable, "unavailable", 503, 1},
    Row{Code::corrupt, "corrupt", 500, 1},                   Row{Code::internal, "internal", 500, 1},
};

const Row& row(Code code) {
  for (const Row& r : kRows)
    if (r.code == code) return r;
  return kRows.back();
}

}  // namespace

std::string_view code_name(Code code) { return row(code).name; }
int http_status(Code code) { return row(code).http; }
int exit_status(Code code) { return row(code).exit; }

std::string to_string(const Error& error) {
  std::string out = std::string(code_name(error.code)) + " [" + error.key + "]";
  if (!error.detail.empty()) out += ": " + error.detail;
  if (!error.clause.empty()) out += " (clause " + error.clause + ")";
  return out;
}

void result_misread(const char* what) noexcept {
  std::fprintf(stderr, "a result was read that is not there: %s\n", what);
  std::abort();
}

}  // namespace sekisho
