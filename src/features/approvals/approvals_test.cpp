#include "features/approvals/test_office.h"

namespace sekisho::approvals {
namespace {

using Approving = Office;

TEST_F(Approving, SectionHeadGrantsAndTheGrantHoldsUntilItsEnd) {
  const Request asked = ask("r", carry_out()).value();
  EXPECT_EQ(asked.state, State::submitted);
  EXPECT_FALSE(holds(asked));
  const Request granted = grant("k", asked, "施錠して運ぶこと").value();
  EXPECT_EQ(granted.state, State::in_force);
  const auto grant = approvals_->in_force(*tx_, "carry_out", "", "", now_).value();
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->conditions, std::vector<std::string>{"施錠して運ぶこと"});
  now_.micros += 7 * kDay;
  EXPECT_FALSE(holds(asked));
}

TEST_F(Approving, RequesterIsRefusedOnBothOfHisAccounts) {
  people_["r"].powers = people_["r2"].powers = {"decide.section"};
  const Request asked = ask("r", carry_out()).value();
  for (const char* account : {"r", "r2"}) {
    const auto refused = grant(account, asked);
    EXPECT_EQ(refused.error().key, "approvals.separation");
    EXPECT_EQ(refused.error().clause, "6(8)ア");
    EXPECT_EQ(refused.error().who_can_permit, "kさん");
  }
}

TEST_F(Approving, SharedDeputyIsStillTheRequester) {
  deputise("d", "r");
  deputise("d", "k");
  const Request asked = ask("r", carry_out()).value();
  EXPECT_EQ(grant("d", asked).error().key, "approvals.separation");
}

TEST_F(Approving, DeputySignsForTheAbsentButNotWhatThatOneAsked) {
  deputise("d", "k");
  const Request asked = ask("r", carry_out()).value();
  const Request granted = grant("d", asked).value();
  EXPECT_EQ(Table::rulings(*tx_, granted.id).value().back().on_behalf, "k");
  const Request own = ask("k", carry_out()).value();
  EXPECT_EQ(grant("d", own).error().key, "approvals.separation");
  EXPECT_EQ(grant("k", own).error().key, "approvals.separation");
}

TEST_F(Approving, WhoAsksWithABorrowedPowerAsksForItsOwnerToo) {
  people_["c"].powers.insert("decide.section");
  deputise("d", "k");
  NewRequest in = carry_out();
  in.kind = "exception_measure";
  in.fields = {{"rule", "10(4)ウ"}, {"measure", "見張りを置く"}, {"scope", "窓口"}};
  people_["k"].powers.insert("decide.top");
  const Request asked = ask("d", in).value();
  EXPECT_EQ(grant("k", asked).error().key, "approvals.separation");
  EXPECT_TRUE(grant("c", asked).has_value());
}

TEST_F(Approving, KeyOfAnApiCannotDecide) {
  const Request asked = ask("r", carry_out()).value();
  EXPECT_EQ(grant("k", asked, "", gate::ApiKey{"sk-t-x"}).error().key, "approvals.session_only");
  EXPECT_EQ(grant("k", asked, "", gate::LocalUser{"k"}).error().key, "approvals.session_only");
}

TEST_F(Approving, EditAfterAFirstSignatureVoidsIt) {
  const Request asked = ask("r", software()).value();
  EXPECT_EQ(grant("t", asked).value().state, State::submitted);
  NewRequest changed = software();
  changed.fields["software"] = "表計算 3.2";
  const Request edited = as("r", [&](gate::Context& c) { return approvals_->edit(c, asked.id, changed); }).value();
  EXPECT_EQ(edited.state, State::draft);
  const Request again = as("r", [&](gate::Context& c) { return approvals_->submit(c, asked.id); }).value();
  EXPECT_NE(again.hash, asked.hash);
  EXPECT_EQ(grant("j", asked).error().key, "approvals.changed");
  EXPECT_EQ(grant("j", again).value().state, State::submitted);
  EXPECT_FALSE(holds(again));
  EXPECT_EQ(grant("t", again).value().state, State::in_force);
}

TEST_F(Approving, MinorVersionBumpAfterTheGrantIsRefused) {
  const Request asked = ask("r", carry_out()).value();
  ASSERT_TRUE(grant("k", asked).has_value());
  const auto bumped = as("r", [&](gate::Context& c) { return approvals_->edit(c, asked.id, carry_out(8)); });
  EXPECT_EQ(bumped.error().key, "approvals.settled");
}

TEST_F(Approving, ContentChangedUnderTheSignaturesDoesNotHold) {
  const Request asked = ask("r", carry_out()).value();
  Request granted = grant("k", asked).value();
  ASSERT_TRUE(holds(granted));
  granted.content.fields["object"] = "端末100台";
  granted.hash = hash_of(granted.content);
  ASSERT_TRUE(Table::update(*tx_, granted).has_value());
  EXPECT_FALSE(holds(granted));
}

TEST_F(Approving, JointApprovalNeedsTwoPeople) {
  people_["t"].powers = {"decide.central", "decide.system"};
  const Request asked = ask("r", software()).value();
  ASSERT_EQ(grant("t", asked).value().state, State::submitted);
  EXPECT_EQ(grant("t", asked).error().key, "approvals.two_people");
  deputise("d", "t");
  EXPECT_EQ(grant("d", asked).error().key, "approvals.two_people") << "a deputy of the first signer is the first signer";
  EXPECT_EQ(grant("j", asked).value().state, State::in_force);
}

TEST_F(Approving, ExceptionOnlyWhereNobodyElseCanSignAndWithAReason) {
  people_["r"].powers = {"decide.section"};
  const Request asked = ask("r", carry_out()).value();
  const auto except = [&](const std::string& reason) {
    return as("r", [&](gate::Context& c) { return approvals_->except(c, asked.id, asked.hash, reason, ""); });
  };
  EXPECT_EQ(except("管理者が一人しかおらず、急ぐため").error().key, "approvals.substitute_exists");
  people_["k"].powers.clear();
  EXPECT_EQ(except("急ぐ").error().key, "approvals.exception_reason");
  EXPECT_EQ(except("管理者が一人しかおらず、急ぐため").value().state, State::in_force);
  EXPECT_TRUE(holds(asked));
  bool told = false;
  const auto notices = Table::notices_of(*tx_, asked.id).value();
  for (const Notice& n : notices) told = told || (n.event == "exception" && n.power == "approvals.audit");
  EXPECT_TRUE(told);
  EXPECT_EQ(Table::exceptions(*tx_, asked.id).value().size(), 1u);
}

TEST_F(Approving, KindWithoutExceptionHasNone) {
  people_["c"].powers = {"decide.top", "decide.central"};
  NewRequest in = carry_out();
  in.kind = "privilege_deputy";
  in.fields = {{"deputy", "d"}, {"principal", "j"}, {"system", "文書"}};
  const Request asked = ask("c", in).value();
  const auto refused = as("c", [&](gate::Context& c) { return approvals_->except(c, asked.id, asked.hash, "ほかに認める人がいないため", ""); });
  EXPECT_EQ(refused.error().key, "approvals.no_exception");
}

TEST_F(Approving, SchemaItselfRefusesARulingOfTheRequester) {
  const Request asked = ask("r", carry_out()).value();
  Ruling own{asked.revision, asked.hash, 0, "grant", "r", "r", "r", "", false, std::nullopt, false, "", now_};
  const auto put = [&](const Ruling& ruling) {
    return as("r", [&](gate::Context& c) { return Table::add_ruling(c.tx, c.new_id<RulingTag>().str(), asked, ruling); });
  };
  EXPECT_EQ(put(own).error().key, "sql.constraint");
  own.excepted = true;  // claims an exception that there is not
  EXPECT_EQ(put(own).error().key, "sql.constraint");
  const auto run = [&](const char* sql) { return as("r", [&](gate::Context& c) -> Status { SK_CHECK(c.tx.query(sql).run()); return ok(); }); };
  EXPECT_FALSE(run("UPDATE approval_party SET side = 'rules' WHERE person = 'r'").has_value());
  EXPECT_FALSE(run("DELETE FROM approval_party WHERE person = 'r'").has_value());
  EXPECT_FALSE(run("UPDATE approval SET requester_person = 'x'").has_value());
  EXPECT_FALSE(run("INSERT INTO approval_exception (id, approval_id, revision, person, name, reason, at) SELECT 'e', id, 1, 'r', 'r', '', 0 FROM approval").has_value());
  ASSERT_TRUE(grant("k", asked).has_value());
  EXPECT_FALSE(run("UPDATE approval_ruling SET person = 'x'").has_value());
  EXPECT_FALSE(run("DELETE FROM approval_ruling").has_value());
}

TEST_F(Approving, SeparationIsCheckedAgainWhenTheGrantIsUsed) {
  const Request asked = ask("r", carry_out()).value();
  ASSERT_TRUE(grant("k", asked).has_value());
  ASSERT_TRUE(holds(asked));
  people_["k"].person = "r";  // it turns out that both accounts are one person's
  EXPECT_FALSE(holds(asked));
}

TEST_F(Approving, ReturnedIsMendedAndSentAgain) {
  const Request asked = ask("r", carry_out()).value();
  EXPECT_EQ(rule("k", asked, Verdict::give_back, "").error().key, "approvals.reason");
  EXPECT_EQ(rule("k", asked, Verdict::give_back).value().state, State::returned);
  const Request again = as("r", [&](gate::Context& c) { return approvals_->submit(c, asked.id); }).value();
  EXPECT_EQ(again.revision, 2);
  EXPECT_EQ(rule("k", again, Verdict::refuse).value().state, State::refused);
  EXPECT_EQ(as("r", [&](gate::Context& c) { return approvals_->submit(c, asked.id); }).error().key, "approvals.state");
}

TEST_F(Approving, EffectComesWithTheGrantAndGoesWithItsEnd) {
  int on = 0;
  approvals_->handle("carry_out", {nullptr, [&](gate::Context&, const Grant&) { ++on; return ok(); }, [&](gate::Context&, const Grant&) { --on; return ok(); }});
  NewRequest later = carry_out(9);
  later.starts_at = Timestamp{now_.micros + kDay};
  const Request asked = ask("r", later).value();
  EXPECT_EQ(grant("k", asked).value().state, State::granted);
  EXPECT_EQ(on, 0);
  now_.micros += kDay;
  ASSERT_EQ(Table::due(*tx_, now_, 10).value().size(), 1u);
  EXPECT_EQ(as("r", [&](gate::Context& c) { return approvals_->settle(c, asked.id); }).value().state, State::in_force);
  EXPECT_EQ(on, 1);
  EXPECT_EQ(as("k", [&](gate::Context& c) { return approvals_->revoke(c, asked.id, "使い方が違うため"); }).value().state, State::revoked);
  EXPECT_EQ(on, 0);
  EXPECT_FALSE(holds(asked));
}

TEST_F(Approving, EffectThatFailsUndoesTheSignature) {
  approvals_->handle("carry_out", {nullptr, [&](gate::Context&, const Grant&) -> Status { return fail(Code::conflict, "x"); }, nullptr});
  const Request asked = ask("r", carry_out()).value();
  EXPECT_EQ(grant("k", asked).error().key, "x");
  EXPECT_EQ(Table::find(*tx_, asked.id).value()->state, State::submitted);
  EXPECT_TRUE(Table::rulings(*tx_, asked.id).value().empty());
}

TEST_F(Approving, DoneFirstIsReportedAfterwardsAndNeedsNoEffect) {
  NewRequest in = carry_out();
  in.done_at = Timestamp{now_.micros - kDay};
  EXPECT_EQ(ask("r", in).error().key, "approvals.not_afterwards");
  in.kind = "exception_measure";
  in.fields = {{"rule", "10(4)ウ"}, {"measure", "見張りを置く"}, {"scope", "窓口"}};
  in.ends_at = Timestamp{now_.micros - kHour};
  const Request asked = ask("k", in).value();
  EXPECT_EQ(state_at(asked, now_), State::submitted);
  EXPECT_EQ(grant("c", asked).value().state, State::finished);
}

TEST_F(Approving, PeriodIsBounded) {
  for (const std::int64_t days : {0, -1, 366, 4000}) EXPECT_EQ(ask("r", carry_out(days)).error().key, "approvals.period") << days;
  NewRequest open_ended = software();
  open_ended.ends_at.reset();
  EXPECT_EQ(ask("r", open_ended).error().key, "approvals.period");
  open_ended.review_at = Timestamp{now_.micros + 90 * kDay};
  EXPECT_TRUE(ask("r", open_ended).has_value());
}

TEST_F(Approving, StrangersFindNothing) {
  const Request asked = ask("r", carry_out()).value();
  EXPECT_EQ(grant("d", asked).error().key, "approvals.not_found");
  EXPECT_TRUE(approvals_->read(*tx_, people_["a"], asked.id, now_).has_value());
  add("other", {"decide.section"});
  people_["other"].units = {"01ARZ3NDEKTSV4RRFFQ69G5FA2"};
  EXPECT_EQ(grant("other", asked).error().key, "approvals.not_found") << "another section's head";
}

TEST_F(Approving, EveryMistakeOfTheCatalogueIsNamed) {
  const std::string kind = R"({"key":"x","title":"x","description":"","clauses":["1"],"requesters":[],"approvers":[{"power":"p","scope":"body"}],"notified":[],"fields":[],)"
                           R"("same_person":false,"needs_reason":true,"period":"end","content_bound":false,"single_use":false,"after_the_fact":false,"exception":true,"opens":"form"})";
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = kind;
    text.replace(text.find(from), from.size(), to);
    return Kinds::parse(R"({"audit_power":"a","exception_notified":["a"],"kinds":[)" + text + "]}");
  };
  ASSERT_TRUE(with("", "").has_value());
  for (const auto& [from, to] : std::map<std::string, std::string>{{R"("key":"x")", R"("key":"X")"}, {R"(["1"])", "[]"}, {R"([{"power":"p","scope":"body"}])", "[]"},
                                                                    {R"("period":"end")", R"("period":"none")"}, {R"("power":"p")", R"("power":"")"},
                                                                    {R"("opens":"form")", R"("opens":"door")"}, {R"("notified":[])", R"("notified":[""])"}}) {
    const auto read = with(from, to);
    ASSERT_FALSE(read.has_value()) << to;
    EXPECT_EQ(read.error().key, "approvals.kinds");
    EXPECT_FALSE(read.error().detail.empty());
  }
}

}  // namespace
}  // namespace sekisho::approvals
