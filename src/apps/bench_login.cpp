// Rushes of logins over real HTTP, beside open streams, against the floor of the hashing alone.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <fstream>
#include <mutex>
#include <thread>

#include "apps/bench.h"
#include "apps/bench_folder.h"
#include "apps/engine.h"
#include "apps/serving.h"
#include "crypto/password.h"
#include "features/bodies/operations.h"
#include "features/bodies/small_profile.h"
#include "features/endpoints/operations.h"

namespace sekisho::apps {
namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr const char* kPassword = "kawara-ni-tatsu-keisokushitsu";
constexpr auto kChunkPause = 50ms;
constexpr auto kQuiet = 6s;

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

std::int64_t rss_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  in >> total >> resident;
  return resident * 4096;
}

// A socket that closes itself; reads lines and counted bytes. Ends of data and errors read as empty.
class Wire {
 public:
  explicit Wire(int fd) : fd_(fd) {}
  ~Wire() {
    if (fd_ >= 0) ::close(fd_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  static int to(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
    return fd;
  }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  std::string line() {
    for (;;) {
      if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
        std::string out = buffer_.substr(0, end + 1);
        buffer_.erase(0, end + 1);
        return out;
      }
      if (!more()) return {};
    }
  }
  std::string bytes(std::size_t count) {
    while (buffer_.size() < count && more()) {}
    std::string out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return out;
  }

 private:
  bool more() {
    char block[16384];
    const auto n = ::recv(fd_, block, sizeof block, 0);
    if (n <= 0) return false;
    buffer_.append(block, static_cast<std::size_t>(n));
    return true;
  }
  int fd_;
  std::string buffer_;
};

struct Answer {
  int status = 0;
  std::string cookie;
  std::string body;
};

std::string request_text(std::string_view method, std::string_view path, std::string_view headers, std::string_view body) {
  return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(headers) + "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

Answer read_head(Wire& wire, std::size_t& length) {
  Answer out;
  length = 0;
  for (std::string line = wire.line(); !line.empty() && line != "\r\n"; line = wire.line()) {
    if (line.starts_with("HTTP/")) out.status = std::atoi(line.c_str() + 9);
    if (line.starts_with("Content-Length:")) length = static_cast<std::size_t>(std::atoll(line.c_str() + 15));
    if (line.starts_with("Set-Cookie:")) out.cookie = line.substr(12, line.find(';') - 12);
  }
  return out;
}

Answer ask(std::uint16_t port, std::string_view method, std::string_view path, std::string_view headers, const json::Value& body) {
  Wire wire(Wire::to(port));
  if (!wire.write(request_text(method, path, headers, json::serialise(body)))) return {};
  std::size_t length = 0;
  Answer out = read_head(wire, length);
  out.body = wire.bytes(length);
  return out;
}

// A model that writes the time into every piece of its answer, until told to stop.
class Model {
 public:
  Model() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 1024) != 0) throw std::runtime_error("no port");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] {
      for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0; fd = ::accept(listener_, nullptr, nullptr)) answers_.emplace_back([this, fd] { answer(fd); });
    });
  }
  ~Model() {
    stop_.store(true);
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& thread : answers_) thread.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }
  void finish() { stop_.store(true); }
  void again() { stop_.store(false); }

 private:
  void answer(int fd) {
    Wire wire(fd);
    std::size_t length = 0;
    for (std::string line = wire.line(); !line.empty() && line != "\r\n"; line = wire.line())
      if (line.starts_with("Content-Length:")) length = static_cast<std::size_t>(std::atoll(line.c_str() + 15));
    wire.bytes(length);
    wire.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    bool open = true;
    while (open && !stop_.load()) {
      std::this_thread::sleep_for(kChunkPause);
      const auto now = Steady::now().time_since_epoch().count();
      open = chunk(wire, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"at" + std::to_string(now) + ".\"},\"finish_reason\":null}]}\n\n");
    }
    if (open) chunk(wire, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    wire.write("0\r\n\r\n");
  }
  static bool chunk(Wire& wire, const std::string& data) {
    char size[16];
    const auto end = std::to_chars(size, size + sizeof size, data.size(), 16).ptr;
    return wire.write(std::string(size, end) + "\r\n" + data + "\r\n");
  }
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> answers_;
  std::thread acceptor_;
};

struct Delay {
  Steady::time_point at;
  double ms;
};

// Streams that are read for as long as they run, one thread each.
class Readers {
 public:
  Readers(std::uint16_t port, std::string endpoint, std::vector<Answer> sessions) : delays_(sessions.size()) {
    for (std::size_t i = 0; i < sessions.size(); ++i) threads_.emplace_back([this, port, endpoint, session = sessions[i], i] { read(port, endpoint, session, delays_[i]); });
  }
  void join() {
    for (auto& thread : threads_) thread.join();
  }
  void collect(Steady::time_point from, Steady::time_point to, std::vector<double>& out) const {
    for (const auto& one : delays_)
      for (const Delay& d : one)
        if (d.at >= from && d.at < to) out.push_back(d.ms);
  }

