#include "core/config.h"

#include <gtest/gtest.h>

namespace sekisho {
namespace {

TEST(Config, SampleFileGivesTheDefaults) {
  Config config = default_config();
  config.listen_port = 1;
  const auto applied = apply_config_text(config, config_sample(), "sample.toml");
  ASSERT_TRUE(applied.has_value()) << applied.error().detail;
  EXPECT_EQ(config.listen_port, 8080);
  EXPECT_EQ(config.session_idle_ms, default_config().session_idle_ms);
}

TEST(Config, UnknownKeyStopsWithLineAndNearestName) {
  Config config = default_config();
  const auto error = apply_config_text(config, "[listen]\nport = 1\nadress = \"x\"\n", "a.toml").error();
  EXPECT_EQ(error.key, "config.unknown_key");
  EXPECT_EQ(error.detail, "a.toml:3: unknown setting 'listen.adress'; did you mean 'listen.address'?");
}

TEST(Config, ValuesAreCheckedByTypeAndRange) {
  Config config = default_config();
  EXPECT_EQ(apply_config_text(config, "[listen]\nport = 70000\n", "a").error().key, "config.value");
  EXPECT_EQ(apply_config_text(config, "[listen]\nport = \"8080\"\n", "a").error().key, "config.value");
  EXPECT_EQ(apply_config_text(config, "[listen\n", "a").error().key, "config.syntax");
  EXPECT_EQ(apply_config_text(config, "port = 1\n", "a").error().key, "config.unknown_key");
  EXPECT_EQ(apply_config_override(config, "listen.port=x").error().key, "config.value");
  EXPECT_EQ(apply_config_override(config, "listen.port").error().key, "config.value");
  EXPECT_TRUE(apply_config_override(config, "listen.port=9").has_value());
  EXPECT_EQ(config.listen_port, 9);
}

TEST(Config, EverySettingIsDocumented) {
  for (const Setting& s : settings()) {
    EXPECT_FALSE(s.meaning.empty() || s.meaning_ja.empty()) << s.name;
    EXPECT_NE(config_markdown().find("`" + std::string(s.name) + "`"), std::string::npos);
  }
}

}  // namespace
}  // namespace sekisho
