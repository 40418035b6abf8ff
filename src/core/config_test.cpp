#include "core/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>

#include "core/bytes.h"

namespace sekisho {
namespace {

Error toml_error(const std::string& text) {
  Config config = default_config();
  const Status done = apply_toml(config, text, "s.toml");
  EXPECT_FALSE(done.has_value()) << text;
  return done.has_value() ? Error{} : done.error();
}

TEST(Config, EveryDefaultSatisfiesItsOwnRules) {
  for (const Setting& s : settings()) {
    Config config = default_config();
    EXPECT_TRUE(apply_override(config, std::string(s.name) + "=" + std::string(s.initial)).has_value()) << s.name;
    EXPECT_EQ(config, default_config()) << s.name;
    EXPECT_FALSE(s.meaning.empty());
    EXPECT_FALSE(s.meaning_ja.empty());
  }
  EXPECT_TRUE(check_config(default_config()).has_value());
  EXPECT_EQ(default_config().listen_address, "127.0.0.1");
  EXPECT_EQ(default_config().listen_port, 8080);
  EXPECT_EQ(default_config().prompt_max_characters, 200000);
}

TEST(Config, EverySettingHasItsOwnMember) {
  for (const Setting& s : settings()) {
    Config config = default_config();
    if (const auto* number = std::get_if<std::int64_t Config::*>(&s.member)) {
      EXPECT_LT(s.least, s.most) << s.name;
      ++(config.**number);
    } else if (const auto* text = std::get_if<std::string Config::*>(&s.member)) {
      (config.**text) += "x";
    }
    int changed = 0;
    for (const Setting& t : settings()) {
      if (const auto* number = std::get_if<std::int64_t Config::*>(&t.member)) changed += config.**number != default_config().**number;
      if (const auto* text = std::get_if<std::string Config::*>(&t.member)) changed += config.**text != default_config().**text;
    }
    EXPECT_EQ(changed, 1) << s.name;
  }
}

TEST(Config, FileThenOverridesTheLaterWins) {
  const std::string path = std::filesystem::temp_directory_path() / ("sekisho_config_" + std::to_string(::getpid()) + ".toml");
  ASSERT_TRUE(write_file(path, "listen.port = 9000\n[session]\nidle_ms = 60_000\n[log]\nlevel = \"warn\"\n").has_value());
  const Config config = load_config(path, {"listen.port=9001", "listen.port=9002", "data.dir=/srv/a=b"}).value();
  EXPECT_EQ(config.listen_port, 9002);
  EXPECT_EQ(config.session_idle_ms, 60000);
  EXPECT_EQ(config.log_level, "warn");
  EXPECT_EQ(config.data_dir, "/srv/a=b");
  std::filesystem::remove(path);
  EXPECT_EQ(load_config(path, {}).error().code, Code::not_found);
  EXPECT_EQ(load_config("", {}).value(), default_config());
}

TEST(Config, UnknownSettingsNameTheLineAndTheNearest) {
  const Error typo = toml_error("\n[listen]\nport = 1\nadress = \"::1\"\n");
  EXPECT_EQ(typo.key, "config.unknown");
  EXPECT_EQ(typo.detail, "s.toml:4: unknown setting \"listen.adress\"; the nearest is \"listen.address\"");
  EXPECT_EQ(toml_error("[lisen]\n").detail.substr(0, 31), "s.toml:1: unknown setting \"lise");
  EXPECT_EQ(toml_error("port = 1").key, "config.unknown");
  EXPECT_EQ(toml_error("listen = 1").key, "config.unknown");
  EXPECT_EQ(toml_error("x.y.z = 1").key, "config.unknown");
  Config config = default_config();
  EXPECT_EQ(apply_override(config, "listen.prot=1").error().detail,
            "--set: unknown setting \"listen.prot\"; the nearest is \"listen.port\"");
  EXPECT_FALSE(apply_override(config, "listen.port").has_value());
}

TEST(Config, WrongTypesBoundsAndSyntaxAreRefusedWithTheLine) {
  for (const char* text : {"listen.port = \"80\"", "listen.port = 1.5", "listen.port = true", "listen.port = [1]", "listen.address = 1",
                           "listen.port = {a = 1}", "log.level = 2026-01-01"})
    EXPECT_EQ(toml_error(text).key, "config.type") << text;
  for (const char* text : {"listen.port = 65536", "listen.port = -1", "listen.address = \"localhost\"", "listen.address = \"\"",
                           "log.level = \"loud\"", "log.level = \"\"", "log.level = \"info|warn\"", "data.dir = \"a\\u0000b\"",
                           "upload.max_bytes = 9223372036854775807"})
    EXPECT_EQ(toml_error(text).key, "config.bounds") << text;
  for (const char* text : {"listen.port =", "[listen", "listen.port = 1\nlisten.port = 2", "listen.port = 99999999999999999999"})
    EXPECT_EQ(toml_error(text).key, "config.syntax") << text;
  EXPECT_EQ(toml_error("\n\nlisten.port =").detail.substr(0, 9), "s.toml:3:");
  Config config = default_config();
  for (const char* bad : {"listen.port=", "listen.port= 1", "listen.port=0x10", "listen.port=99999999999999999999"})
    EXPECT_EQ(apply_override(config, bad).error().key, "config.type") << bad;
  EXPECT_EQ(config, default_config());
}

TEST(Config, SettingsThatContradictEachOtherAreRefused) {
  EXPECT_EQ(load_config("", {"tls.key=k"}).error().key, "config.conflict");
  EXPECT_EQ(load_config("", {"session.idle_ms=120000", "session.absolute_ms=60000"}).error().key, "config.conflict");
  EXPECT_EQ(load_config("", {"data.dir="}).error().key, "config.conflict");
  EXPECT_TRUE(load_config("", {"tls.key=k", "tls.certificate=c", "listen.address=::1"}).has_value());
}

TEST(Config, SampleHelpAndDocumentationNameEverySetting) {
  for (const Language language : {Language::ja, Language::en}) {
    Config config = default_config();
    ASSERT_TRUE(apply_toml(config, config_sample(language), "sample").has_value());
    // Uncommented, the sample still says the defaults.
    const std::string active = std::regex_replace(config_sample(language), std::regex("\n#([a-z])"), "\n$1");
    ASSERT_NE(active, config_sample(language));
    ASSERT_TRUE(apply_toml(config, active, "sample").has_value());
    EXPECT_EQ(config, default_config());
    for (const Setting& s : settings()) {
      EXPECT_NE(config_help(language).find(std::string(s.name) + "="), std::string::npos);
      EXPECT_NE(config_markdown(language).find("| `" + std::string(s.name) + "` |"), std::string::npos);
      EXPECT_NE(active.find("\n" + std::string(s.name.substr(s.name.find('.') + 1)) + " = "), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sekisho
