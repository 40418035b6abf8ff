#include "oscal/reading.h"

namespace sekisho::oscal {

Unexpected invalid(const std::string& pointer, std::string_view expected) {
  return fail(Code::invalid_argument, "oscal.invalid", (pointer.empty() ? "/" : pointer) + ": " + std::string(expected));
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return false;
  }
  return true;
}

Result<Object> List::object(std::size_t i) const { return Object::at((*items_)[i], pointer(i)); }

Result<Object> Object::at(const json::Value& value, std::string pointer) {
  if (!value.is_object()) return invalid(pointer, "オブジェクトが必要です");
  return Object(value.get_object(), std::move(pointer));
}

std::string Object::pointer(std::string_view member) const {
  std::string out = pointer_ + "/";
  for (const char c : member) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

Result<std::string> Object::text(std::string_view name, bool required) const {
  const json::Value* const value = value_->if_contains(name);
  if (value == nullptr) {
    if (required) return invalid(pointer(name), "必要な要素がありません");
    return std::string();
  }
  if (!value->is_string()) return invalid(pointer(name), "文字列が必要です");
  std::string out(std::string_view(value->get_string()));
  if (required && out.empty()) return invalid(pointer(name), "空です");
  return out;
}

Result<Object> Object::object(std::string_view name) const {
  const json::Value* const value = value_->if_contains(name);
  if (value == nullptr) return invalid(pointer(name), "必要な要素がありません");
  return at(*value, pointer(name));
}

Result<List> Object::list(std::string_view name) const {
  const json::Value* const value = value_->if_contains(name);
  if (value == nullptr) return List();
  if (!value->is_array()) return invalid(pointer(name), "配列が必要です");
  if (value->get_array().empty()) return invalid(pointer(name), "空の配列です");
  return List(value->get_array(), pointer(name));
}

}  // namespace sekisho::oscal
