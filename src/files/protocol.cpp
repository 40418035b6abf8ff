#include "files/protocol.h"

#include "files/utf8.h"
#include "files/wire.h"

namespace sekisho::files {
namespace {

constexpr std::uint8_t kCells = 1;
constexpr std::uint8_t kLines = 2;

constexpr std::size_t kMaxKey = 64;
constexpr std::size_t kMaxDetail = 1024;

bool is_key(std::string_view key) {
  if (!key.starts_with("files.") || key.size() > kMaxKey) return false;
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.' || (c >= '0' && c <= '9'); });
}

// Details are ours, but a parser's message may have crept in: printable ASCII only.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMaxDetail));
  for (char& c : out) c = c >= 0x20 && c < 0x7F ? c : '?';
  return out;
}

}  // namespace

std::string encode_request_head(std::string_view name, const Options& options) {
  std::string out;
  Writer w(out);
  w.text(name.substr(name.size() > kMaxNameBytes ? name.size() - kMaxNameBytes : 0));
  w.text(std::string_view(options.encoding).substr(0, kMaxNameBytes / 2));
  w.u8(static_cast<std::uint8_t>((options.cells ? kCells : 0) | (options.lines ? kLines : 0)));
  return out;
}

Result<Request> decode_request(std::string_view frame) {
  Reader r(frame);
  Request out;
  out.name = r.text();
  out.options.encoding = r.text();
  const std::uint8_t options = r.u8();
  out.options.cells = (options & kCells) != 0;
  out.options.lines = (options & kLines) != 0;
  out.bytes = r.rest();
  if (r.failed()) return fail(Code::corrupt, "files.crashed", "malformed request");
  return out;
}

std::string encode_answer(const Result<Extracted>& result) {
  std::string out;
  Writer w(out);
  w.u8(result ? 0 : 1);
  if (result) {
    encode(*result, out);
  } else {
    w.u8(static_cast<std::uint8_t>(result.error().code));
    w.text(result.error().key);
    w.text(printable(result.error().detail));
  }
  return out;
}

Result<Extracted> decode_answer(std::string_view frame) {
  Reader r(frame);
  const std::uint8_t failed = r.u8();
  if (r.failed() || failed > 1) return fail(Code::corrupt, "files.crashed", "malformed answer");
  if (failed == 0) return decode_extracted(frame.substr(1));
  const std::uint8_t code = r.u8();
  const std::string_view key = r.text();
  const std::string_view detail = r.text();
  if (!r.finished() || code > static_cast<std::uint8_t>(Code::internal) || !is_key(key))
    return fail(Code::corrupt, "files.crashed", "malformed error");
  return fail(static_cast<Code>(code), std::string(key), printable(detail));
}

std::string answer_request(std::string_view frame) {
  try {
    const Result<Request> request = decode_request(frame);
    if (!request) return encode_answer(fail(request.error()));
    return encode_answer(extract_bytes(request->name, request->bytes, request->options));
  } catch (const std::bad_alloc&) {
    return encode_answer(fail(Code::too_large, "files.too_complex", "out of memory"));
  } catch (const std::exception&) {
    return encode_answer(fail(Code::internal, "files.crashed", "exception"));
  }
}

}  // namespace sekisho::files
