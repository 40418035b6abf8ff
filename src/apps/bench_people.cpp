#include "apps/bench_people.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "features/bodies/operations.h"
#include "features/bodies/small_profile.h"
#include "features/endpoints/operations.h"

namespace sekisho::apps {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

// A socket that closes itself; reads lines and counted bytes. Ends of data and errors read as empty.
class Wire {
 public:
  explicit Wire(int fd);  // what is written goes at once (TCP_NODELAY)
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  static int to(std::uint16_t port);  // of this machine; -1: nobody listens
  bool write(std::string_view bytes);
  std::string line();
  std::string bytes(std::size_t count);

 private:
  bool more();
  int fd_;
  std::string buffer_;
};

Wire::Wire(int fd) : fd_(fd) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Wire::~Wire() {
  if (fd_ >= 0) ::close(fd_);
}

int Wire::to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

bool Wire::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string Wire::line() {
  for (;;) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string out = buffer_.substr(0, end + 1);
      buffer_.erase(0, end + 1);
      return out;
    }
    if (!more()) return {};
  }
}

std::string Wire::bytes(std::size_t count) {
  while (buffer_.size() < count && more()) {}
  std::string out = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return out;
}

bool Wire::more() {
  char block[16384];
  const auto n = ::recv(fd_, block, sizeof block, 0);
  if (n <= 0) return false;
  buffer_.append(block, static_cast<std::size_t>(n));
  return true;
}

namespace {

std::string text_at(const json::Value& value, const char* name) { return std::string(std::string_view(value.at(name).as_string())); }

// Status, cookie and the length of what follows.
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

bool write_chunk(Wire& wire, const std::string& data) {
  char size[16];
  const auto end = std::to_chars(size, size + sizeof size, data.size(), 16).ptr;
  return wire.write(std::string(size, end) + "\r\n" + data + "\r\n");
}

std::string request_text(std::string_view method, std::string_view path, std::string_view headers, std::string_view body) {
  return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(headers) + "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace

double quantile(std::vector<double> all, double share) {
  std::sort(all.begin(), all.end());
  return all.empty() ? 0 : all[std::min(all.size() - 1, static_cast<std::size_t>(static_cast<double>(all.size()) * share))];
}

Answer ask(std::uint16_t port, std::string_view method, std::string_view path, std::string_view headers, const json::Value& body) {
  Wire wire(Wire::to(port));
  if (!wire.write(request_text(method, path, headers, json::serialise(body)))) return {};
  std::size_t length = 0;
  Answer out = read_head(wire, length);
  out.body = wire.bytes(length);
  return out;
}

json::Object login_of(int number) { return {{"login", "u" + std::to_string(number)}, {"password", kBenchPassword}}; }

Person::Person(std::uint16_t port, int number) : port_(port) {
  const Answer session = ask(port, "POST", "/api/v1/session", "", login_of(number));
  const auto parsed = json::parse(session.body);
  if (parsed && session.status == 200) headers_ = "Cookie: " + session.cookie + "\r\nX-Sekisho-Csrf: " + text_at(*parsed, "csrf") + "\r\n";
}

std::string Person::new_chat(const std::string& endpoint) const {
  const Answer made = ask(port_, "POST", "/api/v1/chats", headers_, json::Object{{"title", "計測"}, {"collections", json::Array{}}, {"endpoint", endpoint}});
  const auto chat = json::parse(made.body);
  return chat && made.status == 200 ? text_at(*chat, "id") : "";
}

void Person::question(const std::string& chat, const json::Value& parent, const std::function<bool(const std::string&)>& line) const {
  Wire wire(Wire::to(port_));
  const json::Object question{{"text", "計測"}, {"parent_id", parent}, {"regenerate_of", nullptr}};
  wire.write(request_text("POST", "/api/v1/chats/" + chat + "/messages", headers_, json::serialise(question)));
  for (std::string one = wire.line(); !one.empty() && line(one); one = wire.line()) {}
}

BenchModel::BenchModel(std::function<void(const Say&)> answering) : answering_(std::move(answering)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 1024) != 0) throw std::runtime_error("no port");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] {
    for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0; fd = ::accept(listener_, nullptr, nullptr)) {
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      connections_.emplace_back([this, fd] { serve(fd); });
    }
  });
}

BenchModel::~BenchModel() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (auto& thread : connections_) thread.join();
  ::close(listener_);
}

void BenchModel::serve(int fd) {
  {
    Wire wire(::dup(fd));
    while (answer(wire)) {}
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, fd);
  ::close(fd);
}

// False: the connection is over.
bool BenchModel::answer(Wire& wire) {
  std::size_t length = 0;
  std::string line = wire.line();
  if (line.empty()) return false;
  for (; !line.empty() && line != "\r\n"; line = wire.line())
    if (line.starts_with("Content-Length:")) length = static_cast<std::size_t>(std::atoll(line.c_str() + 15));
  wire.bytes(length);
  wire.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  bool open = true;
  answering_([&](const std::string& piece) {
    open = write_chunk(wire, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + piece + "\"},\"finish_reason\":null}]}\n\n");
    return open;
  });
  return open && write_chunk(wire, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n") && wire.write("0\r\n\r\n");
}

Result<gate::Body*> make_bench_body(Engine& engine, int people) {
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
    user.password = Secret(std::string(kBenchPassword));
    SK_CHECK(engine.gate().run(engine.accounts().create_user(), engine.caller(*body, gate::Operator{}), std::move(user)));
  }
  return body;
}

Result<std::string> make_bench_endpoint(Engine& engine, gate::Body& body, std::uint16_t port) {
  const gate::Caller caller = engine.caller(body, gate::Operator{});
  const auto run = [&](const char* operation, const json::Value& input) { return engine.gate().run(*engine.registry().find(operation), caller, input); };
  const std::string& segment = engine.config().listen_segment;
  SK_TRY(const json::Value service,
         run("services.register", json::Object{{"provider", "計測"}, {"name", "計測"}, {"ceiling", 3}, {"approved_by", "計測"}, {"approval", "計測"}}));
  SK_TRY(const json::Value endpoint,
         run("endpoints.create", json::Object{{"name", "計測"}, {"protocol", "openai"}, {"url", "http://127.0.0.1:" + std::to_string(port) + "/v1"}, {"model", "m"},
                                              {"ceiling", 3}, {"segments", json::Array{segment}}, {"service", service.at("id")}, {"enabled", true}}));
  SK_CHECK(run("flows.open", json::Object{{"from_segment", segment}, {"to_endpoint", endpoint.at("id")}, {"purpose", "計測"}, {"content", json::Array{"text"}}, {"permitted_by", "計測"}}));
  return text_at(endpoint, "id");
}

}  // namespace sekisho::apps
