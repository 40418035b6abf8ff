#include "oscal/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clauses/parse.h"
#include "clauses/refs.h"
#include "oscal/words.h"

namespace sekisho::oscal {
namespace {

constexpr const char* kText =
    "村の方針\n\n第1章 総則\n\n1 ねらい\n\n村のものを*守る*。\n二段落目 <b> {{ x }} \\。\n\n(1) 鍵\n(1) 写し\n(3) 台帳\n\nア 三年\nイ 五年\n\n第2章 人\n\n2 係\n\n区分\t扱い\n高\t鍵をかける\n低\t棚に置く\n\n附則\n\n1 今日から。\n";

Policy sample(const char* text = kText) {
  Policy out;
  out.document = clauses::parse(text).value();
  out.document.title = "村の方針";
  const std::string source = text;
  for (std::size_t i = 0; i < out.document.clauses.size(); ++i) {
    out.ids.push_back("01HZ" + std::to_string(i));
    std::string raw;
    for (const auto& span : out.document.clauses[i].spans) raw += (raw.empty() ? "" : "\n") + source.substr(span.begin, span.end - span.begin);
    out.raws.push_back(raw);
    out.meanings.push_back(i % 3 == 0 ? std::optional(Meaning{"must", "@staff", "鍵　", "check", "key-safe", i % 2 == 0 ? "confirmed" : "suggested"}) : std::nullopt);
  }
  out.version = "第1版";
  out.modified = Timestamp{1'780'000'000'000'000};
  out.file_name = "方針 1.txt";
  out.sha256 = std::string(64, 'a');
  return out;
}

Read again(const std::string& bytes) {
  auto read = read_catalog(bytes);
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().detail);
  return std::move(*read);
}

}  // namespace

TEST(Words, MarkupComesBackForEveryText) {
  for (const char* text : {"", "a", "a\n\nb", "\n", "\n\n\n", "1. a\n2) b", "- a\n+b", "\\n \\\\ * _ {{ insert: param, x }}", "　字\t", "a\\"}) {
    EXPECT_EQ(unmarked(marked(text)), text);
    json::Array props;
    add_text_prop(props, "x", text);
    if (props.empty()) continue;
    const auto& prop = props[0].as_object();
    const auto* sort = prop.if_contains("class");
    EXPECT_EQ(prop_text(std::string_view(prop.at("value").as_string()), sort ? std::string_view(sort->as_string()) : ""), text);
  }
  EXPECT_EQ(prop_text("%E3%81", "percent"), std::nullopt);
  EXPECT_EQ(prop_text("%4", "percent"), std::nullopt);
}

TEST(Catalog, WrittenReadAndWrittenAgainIsTheSameBytes) {
  const Policy policy = sample();
  const std::string first = write_catalog(policy);
  Read read = again(first);
  EXPECT_TRUE(read.ours);
  EXPECT_THAT(read.losses, testing::IsEmpty());
  EXPECT_EQ(read.policy.ids, policy.ids);
  EXPECT_EQ(read.policy.raws, policy.raws);
  EXPECT_EQ(read.policy.meanings, policy.meanings);
  ASSERT_EQ(read.policy.document.clauses.size(), policy.document.clauses.size());
  for (std::size_t i = 0; i < policy.document.clauses.size(); ++i) {
    const auto& a = policy.document.clauses[i];
    const auto& b = read.policy.document.clauses[i];
    EXPECT_EQ(std::tie(a.parent, a.kind, a.part, a.line, a.ref, a.printed, a.label, a.title, a.text), std::tie(b.parent, b.kind, b.part, b.line, b.ref, b.printed, b.label, b.title, b.text)) << a.ref;
  }
  EXPECT_EQ(write_catalog(read.policy), first);
  const std::string source = lay_out(read);
  EXPECT_NE(source.find("(1) 写し"), std::string::npos);
}

TEST(Catalog, ChaptersBesideClausesAndRowsAtTheTopTakeAnotherForm) {
  Policy policy = sample("1 甲\n");
  using clauses::Clause;
  using clauses::Kind;
  policy.document.clauses = {Clause{-1, Kind::structure, 1, 1, 0, "", "第1章", "第1章", "総則", "", {}}, Clause{0, Kind::structure, 1, 2, 0, "", "第1節", "第1節", "節", "", {}},
                             Clause{1, Kind::clause, 1, 3, 0, "", "1", "1", "甲", "", {}}, Clause{0, Kind::clause, 2, 4, 3, "", "2", "3", "a\nb", "\n乙\n", {}},
                             Clause{-1, Kind::row, 1, 5, 0, "", "", "行", "", "値", {}}, Clause{4, Kind::clause, 1, 6, 0, "", "(1)", "(1)", "", "丙", {}}};
  clauses::give_refs(policy.document);
  policy.ids = {"A", "B", "C", "D", "E", "F"};
  policy.raws = {"", "", "甲", "", "", ""};
  policy.meanings.assign(6, std::nullopt);
  const std::string first = write_catalog(policy);
  const Read read = again(first);
  EXPECT_EQ(write_catalog(read.policy), first);
  EXPECT_EQ(read.policy.document.clauses[3].title, "a\nb");
  EXPECT_EQ(read.policy.document.clauses[4].printed, "");
}

TEST(Catalog, AnothersIsReadWithItsLossesListed) {
  const Read read = again(R"j({"catalog":{"uuid":"2ed6657d-e927-568b-95e1-2665a8aea6a2","metadata":{"title":"Keys","last-modified":"2026-01-02T03:04:05+09:00","version":"5","oscal-version":"1.1.2",
    "roles":[{"id":"owner","title":"Owner"}]},"groups":[{"id":"key","class":"family","title":"Keys","controls":[{"id":"key-1","title":"Safe","params":[{"id":"key-1_p","label":"three years"}],
    "props":[{"name":"label","class":"zero-padded","value":"KEY-01"},{"name":"label","value":"KEY-1"},{"name":"status","value":"withdrawn"}],"links":[{"href":"#x"}],
    "parts":[{"id":"key-1_smt","name":"statement","prose":"Keep \\*keys\\* for {{ insert: param, key-1_p }}.","parts":[{"id":"key-1_smt.a","name":"item","props":[{"name":"label","value":"a."}],"prose":"in a safe"}]},
    {"name":"guidance","prose":"why"}],"controls":[{"id":"key-1.1","title":"Copies","props":[{"name":"label","value":"KEY-1(1)"}]}]}]}]}})j");
  EXPECT_FALSE(read.ours);
  std::vector<std::string> kinds;
  for (const Loss& loss : read.losses) kinds.push_back(loss.kind + " " + std::to_string(loss.count));
  EXPECT_THAT(kinds, testing::UnorderedElementsAre("roles 1", "params 1", "links 1", "props 1", "parts 1", "class 1"));
  const auto& all = read.policy.document.clauses;
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[1].label, "KEY-1");
  EXPECT_EQ(all[1].text, "Keep *keys* for ［three years］.");
  EXPECT_EQ(all[2].kind, clauses::Kind::clause);
  EXPECT_EQ(all[2].text, "in a safe");
  EXPECT_EQ(all[3].kind, clauses::Kind::item);
  EXPECT_EQ(all[4].label, "(1)");
  EXPECT_EQ(all[4].ref, "KEY-1(1)");
}

