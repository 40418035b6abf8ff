#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "http/problem.h"
#include "http/routes.h"
#include "http/static_files.h"
#include "json/json.h"

namespace sekisho::http {
namespace {

TEST(StaticFiles, AreServedInTheFormTheClientTakes) {
  char name[] = "/tmp/sekisho-static-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  const std::string text(5000, 'a');
  std::ofstream(folder + "/site.css") << text;
  const StaticFiles files = StaticFiles::load(folder).value();
  net::Request request;
  request.path = "/site.css";
  const net::Response plain = files.serve(request);
  EXPECT_EQ(plain.content(), text);
  request.headers.set("Accept-Encoding", "br, gzip;q=0.8");
  const net::Response zipped = files.serve(request);
  EXPECT_EQ(zipped.headers.get("Content-Encoding"), "gzip");
  EXPECT_LT(zipped.content().size(), text.size());
  EXPECT_NE(zipped.headers.get("ETag"), plain.headers.get("ETag"));
  request.headers.set("If-None-Match", "\"x\", W/" + std::string(zipped.headers.get("ETag")));
  EXPECT_EQ(files.serve(request).status, 304);
  request.headers.set("Accept-Encoding", "gzip;q=0");
  EXPECT_EQ(files.serve(request).content(), text);
  std::filesystem::remove_all(folder);
}

TEST(Routes, PathParametersAreTaken) {
  const Match m = match("GET", "/api/v1/documents/01ABC/text");
  ASSERT_NE(m.route, nullptr);
  EXPECT_EQ(m.route->operation, "documents.text");
  EXPECT_EQ(m.parameters.at(0), (std::pair<std::string, std::string>("id", "01ABC")));
}

TEST(Routes, NothingElseMatches) {
  for (const char* path : {"/api/v1", "/api/v1/", "/api/v1/documents//text", "/api/v1/documents/x/text/", "/api/v1/documentsx", "/api/v1/chats/a/b/c"})
    EXPECT_EQ(match("GET", path).route, nullptr) << path;
  EXPECT_TRUE(match("DELETE", "/api/v1/search").path_known);
  EXPECT_EQ(match("DELETE", "/api/v1/search").route, nullptr);
}

TEST(Routes, NoTwoAreTheSame) {
  std::set<std::string> seen;
  for (const Route& r : routes()) EXPECT_TRUE(seen.insert(std::string(r.method) + " " + std::string(r.path)).second) << r.path;
}

TEST(Problem, TellsKeySentenceAndClauseButNoDetail) {
  const auto messages = Messages::load(std::string(SK_SOURCE_DIR) + "/packs/messages/errors.ja.json");
  ASSERT_TRUE(messages.has_value()) << messages.error().detail;
  const Error error{Code::denied, "policy.power", "SELECT secret", "7(2)", "管理者"};
  const std::string text = problem_json(error, *messages, "r1");
  EXPECT_EQ(text.find("secret"), std::string::npos);
  const auto value = json::parse(text).value();
  EXPECT_EQ(value.at("clause").as_string(), "7(2)");
  EXPECT_EQ(value.at("who_can_permit").as_string(), "管理者");
  EXPECT_EQ(value.at("status").as_int64(), 403);
  EXPECT_FALSE(messages->text({Code::conflict, "no.such.key", {}, {}, {}}).empty());
}

}  // namespace
}  // namespace sekisho::http
