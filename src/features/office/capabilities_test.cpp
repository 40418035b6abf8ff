// Each capability of packs/office/trace.tsv, by the program itself: its definitions are played from the opening to the end that they are for, in two shipped
// kinds of body, by people who may; whoever a separation of duties keeps out is refused, and walk.h looks at the history and the notices after each step.
#include <sstream>

#include "features/office/walk.h"

namespace sekisho::office {
namespace {

constexpr int kCases = 100, kTries = 60;

// Capability -> the definitions that do it.
std::map<std::string, std::set<std::string>> capabilities() {
  std::map<std::string, std::set<std::string>> out;
  std::istringstream lines(read_file(std::string(SK_SOURCE_DIR) + "/packs/office/trace.tsv", 1 << 20).value());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("cap:")) continue;
    std::istringstream cells(line);
    std::string row, what, where;
    std::getline(cells, row, '\t');
    std::getline(cells, what, '\t');
    std::getline(cells, where, '\t');
    std::istringstream places(where);
    for (std::string place; places >> place;) out[row.substr(4)].insert(place.substr(0, place.find('/')));
  }
  return out;
}

class Capabilities : public ::testing::TestWithParam<const char*> {};

TEST_P(Capabilities, EachIsPlayedToItsEnd) {
  Walk walk(GetParam(), 20261127);
  std::set<std::string> done;
  for (const std::string& name : walk.definitions()) {
    const std::vector<std::string> ends = walk.ends(name);
    if (ends.empty()) ADD_FAILURE() << name << " has no end";
    for (int i = 0; i < kCases && !ends.empty() && !done.contains(name) && !HasFailure(); ++i)
      if (walk.play(name, ends.front(), kTries) == ends.front()) done.insert(name);
  }
  for (const auto& [capability, definitions] : capabilities()) {
    int played = 0;
    for (const std::string& name : definitions) {
      if (std::find(walk.definitions().begin(), walk.definitions().end(), name) == walk.definitions().end()) continue;
      ++played;
      EXPECT_TRUE(done.contains(name)) << capability << ": " << name << " never came to its end";
    }
    EXPECT_GT(played, 0) << capability << ": nothing does it here";
  }
  EXPECT_GT(walk.refused(), 0) << "nobody was kept out";
}

// In the larger bodies chance seldom brings together the people that exchanges and posts ask for; there they are walked (walk_test.cpp), not played.
INSTANTIATE_TEST_SUITE_P(Bodies, Capabilities, ::testing::Values("village", "association-single"), [](const auto& body) {
  std::string name = body.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace sekisho::office
