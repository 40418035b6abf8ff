// What a decision costs. Prints one JSON object: the median of single decisions in microseconds, in batches that the clock can see.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

#include "policy/decide.h"

namespace {

using namespace sekisho::policy;

constexpr int kBatch = 200;
constexpr int kBatches = 2001;

std::string id(unsigned n) {
  char text[40];
  std::snprintf(text, sizeof text, "unit:01JDHV8Z0000000000000%05u", n);
  return text;
}

template <class Ask>
double median_us(Ask ask) {
  std::vector<double> times;
  for (int b = 0; b < kBatches; ++b) {
    const auto begin = std::chrono::steady_clock::now();
    for (int n = 0; n < kBatch; ++n) ask(static_cast<std::size_t>(b * kBatch + n));
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / kBatch);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main() {
  std::map<std::string, ActionRule> rules;
  for (int n = 0; n < 200; ++n) rules["feature" + std::to_string(n) + ".act"] = ActionRule{"power" + std::to_string(n % 40), "7(2)エ(イ)", "manager", false};
  std::map<std::string, Ground> axes;
  for (std::size_t n = 0; n < kAxes; ++n) axes.emplace(key_of(static_cast<Axis>(n)), Ground{"11(1)ア(イ)", "manager"});
  const Matrix matrix = Matrix::create("bench", std::move(rules), axes).value();

  std::mt19937 random(7);
  std::vector<Person> people(64);
  for (Person& p : people) {
    for (int n = 0; n < 6; ++n) p.principals.insert(id(random() % 60));
    for (int n = 0; n < 20; ++n) p.powers.insert("power" + std::to_string(random() % 40));
    p.clearance = 1 + static_cast<int>(random() % 5);
    p.accepted_origins = 7;
  }
  std::vector<Label> labels(256);
  for (Label& l : labels) {
    l.c = 1 + static_cast<int>(random() % 5);
    l.i = l.a = 1;
    std::vector<Clause> clauses(random() % 4);
    for (Clause& c : clauses)
      for (unsigned n = 0; n <= random() % 4; ++n) c.insert(id(random() % 60));
    l.readers = Readers::all_of(clauses);
    l.segments = 1u << random() % 3;
    l.state = State::known;
  }
  std::vector<std::string> actions;
  for (int n = 0; n < 200; ++n) actions.push_back("feature" + std::to_string(n) + ".act");
  const Ceiling ceiling{"e", 3, 3, {"mask"}, true, 2, 1};
  std::size_t allowed = 0;
  const double act = median_us([&](std::size_t n) { allowed += decide(matrix, &people[n % 64], actions[n % 200]).allow; });
  const double read = median_us([&](std::size_t n) { allowed += decide_read(matrix, people[n % 64], labels[n % 256]).allow; });
  const double send = median_us([&](std::size_t n) { allowed += decide_send(matrix, ceiling, labels[n % 256]).allow; });
  const double all = median_us([&](std::size_t n) {
    const Person& p = people[n % 64];
    allowed += decide(matrix, &p, actions[n % 200]).allow && decide_read(matrix, p, labels[n % 256]).allow && decide_send(matrix, ceiling, labels[n % 256]).allow;
  });
  std::printf("{\"decide_us\":%.3f,\"decide_read_us\":%.3f,\"decide_send_us\":%.3f,\"all_three_us\":%.3f,\"allowed\":%zu}\n", act, read, send, all, allowed);
  return 0;
}
