// A random walk over every shipped definition in every shipped kind of body: everybody tries everything, the clock jumps (players.h says what is looked at).
#include "features/office/walk.h"

namespace sekisho::office {
namespace {

constexpr int kSteps = 100'000;

TEST(Walk, HundredThousandStepsKeepSeparationAndLoseNoNotice) {
  int made = 0;
  for (const char* body : kBodies) {
    Walk walk(body, 20261126);
    made += walk.run(kSteps / static_cast<int>(std::size(kBodies)));
    std::string never;
    for (const std::string& name : walk.never()) never += " " + name;
    std::printf("%s: %zu definitions, never closed:%s\n", body, walk.definitions().size(), never.empty() ? " none" : never.c_str());
    EXPECT_FALSE(walk.definitions().empty());
    if (HasFailure()) break;
  }
  EXPECT_GT(made, kSteps / 50);
  std::printf("%d steps, %d moves made\n", kSteps, made);
}

}  // namespace
}  // namespace sekisho::office
