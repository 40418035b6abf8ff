// sekisho: the server and its commands. Results go to stdout, messages to stderr.
// Exit status: 0 done; 1 refused or failed; 2 usage error.
#include <malloc.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <thread>

#include "apps/command.h"
#include "apps/office.h"
#include "core/bytes.h"
#include "core/log.h"
#include "http/problem.h"

namespace sekisho::apps {
namespace {

const std::set<std::string> kCommonOptions = {"data", "config", "set"};
const std::set<std::string> kCommonFlags = {"json", "help"};

std::vector<Command> all_commands() {
  std::vector<Command> out;
  add_serve_commands(out);
  add_admin_commands(out);
  add_staff_commands(out);
  add_user_commands(out);
  add_content_commands(out);
  add_stop_commands(out);
  add_log_commands(out);
  add_witness_commands(out);
  add_usage_commands(out);
  add_mail_commands(out);
  add_policy_commands(out);
  add_office_commands(out);
  add_disposal_commands(out);
  add_doctor_commands(out);
  add_backup_commands(out);
  add_demo_commands(out);
  add_bench_commands(out);
  return out;
}

void print_list(const std::vector<Command>& commands) {
  for (const Command& c : commands) std::printf("  %-18s %s\n", c.name.c_str(), c.summary.c_str());
}

void print_help(const std::vector<Command>& commands) {
  std::printf("関所 Sekisho %s\n\n使い方: sekisho コマンド [指定…]\n\nどのコマンドにも: --data DIR  --config FILE  --set 名前=値  --json  --help\n\n", SK_VERSION);
  print_list(commands);
  std::printf("\n終了の値: 0 できた  1 断られた・失敗した  2 使い方の誤り\n");
}

// The commands that begin with this word, for who knows only that.
std::vector<Command> group_of(const std::vector<Command>& commands, const std::string& word) {
  std::vector<Command> out;
  std::copy_if(commands.begin(), commands.end(), std::back_inserter(out), [&word](const Command& c) { return c.name.starts_with(word + " "); });
  return out;
}

const Command* find(const std::vector<Command>& commands, const std::vector<std::string>& words, std::size_t& used) {
  for (std::size_t n = std::min<std::size_t>(3, words.size()); n > 0; --n) {
    std::string name = words[0];
    for (std::size_t i = 1; i < n; ++i) name += " " + words[i];
    for (const Command& c : commands)
      if (c.name == name) {
        used = n;
        return &c;
      }
  }
  return nullptr;
}

Result<Config> config_of(const Arguments& arguments, const std::string& program) {
  Config config = default_config();
  if (arguments.has("config")) {
    const std::string path = arguments.value("config");
    SK_TRY(const std::string text, read_file(path, 1 << 20));
    SK_CHECK(apply_config_text(config, text, path));
  }
  for (const std::string& assignment : arguments.values("set")) SK_CHECK(apply_config_override(config, assignment));
  if (arguments.has("data")) config.data_dir = arguments.value("data");
  fill_in_paths(config, program);
  return config;
}

// One line for people: the Japanese sentence, the clause where one decided, and the detail that helps to mend it.
int report(const Error& error, const Config& config, const gate::BodyWords* words = nullptr) {
  std::string line;
  if (const auto messages = http::Messages::load(config.packs_dir + "/messages/errors.ja.json"); messages && error.key != "usage") line = messages->text(error);
  if (!error.detail.empty()) line += (line.empty() ? "" : " ") + ("（" + error.detail + "）");
  if (!error.clause.empty()) line += " 根拠: " + error.clause;
  if (!error.who_can_permit.empty()) line += " 許可できる人: " + (words == nullptr ? error.who_can_permit : words->permitter(error.who_can_permit));
  std::fprintf(stderr, "sekisho: %s [%s]\n", line.c_str(), error.key.c_str());
  return exit_status(error.code);
}

int no_such_command(const std::vector<Command>& commands, const std::vector<std::string>& words, const Config& config) {
  const auto group = group_of(commands, words[0]);
  const auto wrong = [&config](const std::string& why) { return report({Code::invalid_argument, "usage", why, {}, {}}, config); };
  if (group.empty()) return wrong("知らないコマンドです: " + words[0] + "（sekisho --help で一覧）");
  if (words.size() > 1 && words[1] != "--help") return wrong("知らないコマンドです: " + words[0] + " " + words[1] + "（sekisho " + words[0] + " --help で一覧）");
  print_list(group);
  return words.size() > 1 ? 0 : wrong(words[0] + " のあとに、上のどれかの語が要ります");
}

void set_log_level(const std::string& name) {
  log::set_level(name == "debug" ? log::Level::debug : name == "warn" ? log::Level::warn : name == "error" ? log::Level::error : log::Level::info);
}

int run(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto commands = all_commands();
  if (words.empty() || words[0] == "--help" || words[0] == "help") {
    print_help(commands);
    return words.empty() ? 2 : 0;
  }
  std::size_t used = 0;
  const Command* command = find(commands, words, used);
  Config config = default_config();
  fill_in_paths(config, "/proc/self/exe");
  if (command == nullptr) return no_such_command(commands, words, config);
  std::set<std::string> options = command->options;
  options.insert(kCommonOptions.begin(), kCommonOptions.end());
  std::set<std::string> flags = command->flags;
  flags.insert(kCommonFlags.begin(), kCommonFlags.end());
  auto arguments = Arguments::parse({words.begin() + static_cast<std::ptrdiff_t>(used), words.end()}, options, flags);
  if (!arguments) return report(arguments.error(), config);
  if (arguments->flag("help")) {
    std::printf("%s\n\n使い方: sekisho %s %s\n", command->summary.c_str(), command->name.c_str(), command->usage.c_str());
    return 0;
  }
  auto read = config_of(*arguments, "/proc/self/exe");
  if (!read) return report(read.error(), config);
  set_log_level(read->log_level);
  Invocation invocation{std::move(*read), std::move(*arguments), argv[0], false, nullptr};
  invocation.json = invocation.arguments.flag("json");
  const Status done = command->run(invocation);
  return done ? 0 : report(done.error(), invocation.config, invocation.words.get());
}

}  // namespace

void Invocation::print(const json::Value& value, const std::string& text) const {
  const std::string out = json ? json::serialise(value) : text;
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (out.empty() || out.back() != '\n') std::fputc('\n', stdout);
}

Result<gate::Body*> Invocation::body(Engine& engine) {
  SK_TRY(gate::Body* const found, engine.body(arguments.value("body")));
  words = found->words.load();
  return found;
}

gate::Credential credential_of(const Arguments& arguments) {
  if (arguments.has("user")) return gate::LocalUser{arguments.value("user")};
  return gate::Operator{};
}

}  // namespace sekisho::apps

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  ::umask(077);  // what this program writes is for it alone
  // Otherwise each thread's heap gives back, and faults in again, the same pages for every request.
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  ::mallopt(M_TOP_PAD, 1 << 20);
  // Two heaps a core: by default each of the first eight a core becomes one, and keeps up to the above of what a busy moment left.
  ::mallopt(M_ARENA_MAX, static_cast<int>(std::max(4u, 2 * std::thread::hardware_concurrency())));
  try {
    return sekisho::apps::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "sekisho: 内部の誤りで止まりました（%s）\n", e.what());
    return 1;
  }
}
