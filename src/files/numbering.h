// Automatic numbering of Word: what is printed before a paragraph whose number is not in its text (第1条, (1), ア). Internal to the module.
// Source: ECMA-376 part 1, 17.9 and 17.18.59 (ST_NumberFormat).
#pragma once
#include <array>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace sekisho::files {

// A number in one of Word's formats: decimal, decimalFullWidth, japaneseCounting, aiueoFullWidth, irohaFullWidth, decimalEnclosedCircle,
// lowerLetter ... Unknown formats print decimal.
std::string format_number(int value, std::string_view format);

class Numbering {
 public:
  explicit Numbering(pugi::xml_node numbering);
  // The mark of the next paragraph in that list and level (0..8); empty for bullets and unknown lists. Counts.
  std::string next(int list, int level);

 private:
  static constexpr int kLevels = 9;
  struct Level {
    int start = 1;
    std::string format = "decimal";
    std::string text;
  };
  struct List {
    std::array<Level, kLevels> levels;
    std::array<int, kLevels> counts{};
    std::array<bool, kLevels> begun{};
  };
  static void read_level(pugi::xml_node node, List& list);
  std::map<int, List> lists_;       // by abstract number, which is what counts
  std::map<int, int> abstract_of_;  // numId -> abstractNumId
};

}  // namespace sekisho::files
