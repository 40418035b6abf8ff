#include "http/static_files.h"

#include <zlib.h>

#include <array>
#include <filesystem>

#include "core/bytes.h"
#include "crypto/hash.h"

namespace sekisho::http {
namespace {

struct MediaType {
  std::string_view extension;
  std::string_view type;
  bool compress;
};
constexpr std::array kTypes = {
    MediaType{".html", "text/html; charset=utf-8", true},   MediaType{".js", "text/javascript; charset=utf-8", true},
    MediaType{".css", "text/css; charset=utf-8", true},     MediaType{".svg", "image/svg+xml", true},
    MediaType{".json", "application/json", true},           MediaType{".woff2", "font/woff2", false},
    MediaType{".png", "image/png", false},                  MediaType{".ico", "image/x-icon", false},
    MediaType{".txt", "text/plain; charset=utf-8", true},
};

constexpr std::size_t kMaxFile = 32u << 20;
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

std::string compressed(const std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return done ? out : std::string();
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  StaticFiles out;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    const std::string extension = entry.path().extension().string();
    const auto* type = std::find_if(kTypes.begin(), kTypes.end(), [&](const MediaType& t) { return t.extension == extension; });
    if (type == kTypes.end()) continue;
    SK_TRY(std::string bytes, read_file(entry.path().string(), kMaxFile));
    const std::string name = "/" + std::filesystem::relative(entry.path(), folder).generic_string();
    File file{std::string(type->type), to_hex(crypto::sha256(bytes)).substr(0, 32), name.starts_with("/assets/"), nullptr, nullptr};
    if (type->compress)
      if (std::string small = compressed(bytes); !small.empty() && small.size() < bytes.size()) file.gzip = std::make_shared<const std::string>(std::move(small));
    file.plain = std::make_shared<const std::string>(std::move(bytes));
    out.files_.emplace(name, std::move(file));
  }
  return out;
}

net::Response StaticFiles::serve(const net::Request& request) const {
  auto it = files_.find(request.path);
  // A missing asset is missing; every other path is a screen of the client.
  if (it == files_.end() && !request.path.starts_with("/assets/")) it = files_.find("/index.html");
  if (it == files_.end()) return net::Response::text(404, "text/plain; charset=utf-8", "見つかりません。\n");
  const File& file = it->second;
  const bool compressed_form = file.gzip && request.headers.lists("Accept-Encoding", "gzip");
  // The two forms are different representations: each has its own tag (RFC 9110 section 8.8.3).
  const std::string etag = "\"" + file.etag + (compressed_form ? "-gzip\"" : "\"");
  net::Response out;
  out.headers.set("ETag", etag);
  out.headers.set("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  out.headers.set("Vary", "Accept-Encoding");
  if (request.headers.lists("If-None-Match", etag) || request.headers.lists("If-None-Match", "W/" + etag)) {
    out.status = 304;
    return out;
  }
  out.headers.set("Content-Type", file.type);
  if (compressed_form) {
    out.headers.set("Content-Encoding", "gzip");
    out.shared_body = file.gzip;
  } else {
    out.shared_body = file.plain;
  }
  return out;
}

void add_security_headers(net::Response& response) {
  response.headers.set("Content-Security-Policy", kPolicy);
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace sekisho::http
