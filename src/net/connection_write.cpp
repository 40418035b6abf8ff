// The writing half of Connection: heads, chunk framing, events, and getting bytes out without waiting where possible.
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "core/log.h"
#include "core/time.h"
#include "net/connection.h"

namespace sekisho::net::detail {
namespace {

constexpr std::size_t kSlice = 256 * 1024;        // written under one deadline
constexpr std::size_t kInline = 16 * 1024;        // bodies up to this leave in one buffer with their head
constexpr std::size_t kMaxBacklog = 1024 * 1024;  // a handler that never drains
constexpr std::size_t kKeptBuffer = 8 * 1024;
constexpr std::string_view kFrameStart = "00000000\r\n";  // the size is patched in; leading zeros are legal (RFC 9112 section 7.1)

Unexpected client_gone_error() { return fail(Code::cancelled, "http.client_gone", "the client left"); }

bool framing_field(std::string_view name) {
  return iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding") || iequals(name, "Connection") || iequals(name, "Date");
}

void append_data_lines(std::string& out, std::string_view data) {
  // Most data is one line of JSON; a search for either letter would look at every byte by a call.
  const bool one_line = data.find('\n') == std::string_view::npos && data.find('\r') == std::string_view::npos;
  for (;;) {
    const std::size_t end = one_line ? std::string_view::npos : data.find_first_of("\r\n");
    out += "data: ";
    out += data.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos) return;
    data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

}  // namespace

const std::string& Connection::date() {
  const std::int64_t second = SystemClock().now().micros / 1'000'000;
  if (second != shard_.date_second) {
    shard_.date_second = second;
    const std::time_t t = second;
    std::tm parts{};
    gmtime_r(&t, &parts);
    constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 64> text;
    const int n = std::snprintf(
        text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d GMT", kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
        kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    shard_.date.assign(text.data(), static_cast<std::size_t>(n));
  }
  return shard_.date;
}

Status Connection::append_head(int status, const Headers& headers, std::string_view framing) {
  for (const auto& field : headers.fields())
    if (!valid_field(field.name, field.value))
      return fail(Code::internal, "http.bad_header", "a handler's header cannot be written: " + field.name);
  if (stop_soon_ || shard_.stopping) keep_alive_ = false;
  out_ += "HTTP/1.1 ";
  out_ += std::to_string(status);
  out_ += ' ';
  out_ += reason_phrase(status);
  out_ += "\r\nDate: ";
  out_ += date();
  for (const auto& field : headers.fields()) {
    if (framing_field(field.name)) continue;
    out_ += "\r\n";
    out_ += field.name;
    out_ += ": ";
    out_ += field.value;
  }
  out_ += framing;
  if (!keep_alive_) out_ += "\r\nConnection: close";
  else if (http10_) out_ += "\r\nConnection: keep-alive";
  out_ += "\r\n\r\n";
  return ok();
}

Task<Status> Connection::send(Response response) {
  if (started_) co_return fail(Code::internal, "http.already_answered", "a second answer to one request");
  if (broken_) co_return client_gone_error();
  // A body that was not read has to be discarded with the connection.
  if (response.close || (parser_ != nullptr && !parser_->body_done())) keep_alive_ = false;
  const bool bodiless = response.status == 204 || response.status == 304;
  const std::string_view content = response.content();
  const std::string framing = bodiless ? std::string() : "\r\nContent-Length: " + std::to_string(content.size());
  SK_CO_CHECK(append_head(response.status, response.headers, framing));
  started_ = finished_ = true;
  const std::string_view body = bodiless || is_head_ ? std::string_view() : content;
  if (body.size() <= kInline) {
    out_ += body;
    SK_CO_CHECK(flush());
    co_return co_await drain();
  }
  SK_CO_CHECK(co_await drain());
  for (std::size_t at = 0; at < body.size(); at += kSlice) {
    const std::size_t n = std::min(kSlice, body.size() - at);
    deadline_ = std::chrono::steady_clock::now() + config_.options.limits.write_time;
    const ErrorCode code = co_await transport_->write(body.data() + at, n, nullptr, 0);
    deadline_ = TimePoint::max();
    if (code) co_return write_failed(code);
  }
  co_return ok();
}

Status Connection::start_stream(int status, Headers headers, bool sse, HeadTiming timing) {
  if (started_) return fail(Code::internal, "http.already_answered", "a second answer to one request");
  if (broken_) return client_gone_error();
  if (http10_ || (parser_ != nullptr && !parser_->body_done())) keep_alive_ = false;
  chunked_ = !http10_;
  SK_CHECK(append_head(status, headers, chunked_ ? "\r\nTransfer-Encoding: chunked" : ""));
  started_ = streaming_ = true;
  sse_ = sse;
  if (sse_ && (parser_ == nullptr || parser_->body_done())) start_read();
  if (timing == HeadTiming::now) return flush();
  return ok();
}

void Connection::open_frame() {
  frame_at_ = out_.size();
  if (chunked_) out_ += kFrameStart;
}

void Connection::close_frame() {
  if (is_head_) {
    out_.resize(frame_at_);
    return;
  }
  if (!chunked_) return;
  constexpr char kDigits[] = "0123456789abcdef";
  std::size_t size = out_.size() - frame_at_ - kFrameStart.size();
  for (std::size_t i = 8; i-- > 0; size >>= 4) out_[frame_at_ + i] = kDigits[size & 15];
  out_ += "\r\n";
}

Status Connection::put_event(std::string_view name, std::uint64_t id, std::string_view data) {
  if (gone_ || broken_) return client_gone_error();
  if (!streaming_ || finished_) return fail(Code::internal, "http.not_streaming", "no stream is open");
  open_frame();
  if (id != 0) {
    std::array<char, 32> digits;
    const int n = std::snprintf(digits.data(), digits.size(), "id: %llu\n", static_cast<unsigned long long>(id));
    out_.append(digits.data(), static_cast<std::size_t>(n));
  }
  if (!name.empty()) {
    out_ += "event: ";
    out_ += name;
    out_ += '\n';
  }
  append_data_lines(out_, data);
  out_ += '\n';
  close_frame();
  return flush();
}

Status Connection::put(std::string_view bytes) {
  if (gone_ || broken_) return client_gone_error();
  if (!streaming_ || finished_) return fail(Code::internal, "http.not_streaming", "no stream is open");
  if (bytes.empty()) return ok();  // an empty chunk would end the answer
  open_frame();
  out_ += bytes;
  close_frame();
  return flush();
}

Status Connection::flush() {
  if (writing_)
    return out_.size() > kMaxBacklog ? fail(Code::unavailable, "http.backlog", "the stream is written but never drained") : ok();
  ErrorCode code;
  if (out_sent_ < out_.size()) out_sent_ += transport_->try_write(out_.data() + out_sent_, out_.size() - out_sent_, code);
  last_write_ = std::chrono::steady_clock::now();
  if (code) return write_failed(code);
  if (out_sent_ == out_.size()) {
    out_.clear();
    out_sent_ = 0;
  } else if (out_.size() - out_sent_ > kMaxBacklog + kSlice) {
    return fail(Code::unavailable, "http.backlog", "the stream is written but never drained");
  }
  return ok();
}

Task<Status> Connection::drain() {
  for (;;) {
    if (broken_) co_return client_gone_error();
    if (writing_) {  // a heartbeat that met a slow client
      co_await write_event_.wait();
      continue;
    }
    if (out_sent_ == out_.size()) {
      out_.clear();
      out_sent_ = 0;
      co_return ok();
    }
    writing_ = true;
    sending_.swap(out_);
    out_.clear();
    std::size_t at = std::exchange(out_sent_, 0);
    ErrorCode code;
    while (!code && at < sending_.size()) {
      const std::size_t n = std::min(kSlice, sending_.size() - at);
      deadline_ = std::chrono::steady_clock::now() + config_.options.limits.write_time;
      code = co_await transport_->write(sending_.data() + at, n, nullptr, 0);
      at += n;
    }
    deadline_ = TimePoint::max();
    last_write_ = std::chrono::steady_clock::now();
    sending_.clear();
    if (sending_.capacity() > kKeptBuffer) sending_ = std::string();
    writing_ = false;
    write_event_.set();
    if (code) co_return write_failed(code);
  }
}

Task<Status> Connection::finish(std::string_view last) {
  if (gone_ || broken_) co_return client_gone_error();
  if (!streaming_ || finished_) co_return fail(Code::internal, "http.not_streaming", "no stream is open");
  if (!last.empty()) {
    open_frame();
    out_ += last;
    close_frame();
  }
  if (chunked_ && !is_head_) out_ += "0\r\n\r\n";
  finished_ = true;
  SK_CO_CHECK(flush());
  co_return co_await drain();
}

Status Connection::write_failed(const ErrorCode& code) {
  cut();
  return fail(Code::cancelled, "http.client_gone", code.message());
}

}  // namespace sekisho::net::detail
