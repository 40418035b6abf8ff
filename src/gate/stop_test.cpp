#include "gate/stop.h"

#include <gtest/gtest.h>

#include "gate/operation.h"

namespace sekisho::gate {
namespace {

const policy::ActionRule kOrdinary{"w", "7(2)エ", "K"};

policy::ActionRule rule(bool carries_out, bool brings_in, bool while_stopped) {
  policy::ActionRule out = kOrdinary;
  out.carries_out = carries_out;
  out.brings_in = brings_in;
  out.while_stopped = while_stopped;
  return out;
}

class Board : public ::testing::Test {
 protected:
  void SetUp() override {
    body_.code = "a";
    body_.segments = {"mynumber", "lgwan"};
    other_.code = "b";
    other_.segments = {"lgwan"};
  }
  std::string asked(const Body& body, policy::SegmentSet segment, const policy::ActionRule& about) const {
    const Status open = board_.check_request(body, segment, about);
    return open ? "" : open.error().key;
  }
  StopBoard board_{"C"};
  Body body_;
  Body other_;
};

TEST_F(Board, IsOpenWhereNothingIsStopped) {
  EXPECT_FALSE(board_.any());
  EXPECT_EQ(asked(body_, 2, kOrdinary), "");
  EXPECT_TRUE(board_.check(Touched{"a", {"lgwan"}, "u", "e", {"c"}}).has_value());
}

TEST_F(Board, ServiceStopClosesEveryBodyAndABodysStopItsOwn) {
  board_.put({{StopKind::service, "", ""}});
  EXPECT_EQ(asked(body_, 2, kOrdinary), "stops.service");
  EXPECT_EQ(asked(other_, 1, kOrdinary), "stops.service");
  board_.put({{StopKind::body, "a", ""}});
  EXPECT_EQ(asked(body_, 2, kOrdinary), "stops.body");
  EXPECT_EQ(asked(other_, 1, kOrdinary), "");
}

TEST_F(Board, RouteStopClosesItsSegmentOfItsBody) {
  board_.put({{StopKind::route, "a", "lgwan"}});
  EXPECT_EQ(asked(body_, 2, kOrdinary), "stops.route");
  EXPECT_EQ(asked(body_, 1, kOrdinary), "");
  EXPECT_EQ(asked(other_, 1, kOrdinary), "");
}

TEST_F(Board, WhatMustGoOnGoesOn) {
  board_.put({{StopKind::service, "", ""}, {StopKind::body, "a", ""}, {StopKind::route, "a", "lgwan"}});
  EXPECT_EQ(asked(body_, 2, rule(false, false, true)), "");
  // But never for a stopped account.
  board_.put({{StopKind::account, "a", "u"}});
  EXPECT_FALSE(board_.check_act(body_, rule(false, false, true), "u").has_value());
  EXPECT_TRUE(board_.check_act(body_, kOrdinary, "v").has_value());
}

TEST_F(Board, UploadsAndExportsCloseTheActsOfTheirKind) {
  board_.put({{StopKind::uploads, "a", ""}});
  EXPECT_FALSE(board_.check_act(body_, rule(false, true, false), "u").has_value());
  EXPECT_TRUE(board_.check_act(body_, rule(true, false, false), "u").has_value());
  board_.put({{StopKind::exports, "a", ""}});
  EXPECT_FALSE(board_.check_act(body_, rule(true, false, false), "u").has_value());
  EXPECT_TRUE(board_.check_act(body_, rule(false, true, false), "u").has_value());
}

TEST_F(Board, AnythingThatARunningAnswerTouchesEndsIt) {
  const Touched touched{"a", {"lgwan"}, "u", "e", {"c", "d"}};
  for (const Stop& stop : {Stop{StopKind::service, "", ""}, Stop{StopKind::body, "a", ""}, Stop{StopKind::route, "a", "lgwan"}, Stop{StopKind::endpoint, "a", "e"},
                           Stop{StopKind::collection, "a", "d"}, Stop{StopKind::account, "a", "u"}}) {
    board_.put({stop});
    const Status open = board_.check(touched);
    ASSERT_FALSE(open.has_value()) << name_of(stop.kind);
    EXPECT_EQ(open.error().key, "stops." + std::string(name_of(stop.kind)));
    EXPECT_EQ(open.error().code, Code::unavailable);
    EXPECT_FALSE(open.error().clause.empty());
    EXPECT_EQ(open.error().who_can_permit, "C");
  }
  for (const Stop& stop : {Stop{StopKind::uploads, "a", ""}, Stop{StopKind::exports, "a", ""}, Stop{StopKind::body, "b", ""}, Stop{StopKind::endpoint, "b", "e"},
                           Stop{StopKind::endpoint, "a", "x"}, Stop{StopKind::collection, "a", "x"}}) {
    board_.put({stop});
    EXPECT_TRUE(board_.check(touched).has_value()) << name_of(stop.kind);
  }
}

TEST_F(Board, KindsHaveNamesBothWays) {
  for (const char* name : {"service", "body", "route", "endpoint", "collection", "uploads", "exports", "account"}) EXPECT_EQ(name_of(stop_kind(name).value()), name);
  EXPECT_FALSE(stop_kind("moon").has_value());
}

}  // namespace
}  // namespace sekisho::gate
