// The schema as it is shipped, for tests that work on a whole body: every file of migrations/, in the order of the numbers. Such a test defines
// SK_SOURCE_DIR, the folder of the source tree.
#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "sql/db.h"

namespace sekisho::sql {

// Refers to texts that live as long as the program.
inline std::vector<Migration> all_migrations() {
  static const auto texts = [] {
    std::map<int, std::pair<std::string, std::string>> read;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(SK_SOURCE_DIR) + "/migrations")) {
      std::ifstream in(entry.path());
      const std::string name = entry.path().stem().string();
      read[std::stoi(name.substr(0, 4))] = {name, std::string(std::istreambuf_iterator<char>(in), {})};
    }
    return read;
  }();
  std::vector<Migration> out;
  for (const auto& [number, text] : texts) out.push_back({number, text.first, text.second});
  return out;
}

}  // namespace sekisho::sql
