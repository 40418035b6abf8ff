#include "features/stops/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "core/bytes.h"
#include "features/stops/stops.h"

namespace sekisho::stops {
namespace {

constexpr const char* kId = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

class StopFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sekisho-stops-XXXXXX";
    root_ = ::mkdtemp(name);
    folder_ = root_ + "/stops";
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  void touch(const std::string& name, const std::string& content = "") {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/" + name) << content;
  }
  std::vector<StopFile> read(const std::string& body = "a") { return read_folder(folder_, body).value(); }
  static StopFile stop(gate::StopKind kind, std::string target) {
    StopFile out;
    out.id = kId;
    out.stop = {kind, "a", std::move(target)};
    out.details.reason = "理由";
    out.details.told = {"統括"};
    return out;
  }

  std::string root_;
  std::string folder_;
};

TEST_F(StopFiles, WhatIsWrittenIsRead) {
  EXPECT_TRUE(read().empty());
  StopFile file = stop(gate::StopKind::route, "lgwan");
  ASSERT_TRUE(write_stop(folder_, file).has_value());
  const auto files = read();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].id, kId);
  EXPECT_EQ(files[0].stop, file.stop);
  EXPECT_EQ(files[0].details.reason, "理由");
  ASSERT_TRUE(write_release(folder_, kId, {"済んだ"}).has_value());
  EXPECT_EQ(read()[0].release->reason, "済んだ");
  ASSERT_TRUE(remove_stop(folder_, files[0]).has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(StopFiles, TheNameAloneCloses) {
  touch(std::string(kId) + ".endpoint." + kId);
  touch("x.uploads.-", "{broken");
  const auto files = read();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].stop, (gate::Stop{gate::StopKind::endpoint, "a", kId}));
  EXPECT_EQ(files[1].stop, (gate::Stop{gate::StopKind::uploads, "a", ""}));
}

TEST_F(StopFiles, AnyOtherNameClosesAllThatTheFolderReaches) {
  for (const char* name : {"stop", "x.moon.-", "x.endpoint.-", "x.uploads.y", "a.b", "x.body"}) touch(name);
  for (const StopFile& file : read("a")) EXPECT_EQ(file.stop, (gate::Stop{gate::StopKind::body, "a", ""})) << file.id;
  for (const StopFile& file : read("")) EXPECT_EQ(file.stop, (gate::Stop{gate::StopKind::service, "", ""})) << file.id;
  EXPECT_EQ(read("").size(), 6u);
}

TEST_F(StopFiles, WhatIsNotYetWholeDoesNotCount) {
  touch(".new");
  touch("x.uploads.-.tmp");
  touch("x.release", "{\"reason\":\"r\"}");
  EXPECT_TRUE(read().empty());
}

TEST_F(StopFiles, WhenNothingCanBeWrittenTheNameStillCloses) {
  std::filesystem::create_directories(folder_);
  keep_reserve(folder_);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/.reserve"));
  // No file may hold a byte, as on a full disk.
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit none = before;
  none.rlim_cur = 0;
  std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &none);
  StopFile file = stop(gate::StopKind::exports, "");
  const Status written = write_stop(folder_, file);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_TRUE(written.has_value());
  const auto files = read();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].stop, file.stop);
  EXPECT_TRUE(files[0].details.reason.empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/.reserve")) << "the reserve was given up first";
}

TEST(StopOf, RefusesWhatIsNoStop) {
  const auto made = [](const char* kind, std::optional<std::string> target, const char* body) {
    return stop_of({kind, std::move(target), "ordered", "C", "理由", {}, {}, ""}, body, "x", {1'000'000}).has_value();
  };
  EXPECT_TRUE(made("service", std::nullopt, ""));
  EXPECT_TRUE(made("endpoint", kId, "a"));
  EXPECT_TRUE(made("route", "lgwan", "a"));
  EXPECT_FALSE(made("service", "x", "a"));
  EXPECT_FALSE(made("endpoint", std::nullopt, "a"));
  EXPECT_FALSE(made("endpoint", "../x", "a"));
  EXPECT_FALSE(made("route", "-", "a"));
  EXPECT_FALSE(made("route", "a.b", "a"));
  EXPECT_FALSE(made("body", std::nullopt, ""));
  EXPECT_FALSE(made("moon", std::nullopt, "a"));
}

}  // namespace
}  // namespace sekisho::stops
