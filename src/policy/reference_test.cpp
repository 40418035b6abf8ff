// The product's decisions against the reference evaluator's, over random worlds: more than a million questions a run.
#include <gtest/gtest.h>

#include "policy/filter.h"
#include "policy/random_world.h"
#include "policy/relabel.h"
#include "policy/test_support.h"

namespace sekisho::policy {
namespace {

constexpr int kWorlds = 10'000;
constexpr int kLabels = 8;
constexpr int kPeople = 4;

// One world: some labels, people, endpoints, rules. Every question is asked of both.
class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed), seed_(seed) {
    for (int n = 0; n < kLabels; ++n) labels_.push_back(draw_label(random_));
    for (int n = 0; n < kPeople; ++n) people_.push_back(draw_person(random_));
    std::map<std::string, ActionRule> rules;
    for (int n = 0; n < 5; ++n) {
      reference::Rule r{true, chance(random_, 6), chance(random_, 3), chance(random_, 3), chance(random_, 3) ? "" : "power" + std::to_string(pick(random_, 4)), 1 + pick(random_, 2), chance(random_, 3)};
      rules["act" + std::to_string(n)] = ActionRule{r.power, "2(" + std::to_string(n) + ")", "R", r.before_login, r.factors, r.privileged, r.carries_out};
      rules["act" + std::to_string(n)].credentials = r.credentials;
      rules_.push_back(r);
    }
    rules_.push_back({});  // act5 does not exist
    matrix_ = test_matrix(std::move(rules));
  }

  int questions() const { return questions_; }

  void ask_all() {
    for (const DrawnPerson& p : people_) {
      ask_doing(p);
      for (const DrawnLabel& l : labels_) {
        same(decide_read(matrix_, p.real, l.real), reference::may_read(p.plain, l.plain), "read");
        ask_export(p, l);
      }
    }
    ask_doing_nobody();
    for (const DrawnLabel& l : labels_) {
      const DrawnEndpoint e = draw_endpoint(random_);
      same(decide_send(matrix_, e.real, l.real), reference::may_send(e.plain, l.plain, e.closed), "send");
    }
    ask_crossing();
    ask_lowering();
    ask_filter();
  }

 private:
  void same(const Decision& decided, bool expected, const char* what) {
    ++questions_;
    ASSERT_EQ(decided.allow, expected) << what << ", seed " << seed_ << ", key " << decided.key;
    ASSERT_FALSE(decided.clause.empty()) << what << ", seed " << seed_;
    if (!decided.allow) {
      ASSERT_FALSE(decided.who_can_permit.empty()) << what << ", seed " << seed_;
      ASSERT_FALSE(decided.key.empty()) << what << ", seed " << seed_;
    }
  }
  void ask_doing(const DrawnPerson& p) {
    for (std::size_t n = 0; n < rules_.size(); ++n) same(decide(matrix_, &p.real, "act" + std::to_string(n)), reference::may_do(&p.plain, rules_[n]), "do");
  }
  void ask_doing_nobody() {
    for (std::size_t n = 0; n < rules_.size(); ++n) same(decide(matrix_, nullptr, "act" + std::to_string(n)), reference::may_do(nullptr, rules_[n]), "do as nobody");
  }
  void ask_export(const DrawnPerson& p, const DrawnLabel& l) {
    Exit exit{"file", {}};
    reference::Words plain;
    draw_words(random_, "duty", 3, 3, [&](const std::string& w) {
      exit.capabilities.insert(w);
      plain.push_back(w);
    });
    same(decide_export(matrix_, p.real, exit, l.real), reference::may_export(p.plain, plain, l.plain), "export");
  }
  void ask_crossing() {
    for (int n = 0; n < 12; ++n) {
      const int from = pick(random_, kSegments), to = pick(random_, kSegments), record_from = pick(random_, kSegments), record_to = pick(random_, kSegments);
      const bool record = !chance(random_, 4), approved = !chance(random_, 4);
      const auto forms = static_cast<std::uint8_t>(pick(random_, 32));
      std::vector<bool> plain;
      for (int f = 0; f < 5; ++f) plain.push_back((forms >> f & 1) != 0);
      const int form = pick(random_, 5);
      const Flow flow{1u << record_from, 1u << record_to, forms, approved};
      same(decide_edge(matrix_, record ? &flow : nullptr, 1u << from, 1u << to, static_cast<Form>(1 << form)),
           reference::may_cross(record, approved, record_from, record_to, plain, from, to, static_cast<std::size_t>(form)), "cross");
    }
  }
  void ask_lowering() {
    reference::Words universe;
    for (int n = 0; n < kUnits; ++n) universe.push_back(unit(n));
    for (int n = 0; n < 4; ++n) {
      const DrawnLabel from = draw_label(random_), to = draw_label(random_);
      std::vector<Approver> approvers;
      std::vector<reference::Approver> plain;
      for (int k = pick(random_, 4); k > 0; --k) {
        Approver a{"u" + std::to_string(pick(random_, 6)), {}, chance(random_, 6)};
        reference::Approver b{a.user_id, {}, a.for_everyone};
        draw_words(random_, "unit:", kUnits, 3, [&](const std::string& w) {
          a.principals.insert(w);
          b.answers_for.push_back(w);
        });
        approvers.push_back(a);
        plain.push_back(b);
      }
      const bool expected = reference::may_lower(from.plain, to.plain, "u0", plain, universe);
      auto approved = approve(matrix_, {"d", "hash", from.real, to.real, "u0"}, approvers);
      ++questions_;
      ASSERT_EQ(approved.has_value(), expected) << "lower, seed " << seed_;
      if (!approved) {
        ASSERT_FALSE(approved.error().clause.empty());
        ASSERT_FALSE(approved.error().who_can_permit.empty());
      }
    }
  }
  // The generated filter says of each label what the reference says.
  void ask_filter() {
    LabelBook book;
    for (int n = 0; n < kLabels; ++n) book.learn(static_cast<std::uint32_t>(n + 1), encode(labels_[static_cast<std::size_t>(n)].real));
    for (const DrawnPerson& p : people_) {
      const Readable readable = book.readable(matrix_, p.real);
      const std::string list = readable.as_list();
      for (int n = 0; n < kLabels; ++n) {
        const bool expected = reference::may_read(p.plain, labels_[static_cast<std::size_t>(n)].plain);
        ++questions_;
        ASSERT_EQ(readable.has(static_cast<std::uint32_t>(n + 1)), expected) << "filter, seed " << seed_;
        ASSERT_EQ(list.find("|" + std::to_string(n + 1) + "|") != std::string::npos, expected) << "filter list, seed " << seed_;
      }
      ASSERT_FALSE(readable.has(0));
      ASSERT_FALSE(readable.has(kLabels + 1));
    }
  }

  Random random_;
  const std::uint64_t seed_;
  std::vector<DrawnLabel> labels_;
  std::vector<DrawnPerson> people_;
  std::vector<reference::Rule> rules_;
  Matrix matrix_ = test_matrix();
  int questions_ = 0;
};

TEST(Reference, AgreesOnAMillionQuestions) {
  long questions = 0;
  for (int n = 0; n < kWorlds; ++n) {
    World world(run_seed() + static_cast<std::uint64_t>(n));
    world.ask_all();
    questions += world.questions();
    if (HasFatalFailure()) return;
  }
  std::cout << kWorlds << " worlds, " << questions << " questions" << std::endl;
  EXPECT_GE(questions, 1'000'000);
}

}  // namespace
}  // namespace sekisho::policy
