// YAML as a tree of nodes that know their line. Written by people, and by whoever defines registers for a body: not trusted.
//
// A subset: one document, maps with plain keys, sequences, scalars. Refused with the line: anchors and aliases (they multiply), tags, merge keys, keys
// given twice, more than kMaxBytes, kMaxDepth or kMaxNodes, text that is not UTF-8. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace sekisho::workflow {

inline constexpr std::size_t kMaxBytes = 256 * 1024;
inline constexpr int kMaxDepth = 24;
inline constexpr std::size_t kMaxNodes = 40'000;

struct Node {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  bool quoted = false;  // a scalar in quotes is text, whatever it looks like
  std::string text;
  std::vector<Node> items;
  std::vector<std::pair<std::string, Node>> members;
  int line = 1;  // from 1

  Node* find(std::string_view key);
  const Node* find(std::string_view key) const;
};

// What is wrong with a definition, and where. `place` is a path as "$.fields[2].type"; text is for people.
struct Finding {
  int line = 0;
  std::string place;
  std::string text;
};

// nullopt with one finding when it cannot be read.
std::optional<Node> parse_yaml(std::string_view text, std::vector<Finding>& findings);

}  // namespace sekisho::workflow
