#include "json/json.h"

#include <gtest/gtest.h>

namespace sekisho::json {
namespace {

enum class Kind { one, two };
BOOST_DESCRIBE_ENUM(Kind, one, two)

struct Item {
  static constexpr const char* kSchemaName = "Item";
  std::string name;
  std::optional<int> count;
};
BOOST_DESCRIBE_STRUCT(Item, (), (name, count))

struct Order {
  std::vector<Item> items;
  Kind kind = Kind::one;
  bool urgent = false;
};
BOOST_DESCRIBE_STRUCT(Order, (), (items, kind, urgent))

TEST(Json, ReadsAndWritesDescribedStructs) {
  const std::string text = R"({"items":[{"name":"机","count":3},{"name":"椅子","count":null}],"kind":"two","urgent":true})";
  const auto order = read_text<Order>(text);
  ASSERT_TRUE(order.has_value());
  EXPECT_EQ(order->items[1].name, "椅子");
  EXPECT_FALSE(order->items[1].count.has_value());
  EXPECT_EQ(write(*order), text);
}

TEST(Json, RefusalNamesThePlace) {
  const auto detail = [](std::string_view text) { return read_text<Order>(text).error().detail; };
  EXPECT_EQ(detail(R"({"items":[{"name":1}],"kind":"one","urgent":true})"), "$.items[0].name: expected string");
  EXPECT_EQ(detail(R"({"items":[],"kind":"three","urgent":true})"), "$.kind: expected one of the known names");
  EXPECT_EQ(detail(R"({"items":[],"kind":"one"})"), "$.urgent: expected member to be present");
  EXPECT_EQ(detail(R"({"items":[],"kind":"one","urgent":true,"x":1})"), "$.x: expected no such member");
  EXPECT_EQ(detail(R"({"items":[{"name":"a","count":99999999999}],"kind":"one","urgent":true})"), "$.items[0].count: expected integer in range");
}

TEST(Json, RefusesDuplicatesDepthAndTrailingText) {
  EXPECT_EQ(parse(R"({"a":1,"a":2})").error().key, "json.duplicate_member");
  EXPECT_TRUE(parse(R"({"a:\":":1,"b":{"a":2}})").has_value());
  EXPECT_FALSE(parse(std::string(100, '[') + std::string(100, ']')).has_value());
  EXPECT_FALSE(parse("{} x").has_value());
  EXPECT_FALSE(parse("\"\xff\"").has_value());
  EXPECT_FALSE(parse("").has_value());
}

// The examples of RFC 8785, sections 3.2.2 and 3.2.3.
TEST(Json, CanonicalFormFollowsRfc8785) {
  // The numbers are given as doubles: Boost 1.81's parser may be off by one unit in the last place.
  EXPECT_EQ(canonical(Object{{"numbers", Array{333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001}}, {"literals", Array{nullptr, true, false}}}),
            R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]})");
  EXPECT_EQ(canonical(parse("{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}").value()),
            "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,\"\xf0\x9f\x98\x80\":5,\"\xef\xac\xb3\":3}");
}

TEST(Json, TimesRoundTrip) {
  EXPECT_EQ(parse_rfc3339(to_rfc3339({1'700'000'000'123'456}))->micros, 1'700'000'000'123'456);
  EXPECT_EQ(parse_rfc3339("2026-03-30T10:00:00+09:00")->micros, parse_rfc3339("2026-03-30T01:00:00Z")->micros);
  for (const char* bad : {"2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "x"}) EXPECT_FALSE(parse_rfc3339(bad).has_value()) << bad;
}

TEST(Json, SchemaNamesComponentsOnce) {
  Object components;
  const Value schema = schema_of<Order>(components);
  EXPECT_EQ(components.size(), 1u);
  EXPECT_EQ(schema.at("properties").at("items").at("items").at("$ref").as_string(), "#/components/schemas/Item");
  EXPECT_EQ(components["Item"].at("required").as_array().size(), 1u);
}

}  // namespace
}  // namespace sekisho::json
