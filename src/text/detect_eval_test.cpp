// The evaluation set: precision and recall by kind, printed and gated.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "text/detect.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr int kCounts = 50;  // findings below this confidence only ask, they do not act

struct Case {
  std::string text;
  std::vector<Finding> expected;
};

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
}

Case parse(std::string line) {
  replace_all(line, "\\n", "\n");
  replace_all(line, "\\t", "\t");
  Case out;
  const std::string open = "⟦", close = "⟧";
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t mark = line.find(open, at);
    out.text += line.substr(at, mark == std::string::npos ? mark : mark - at);
    if (mark == std::string::npos) break;
    const std::size_t bar = line.find('|', mark), end = line.find(close, mark);
    Finding f{kind_of(line.substr(mark + open.size(), bar - mark - open.size())).value(), static_cast<std::uint32_t>(count_code_points(out.text)), 0, 0, ""};
    out.text += line.substr(bar + 1, end - bar - 1);
    f.end = static_cast<std::uint32_t>(count_code_points(out.text));
    out.expected.push_back(f);
    at = end + close.size();
  }
  return out;
}

// The whole value is found, with at most two code points more.
bool same(const Finding& expected, const Finding& found) {
  return expected.kind == found.kind && found.begin <= expected.begin && found.end >= expected.end && found.end - found.begin <= expected.end - expected.begin + 2;
}

struct Score {
  int expected = 0, hit = 0, found = 0, right = 0;
};

TEST(Detection, ReachesPrecisionAndRecallOnTheEvaluationSet) {
  const auto analyzer = Analyzer::create({}).value();
  const Detector detector(*analyzer, {"極秘", "部外秘", "コードネーム海鳥", "Secret Plan"});
  std::ifstream file(std::string(SK_SOURCE_DIR) + "/tests/corpus/guards/evaluation.txt");
  ASSERT_TRUE(file.good());
  std::map<std::string_view, Score> scores;
  Score all;
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const Case c = parse(line);
    ++cases;
    auto found = detector.find(c.text);
    std::erase_if(found, [](const Finding& f) { return f.confidence < kCounts; });
    for (const Finding& e : c.expected) {
      const bool hit = std::any_of(found.begin(), found.end(), [&](const Finding& f) { return same(e, f); });
      ++scores[name_of(e.kind)].expected;
      scores[name_of(e.kind)].hit += hit;
      if (!hit) std::printf("missed  %-18s %s\n", std::string(name_of(e.kind)).c_str(), line.c_str());
    }
    for (const Finding& f : found) {
      const bool right = std::any_of(c.expected.begin(), c.expected.end(), [&](const Finding& e) { return same(e, f); });
      ++scores[name_of(f.kind)].found;
      scores[name_of(f.kind)].right += right;
      if (!right) std::printf("wrong   %-18s %s  %s\n", std::string(name_of(f.kind)).c_str(), line.c_str(), f.masked.c_str());
    }
  }
  std::printf("%-18s %8s %9s %8s\n", "kind", "expected", "precision", "recall");
  for (const auto& [kind, s] : scores) {
    std::printf("%-18s %8d %9.3f %8.3f\n", std::string(kind).c_str(), s.expected, s.found ? double(s.right) / s.found : 1.0, s.expected ? double(s.hit) / s.expected : 1.0);
    all.expected += s.expected, all.hit += s.hit, all.found += s.found, all.right += s.right;
  }
  const double precision = double(all.right) / all.found, recall = double(all.hit) / all.expected;
  std::printf("%-18s %8d %9.3f %8.3f  (%d texts)\n", "all", all.expected, precision, recall, cases);
  EXPECT_GE(precision, 0.97);
  EXPECT_GE(recall, 0.95);
  EXPECT_EQ(scores["my_number"].hit, scores["my_number"].expected);
  EXPECT_EQ(scores["my_number"].right, scores["my_number"].found);
}

}  // namespace
}  // namespace sekisho::text
