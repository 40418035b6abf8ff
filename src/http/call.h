// One request on its way through the site.
#pragma once
#include "http/site.h"

namespace sekisho::http {

struct Site::Call {
  net::Request& request;
  net::Responder& responder;
  const Route* route = nullptr;
  gate::Caller caller;
  json::Value input;
};

// Member of the input object as text, or empty.
inline std::string text_member(const json::Value& input, std::string_view name) {
  if (!input.is_object()) return {};
  const auto* value = input.get_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : std::string();
}

}  // namespace sekisho::http