 private:
  static void read(std::uint16_t port, const std::string& endpoint, const Answer& session, std::vector<Delay>& out) {
    out.reserve(4096);
    const auto parsed = json::parse(session.body);
    if (!parsed) return;
    const std::string headers = "Cookie: " + session.cookie + "\r\nX-Sekisho-Csrf: " + std::string(std::string_view(parsed->at("csrf").as_string())) + "\r\n";
    const Answer made = ask(port, "POST", "/api/v1/chats", headers, json::Object{{"title", "計測"}, {"collections", json::Array{}}, {"endpoint", endpoint}});
    const auto chat = json::parse(made.body);
    if (!chat || made.status != 200) return;
    Wire wire(Wire::to(port));
    const json::Object question{{"text", "計測"}, {"parent_id", nullptr}, {"regenerate_of", nullptr}};
    wire.write(request_text("POST", "/api/v1/chats/" + std::string(std::string_view(chat->at("id").as_string())) + "/messages", headers, json::serialise(question)));
    for (std::string line = wire.line(); !line.empty(); line = wire.line()) {
      const std::size_t at = line.find("\"at");
      if (at != std::string::npos) {
        std::int64_t sent = 0;
        std::from_chars(line.data() + at + 3, line.data() + line.size(), sent);
        const auto now = Steady::now();
        out.push_back({now, std::chrono::duration<double, std::milli>(now.time_since_epoch() - Steady::duration(sent)).count()});
      }
      if (line.starts_with("event: done") || line.starts_with("event: error")) return;
    }
  }
  std::vector<std::vector<Delay>> delays_;
  std::vector<std::thread> threads_;
};

// The hashing alone, on as many threads as the product uses.
double floor_seconds(std::size_t workers, int logins) {
  const auto stored = crypto::password_hash(Secret(std::string(kPassword)));
  std::atomic<int> next{0};
  const auto begin = Steady::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i)
    threads.emplace_back([&] {
      while (next++ < logins)
        if (!crypto::password_verify(*stored, Secret(std::string(kPassword))).value_or(false)) std::abort();
    });
  for (auto& thread : threads) thread.join();
  return seconds_since(begin);
}

Result<gate::Body*> make_body(Engine& engine, int people) {
  SK_TRY(gate::Body* const body, engine.create_body("bench"));
  auto in = bodies::small_profile("計測", {{"r", "役", "whole", std::nullopt, {"chat.use"}}}, engine.config().listen_segment, engine.vocabulary());
  SK_CHECK(engine.gate().run(bodies::set_up(engine.vocabulary()), engine.caller(*body, gate::Operator{}), std::move(in)));
  SK_CHECK(engine.name_body(*body));
  for (int i = 0; i < people; ++i) {
    accounts::UserCreateIn user;
    user.login = "u" + std::to_string(i);
    user.name = "計測";
    user.department = "d";
    user.roles = {"r"};
    user.password = Secret(std::string(kPassword));
    SK_CHECK(engine.gate().run(engine.accounts().create_user(), engine.caller(*body, gate::Operator{}), std::move(user)));
  }
  return body;
}

json::Object login_body(int i) { return {{"login", "u" + std::to_string(i)}, {"password", kPassword}}; }

double p99(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all.empty() ? 0 : all[std::min(all.size() - 1, all.size() * 99 / 100)];
}

struct Rush {
  std::vector<double> done;  // seconds, sorted
  int failed = 0;
  std::int64_t rss_before = 0;
  std::int64_t rss_peak = 0;
  Steady::time_point begin;
  Steady::time_point end;
};

Rush rush(std::uint16_t port, int logins) {
  Rush out;
  std::mutex mutex;
  std::atomic<bool> over{false};
  out.rss_before = rss_bytes();
  std::thread watch([&] {
    while (!over.load()) {
      out.rss_peak = std::max(out.rss_peak, rss_bytes());
      std::this_thread::sleep_for(2ms);
    }
  });
  out.begin = Steady::now();
  std::vector<std::thread> people;
  for (int i = 0; i < logins; ++i)
    people.emplace_back([&, i] {
      const Answer answer = ask(port, "POST", "/api/v1/session", "", login_body(i));
      const std::lock_guard lock(mutex);
      if (answer.status != 200) ++out.failed;
      out.done.push_back(seconds_since(out.begin));
    });
  for (auto& thread : people) thread.join();
  out.end = Steady::now();
  over.store(true);
  watch.join();
  std::sort(out.done.begin(), out.done.end());
  return out;
}

