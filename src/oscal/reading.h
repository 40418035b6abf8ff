// Members of JSON objects with their pointers (RFC 6901), for readers of untrusted OSCAL files. Internal to the module. Views into the parsed value.
#pragma once
#include <string>
#include <string_view>

#include "json/json.h"

namespace sekisho::oscal {

// "pointer: expected", as oscal.invalid.
Unexpected invalid(const std::string& pointer, std::string_view expected);
bool is_uuid(std::string_view text);

class Object;

// A list of objects; a member that is absent is an empty one.
class List {
 public:
  List() = default;
  List(const json::Array& items, std::string pointer) : items_(&items), pointer_(std::move(pointer)) {}
  std::size_t size() const { return items_ == nullptr ? 0 : items_->size(); }
  std::string pointer(std::size_t i) const { return pointer_ + "/" + std::to_string(i); }
  Result<Object> object(std::size_t i) const;

 private:
  const json::Array* items_ = nullptr;
  std::string pointer_;
};

class Object {
 public:
  static Result<Object> at(const json::Value& value, std::string pointer);
  bool has(std::string_view name) const { return value_->contains(name); }
  const json::Object& value() const { return *value_; }
  const std::string& pointer() const { return pointer_; }
  std::string pointer(std::string_view member) const;
  // Absent and not `required`: empty. A required one is not empty.
  Result<std::string> text(std::string_view name, bool required) const;
  Result<Object> object(std::string_view name) const;  // required
  Result<List> list(std::string_view name) const;      // not empty where present (the schema's minItems)

 private:
  Object(const json::Object& value, std::string pointer) : value_(&value), pointer_(std::move(pointer)) {}
  const json::Object* value_;
  std::string pointer_;
};

}  // namespace sekisho::oscal
