// For the tests of tlog: a tree in memory that keeps every complete node, and RFC 6962's definitions written as they stand.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tlog/merkle.h"

namespace sekisho::tlog {

class TestTree {
 public:
  explicit TestTree(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) add("entry " + std::to_string(i));
  }
  void add(const std::string& entry) {
    entries.push_back(entry);
    std::vector<NodeHash> completed;
    edge.append(leaf_hash(entry), completed);
    for (const auto& [node, hash] : completed) nodes[{node.level, node.index}] = hash;
  }
  HashReader reader() const {
    return [this](const Node& node) -> Result<Hash> {
      const auto it = nodes.find({node.level, node.index});
      if (it == nodes.end()) return fail(Code::not_found, "test.no_node");
      return it->second;
    };
  }
  // MTH(D[start:end]) of RFC 6962 section 2.1, by its recursive definition.
  Hash slow_root(std::uint64_t start, std::uint64_t end) const {
    if (start == end) return empty_root();
    if (end - start == 1) return leaf_hash(entries[start]);
    std::uint64_t k = 1;
    while (k * 2 < end - start) k *= 2;
    return node_hash(slow_root(start, start + k), slow_root(start + k, end));
  }

  std::vector<std::string> entries;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> nodes;
  CompactRange edge;
};

}  // namespace sekisho::tlog