// All rounds together. The p99 of one round is made of its two dozen slowest pieces: one stall of the machine decides it, so the pieces of all rounds
// are laid together.
struct Rounds {
  std::vector<Rush> rushes;
  std::vector<double> quiet;  // ms per piece
  std::vector<double> busy;
  double floor = 0;  // seconds of hashing alone, of all rounds
};

json::Value report(const Rounds& all, std::size_t workers, int streams) {
  constexpr double kMib = 1024.0 * 1024.0;
  int failed = 0;
  std::int64_t rise = 0;
  double last = 0;
  for (const Rush& one : all.rushes) {
    last += one.done.back();
    failed += one.failed;
    rise = std::max(rise, one.rss_peak - one.rss_before);
  }
  const double quiet = p99(all.quiet);
  const double busy = p99(all.busy);
  return json::Object{{"rounds", all.rushes.size()},
                      {"logins", all.rushes.front().done.size()},
                      {"failed", failed},
                      {"cores", std::thread::hardware_concurrency()},
                      {"workers", workers},
                      {"floor_s", all.floor},
                      {"last_s", last},
                      {"ratio", last / all.floor},
                      {"streams", streams},
                      {"quiet_chunks", all.quiet.size()},
                      {"quiet_p99_ms", quiet},
                      {"rush_chunks", all.busy.size()},
                      {"rush_p99_ms", busy},
                      {"p99_ratio", quiet > 0 ? busy / quiet : 0},
                      {"rss_rise_mib", static_cast<double>(rise) / kMib},
                      {"rss_limit_mib", static_cast<double>(workers) * 64 + 16}};
}

// The endpoint, the approved service behind it and the flow to it, as an administrator registers them. Its id.
Result<std::string> make_endpoint(Engine& engine, gate::Body& body, std::uint16_t port) {
  const gate::Caller caller = engine.caller(body, gate::Operator{});
  const auto run = [&](const char* operation, const json::Value& input) { return engine.gate().run(*engine.registry().find(operation), caller, input); };
  const std::string& segment = engine.config().listen_segment;
  SK_TRY(const json::Value service,
         run("services.register", json::Object{{"provider", "計測"}, {"name", "計測"}, {"ceiling", 3}, {"approved_by", "計測"}, {"approval", "計測"}}));
  SK_TRY(const json::Value endpoint,
         run("endpoints.create", json::Object{{"name", "計測"}, {"protocol", "openai"}, {"url", "http://127.0.0.1:" + std::to_string(port) + "/v1"}, {"model", "m"},
                                              {"ceiling", 3}, {"segments", json::Array{segment}}, {"service", service.at("id")}, {"enabled", true}}));
  SK_CHECK(run("flows.open", json::Object{{"from_segment", segment}, {"to_endpoint", endpoint.at("id")}, {"purpose", "計測"}, {"content", json::Array{"text"}}, {"permitted_by", "計測"}}));
  return std::string(std::string_view(endpoint.at("id").as_string()));
}

void measure_round(std::uint16_t port, Model& model, const std::string& endpoint, const std::vector<Answer>& sessions, int logins, Rounds& all) {
  model.again();
  Readers readers(port, endpoint, sessions);
  std::this_thread::sleep_for(2s);
  const auto quiet_from = Steady::now();
  std::this_thread::sleep_for(kQuiet);
  Rush measured = rush(port, logins);
  model.finish();
  readers.join();
  readers.collect(quiet_from, measured.begin, all.quiet);
  readers.collect(measured.begin, measured.end, all.busy);
  all.rushes.push_back(std::move(measured));
}

}  // namespace

Result<json::Value> bench_login(Config config, int logins, int streams, int rounds) {
  SK_TRY(const BenchFolder folder, BenchFolder::make());
  config.data_dir = folder.path();
  config.listen_address = "127.0.0.1";
  config.listen_port = 0;
  SK_TRY(auto engine, Engine::open(config, Engine::Reading::no));
  SK_TRY(gate::Body* const body, make_body(*engine, std::max(logins, streams)));
  Model model;
  SK_TRY(const std::string endpoint, make_endpoint(*engine, *body, model.port()));
  SK_TRY(auto serving, Serving::start(*engine));
  const std::uint16_t port = serving->port();
  std::vector<Answer> sessions;
  for (int i = 0; i < streams; ++i) sessions.push_back(ask(port, "POST", "/api/v1/session", "", login_body(i)));
  Rounds all;
  const std::size_t workers = engine->accounts().pool().threads();
  for (int i = 0; i < rounds; ++i) {
    measure_round(port, model, endpoint, sessions, logins, all);
    all.floor += floor_seconds(workers, logins);
  }
  json::Value out = report(all, workers, streams);
  serving.reset();
  return out;
}

}  // namespace sekisho::apps
