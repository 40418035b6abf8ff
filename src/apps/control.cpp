#include "apps/control.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "core/log.h"

namespace sekisho::apps {
namespace {

constexpr std::size_t kMaxRequest = 64 * 1024;
constexpr std::size_t kMaxAnswer = 8 << 20;
constexpr auto kPatience = std::chrono::seconds(5);   // for a request to come

struct ErrorText {
  int code = 0;
  std::string key;
  std::string detail;
  std::string clause;
  std::string who_can_permit;
};
BOOST_DESCRIBE_STRUCT(ErrorText, (), (code, key, detail, clause, who_can_permit))
struct AnswerText {
  std::optional<ErrorText> error;
  json::Value value;
};
BOOST_DESCRIBE_STRUCT(AnswerText, (), (error, value))

Unexpected silent(const std::string& what) { return fail(Code::unavailable, "control.silent", what); }

// A socket's name is short; the folder's may not be. It is named through its descriptor instead.
sockaddr_un address_in(int folder) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/control.sock";
  std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
  return out;
}

// Everything until the peer has said all.
Result<std::string> read_all(int fd, std::size_t most, std::chrono::milliseconds patience) {
  std::string out;
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    struct pollfd wait = {fd, POLLIN, 0};
    if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) return silent("nothing more came");
    std::array<char, 16 * 1024> buffer{};
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0) return silent(std::strerror(errno));
    if (n == 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(n));
    if (out.size() > most) return fail(Code::too_large, "control.silent", "too long");
  }
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return silent(std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  ::shutdown(fd, SHUT_WR);
  return ok();
}

bool same_user(int peer) {
  ucred who{};
  socklen_t size = sizeof(who);
  return ::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && (who.uid == ::geteuid() || who.uid == 0);
}

AnswerText answer_of(Result<json::Value> value) {
  AnswerText out;
  if (value) {
    out.value = std::move(*value);
  } else {
    const Error& e = value.error();
    out.error = ErrorText{static_cast<int>(e.code), e.key, e.detail, e.clause, e.who_can_permit};
  }
  return out;
}

void send_answer(int peer, Result<json::Value> value) {
  const AnswerText out = answer_of(std::move(value));
  if (const Status sent = write_all(peer, json::serialise(json::to_value(out))); !sent) log::warn("control.unanswered");
}

void limit_writing(int fd) {
  const timeval patience{std::chrono::duration_cast<std::chrono::seconds>(kPatience).count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

}  // namespace

Result<std::unique_ptr<Control>> Control::start(Engine& engine, std::set<std::string> operations, Tasks tasks, State state) {
  std::unique_ptr<Control> out(new Control(engine, std::move(operations), std::move(tasks), std::move(state)));
  out->path_ = engine.config().data_dir + "/control.sock";
  const Descriptor folder(::open(engine.config().data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  ::unlink(out->path_.c_str());  // of a program that was killed: the folder's lock is ours
  out->listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  out->waking_ = ::eventfd(0, EFD_CLOEXEC);
  const sockaddr_un address = address_in(folder.get());
  if (out->listening_ < 0 || out->waking_ < 0 || ::bind(out->listening_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 || ::listen(out->listening_, 8) != 0)
    return fail(Code::unavailable, "storage.io", "cannot listen on " + out->path_ + ": " + std::strerror(errno));
  out->thread_ = std::thread([raw = out.get()] { raw->serve(); });
  return out;
}

Control::~Control() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(waking_, &one, sizeof(one)));
    thread_.join();
    if (task_.joinable()) task_.join();
    ::unlink(path_.c_str());
  }
  if (listening_ >= 0) ::close(listening_);
  if (waking_ >= 0) ::close(waking_);
}

void Control::serve() {
  for (;;) {
    std::array<pollfd, 2> wait = {pollfd{listening_, POLLIN, 0}, pollfd{waking_, POLLIN, 0}};
    if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return;
    if ((wait[1].revents & POLLIN) != 0) return;
    if ((wait[0].revents & POLLIN) == 0) continue;
    auto peer = std::make_unique<Descriptor>(::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
    if (peer->get() < 0 || !same_user(peer->get())) continue;
    try {
      answer(std::move(peer));
    } catch (const std::exception& e) {
      log::error("control.exception", Error{Code::internal, "internal", e.what(), {}, {}});
    }
  }
}

void Control::answer(std::unique_ptr<Descriptor> peer) {
  limit_writing(peer->get());
  const auto text = read_all(peer->get(), kMaxRequest, kPatience);
  if (!text) return;
  auto request = json::read_text<ControlRequest>(*text);
  if (!request) return send_answer(peer->get(), Unexpected(request.error()));
  if (const auto task = tasks_.find(request->operation); task != tasks_.end()) return begin(task->second, std::move(request->input), std::move(peer));
  send_answer(peer->get(), carry_out(*request));
}

void Control::begin(const Task& task, json::Value input, std::unique_ptr<Descriptor> peer) {
  if (task_runs_.exchange(true)) return send_answer(peer->get(), fail(Code::conflict, "control.busy", "another task runs"));
  if (task_.joinable()) task_.join();
  task_ = std::thread([this, &task, input = std::move(input), peer = std::move(peer)] {
    Result<json::Value> done;
    try {
      done = task(input);
    } catch (const std::exception& e) {
      done = fail(Code::internal, "internal", e.what());
    }
    task_runs_.store(false);
    send_answer(peer->get(), std::move(done));
  });
}

Result<json::Value> Control::carry_out(const ControlRequest& request) {
  if (request.operation.empty()) {
    json::Object failures;
    for (const auto& [matter, key] : state_()) failures[matter] = key;
    return json::Value(json::Object{{"failures", std::move(failures)}, {"version", SK_VERSION}});
  }
  const gate::Entry* const entry = engine_.registry().find(request.operation);
  if (entry == nullptr || !operations_.contains(request.operation)) return fail(Code::invalid_argument, "usage", "the server does not take this from a command");
  SK_TRY(gate::Body* const body, engine_.body(request.body));
  gate::Credential credential = gate::Operator{};
  if (request.user) credential = gate::LocalUser{*request.user};
  SystemClock clock;
  const auto sign = [&] { return body->writer->run([&](sql::Tx& tx, gate::LogTable& log) { return log.checkpoint(tx, clock.now(), true); }); };
  if (request.sign) SK_CHECK(sign());
  SK_TRY(json::Value out, engine_.gate().run(*entry, engine_.caller(*body, std::move(credential)), request.input));
  if (request.sign) SK_CHECK(sign());
  return out;
}

Result<json::Value> ask_server(const Config& config, const ControlRequest& request, std::chrono::seconds longest) {
  const Descriptor folder(::open(config.data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const Descriptor peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_in(folder.get());
  if (folder.get() < 0 || peer.get() < 0 || ::connect(peer.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return silent("no server answers in " + config.data_dir);
  limit_writing(peer.get());
  SK_CHECK(write_all(peer.get(), json::serialise(json::to_value(request))));
  SK_TRY(const std::string text, read_all(peer.get(), kMaxAnswer, longest));
  SK_TRY(AnswerText answer, json::read_text<AnswerText>(text));
  if (!answer.error) return std::move(answer.value);
  const ErrorText& e = *answer.error;
  const Code code = e.code >= 0 && e.code <= static_cast<int>(Code::internal) ? static_cast<Code>(e.code) : Code::internal;
  return fail(Error{code, e.key, e.detail, e.clause, e.who_can_permit});
}

}  // namespace sekisho::apps
