#include "net/asset.h"

namespace sekisho::net {

Asset Asset::make(std::string type, std::string tag, std::string cache_control, std::string identity, std::string gzip) {
  Asset out;
  out.type = std::move(type);
  out.etag = std::move(tag);
  out.cache_control = std::move(cache_control);
  out.identity = std::make_shared<const std::string>(std::move(identity));
  if (!gzip.empty()) out.gzip = std::make_shared<const std::string>(std::move(gzip));
  return out;
}

Response respond_with(const Asset& asset, const Request& request) {
  const bool compressed = asset.gzip && request.headers.lists("Accept-Encoding", "gzip");
  const std::string etag = "\"" + asset.etag + (compressed ? "-gzip\"" : "\"");
  Response out;
  out.headers.add("ETag", etag);
  out.headers.add("Cache-Control", asset.cache_control);
  if (asset.gzip) out.headers.add("Vary", "Accept-Encoding");
  if (request.headers.lists("If-None-Match", etag) || request.headers.lists("If-None-Match", "W/" + etag) ||
      request.headers.get("If-None-Match") == "*") {
    out.status = 304;
    return out;
  }
  out.headers.add("Content-Type", asset.type);
  out.headers.add("X-Content-Type-Options", "nosniff");
  if (compressed) out.headers.add("Content-Encoding", "gzip");
  out.shared_body = compressed ? asset.gzip : asset.identity;
  return out;
}

}  // namespace sekisho::net
