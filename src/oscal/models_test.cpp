#include "oscal/models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/deep.h"

namespace sekisho::oscal {
namespace {

Implementation sample() {
  Implementation out;
  out.heading = {"村の方針", "1", Timestamp{1'780'000'000'000'000}, "村", {{"head", "長"}}};
  out.description = "村の仕組み";
  out.segments = {{"lgwan", "内部"}};
  out.classes = {{"外に出せない", "高"}};
  out.components = {{"mfa", "二つの要素", "enforced", Standing::planned, "切れています", "係", "設定を直す", {"人: 3"}, {{"記録", Timestamp{0}, std::string(64, 'b'), "台帳"}}},
                    {"drill", "訓練", "check", Standing::implemented, "", "", "", {}, {}}};
  out.requirements = {{"A", "1(1)", "鍵", true, Standing::planned, "切れています", {"mfa", "nobody"}}, {"B", "1(2)", "", false, Standing::not_applicable, "", {}}};
  out.gaps = {{"G", "mfa", "二つの要素", "切れています", "係", "設定を直す", Timestamp{1}}};
  return out;
}

json::Object content(const std::string& text) { return json::parse_to_depth(text, 64).value().as_object().begin()->value().as_object(); }

}  // namespace

TEST(Models, TheSameStateGivesTheSameBytes) {
  for (auto* write : {write_component_definition, write_ssp, write_assessment_plan, write_assessment_results, write_poam}) {
    EXPECT_EQ(write(sample()), write(sample()));
    Implementation other = sample();
    other.components[0].title = "別";
    EXPECT_NE(write(sample()), write(other));
  }
}

TEST(Models, AControlThatNobodyKnowsIsNotReferredTo) {
  const auto plan = content(write_ssp(sample()));
  const auto& requirement = plan.at("control-implementation").at("implemented-requirements").at(0);
  EXPECT_EQ(requirement.at("control-id").as_string(), "c-A");
  EXPECT_EQ(requirement.at("by-components").as_array().size(), 1U);
  EXPECT_EQ(requirement.at("by-components").at(0).at("implementation-status").at("state").as_string(), "planned");
}

TEST(Models, FindingsAreOfStatementsOrOfTheControlItself) {
  const auto results = content(write_assessment_results(sample()));
  const auto& findings = results.at("results").at(0).at("findings");
  EXPECT_EQ(findings.at(0).at("target").at("target-id").as_string(), "c-A_smt");
  EXPECT_EQ(findings.at(0).at("target").at("status").at("state").as_string(), "not-satisfied");
  EXPECT_EQ(findings.at(1).at("target").at("target-id").as_string(), "c-B");
  EXPECT_EQ(findings.at(1).at("target").at("status").at("state").as_string(), "satisfied");
}

TEST(Models, APlanWithoutGapsSaysSo) {
  Implementation good = sample();
  EXPECT_EQ(content(write_poam(good)).at("observations").as_array().size(), 1U);
  good.gaps.clear();
  const auto plan = content(write_poam(good));
  EXPECT_EQ(plan.at("poam-items").as_array().size(), 1U);
  EXPECT_FALSE(plan.contains("observations"));
}

}  // namespace sekisho::oscal