TEST(Catalog, OneClearErrorWithItsPlace) {
  const std::string head = R"({"catalog":{"uuid":"2ed6657d-e927-568b-95e1-2665a8aea6a2","metadata":{"title":"K","last-modified":"2026-01-02T03:04:05Z","version":"5","oscal-version":"1.1.2"},)";
  const auto told = [&](const std::string& bytes) {
    const auto read = read_catalog(bytes);
    return read ? std::string("read") : read.error().key + " " + read.error().detail.substr(0, read.error().detail.find(':'));
  };
  EXPECT_EQ(told("{"), "oscal.json incomplete JSON");
  EXPECT_EQ(told("{\"profile\":{}}"), "oscal.model /profile");
  EXPECT_EQ(told("{}"), "oscal.invalid /");
  EXPECT_EQ(told("{\"catalog\":[]}"), "oscal.invalid /catalog");
  EXPECT_EQ(told(head + "\"controls\":[]}}"), "oscal.invalid /catalog/controls");
  EXPECT_EQ(told(head + "\"controls\":[{\"id\":\"1x\",\"title\":\"t\"}]}}"), "oscal.invalid /catalog/controls/0/id");
  EXPECT_EQ(told(head + "\"controls\":[{\"id\":\"a\"}]}}"), "oscal.invalid /catalog/controls/0/title");
  EXPECT_EQ(told(head + "\"controls\":[{\"id\":\"a\",\"title\":\"t\"},{\"id\":\"a\",\"title\":\"t\"}]}}"), "oscal.invalid /catalog/controls/1/id");
  EXPECT_EQ(told(head + "\"controls\":[{\"id\":\"a\",\"title\":\"t\",\"parts\":[{\"name\":\"statement\",\"prose\":1}]}]}}"), "oscal.invalid /catalog/controls/0/parts/0/prose");
  std::string deep = head;
  for (std::size_t i = 0; i <= kMaxDepth; ++i) deep += (i == 0 ? "\"controls\":[{\"id\":\"a" : ",\"controls\":[{\"id\":\"a") + std::to_string(i) + "\",\"title\":\"t\"";
  for (std::size_t i = 0; i <= kMaxDepth; ++i) deep += "}]";
  EXPECT_EQ(told(deep + "}}").substr(0, 14), "oscal.too_deep");
  EXPECT_EQ(told(std::string(10'000, '[')).substr(0, 10), "oscal.json");
}

}  // namespace sekisho::oscal
