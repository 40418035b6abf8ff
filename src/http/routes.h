// The one list of routes: method, path and the operation behind it. Path parameters ({id}) and query parameters become members of the
// operation's input, beside the JSON body. `special` routes have a handler of their own in site.cpp (cookies, streams, files).
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::http {

enum class Special { none, login, login_turn, logout, ask, read_stream, stop_stream, export_message, upload_file, upload_events, document_content, endpoint_test, draft, bodies, stop_set };

struct Route {
  std::string_view method;
  std::string_view path;
  std::string_view operation;  // of the registry; for special routes the one that the record names
  Special special = Special::none;
};

std::span<const Route> routes();

struct Match {
  const Route* route = nullptr;
  std::vector<std::pair<std::string, std::string>> parameters;
  bool path_known = false;  // some method is served here
};
Match match(std::string_view method, std::string_view path);

}  // namespace sekisho::http
