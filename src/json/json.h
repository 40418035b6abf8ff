// JSON for described structs: strict reader, writer, schema. A struct named with BOOST_DESCRIBE_STRUCT needs nothing else.
//
// Strict: unknown members, missing members, wrong types, numbers out of range, duplicate names, depth over 32 and trailing text are
// refused with the place ("$.files[3].name"). std::optional members may be absent or null; nothing else has a default.
// Types: bool, int, int64, uint32, double, std::string (valid UTF-8), Id<Tag>, Timestamp (RFC 3339), Secret (read, never written),
// described enums (by name), std::vector, std::map<string,T>, std::optional, described structs, Value. Pure; no shared state.
#pragma once
#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/id.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"

namespace sekisho::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;

Result<Value> parse(std::string_view text);
std::string serialise(const Value& value);
// RFC 8785: members sorted by UTF-16 code units, numbers as ECMAScript prints them.
std::string canonical(const Value& value);

Result<Timestamp> parse_rfc3339(std::string_view text);
Unexpected wrong(const std::string& path, std::string_view expected);

template <class T>
Status from_value(const Value& value, T& out, const std::string& path);
template <class T>
Value to_value(const T& in);
template <class T>
Value schema_of(Object& components);

namespace detail {

template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class T>
Status read_integer(const Value& value, T& out, const std::string& path) {
  if (value.is_int64()) {
    const std::int64_t v = value.get_int64();
    if constexpr (std::is_unsigned_v<T>) {
      if (v < 0 || static_cast<std::uint64_t>(v) > std::numeric_limits<T>::max()) return wrong(path, "integer in range");
    } else {
      if (v < std::numeric_limits<T>::min() || v > std::numeric_limits<T>::max()) return wrong(path, "integer in range");
    }
    out = static_cast<T>(v);
    return ok();
  }
  return wrong(path, "integer");
}

template <class T>
Status read_enum(const Value& value, T& out, const std::string& path) {
  if (!value.is_string()) return wrong(path, "string");
  bool found = false;
  const std::string_view text = value.get_string();
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) {
    if (text == d.name) {
      out = d.value;
      found = true;
    }
  });
  if (!found) return wrong(path, "one of the known names");
  return ok();
}

template <class T>
Status read_struct(const Value& value, T& out, const std::string& path) {
  if (!value.is_object()) return wrong(path, "object");
  const Object& object = value.get_object();
  Status status = ok();
  std::size_t used = 0;
  boost::mp11::mp_for_each<Members<T>>([&](auto d) {
    if (!status) return;
    using M = std::remove_cvref_t<decltype(out.*d.pointer)>;
    const auto it = object.find(d.name);
    if (it == object.end()) {
      if constexpr (!IsOptional<M>::value) status = wrong(path + "." + d.name, "member to be present");
      return;
    }
    ++used;
    status = from_value(it->value(), out.*d.pointer, path + "." + d.name);
  });
  SK_CHECK(std::move(status));
  if (used == object.size()) return ok();
  for (const auto& member : object) {
    bool known = false;
    boost::mp11::mp_for_each<Members<T>>([&](auto d) { known = known || member.key() == d.name; });
    if (!known) return wrong(path + "." + std::string(member.key()), "no such member");
  }
  return ok();
}

template <class T>
Value struct_schema(Object& components) {
  Object properties;
  Array required;
  boost::mp11::mp_for_each<Members<T>>([&](auto d) {
    using M = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
    properties[d.name] = schema_of<M>(components);
    if constexpr (!IsOptional<M>::value) required.emplace_back(d.name);
  });
  Object out{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = std::move(required);
  return out;
}

}  // namespace detail

template <class T>
Status from_value(const Value& value, T& out, const std::string& path) {
  if constexpr (std::is_same_v<T, Value>) {
    out = value;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_bool()) return wrong(path, "true or false");
    out = value.get_bool();
  } else if constexpr (std::is_integral_v<T>) {
    return detail::read_integer(value, out, path);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!value.is_number()) return wrong(path, "number");
    out = value.to_number<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!value.is_string()) return wrong(path, "string");
    out = std::string(std::string_view(value.get_string()));
  } else if constexpr (std::is_same_v<T, Secret>) {
    if (!value.is_string()) return wrong(path, "string");
    out = Secret(std::string(std::string_view(value.get_string())));
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    if (!value.is_string()) return wrong(path, "time as in RFC 3339");
    auto at = parse_rfc3339(value.get_string());
    if (!at) return wrong(path, "time as in RFC 3339");
    out = *at;
  } else if constexpr (detail::IsId<T>::value) {
    if (!value.is_string()) return wrong(path, "identifier");
    auto id = T::parse(value.get_string());
    if (!id) return wrong(path, "identifier");
    out = std::move(*id);
  } else if constexpr (std::is_enum_v<T>) {
    return detail::read_enum(value, out, path);
  } else if constexpr (detail::IsOptional<T>::value) {
    if (value.is_null()) {
      out.reset();
    } else {
      out.emplace();
      return from_value(value, *out, path);
    }
  } else if constexpr (detail::IsVector<T>::value) {
    if (!value.is_array()) return wrong(path, "array");
    out.clear();
    for (const Value& item : value.get_array()) {
      out.emplace_back();
      SK_CHECK(from_value(item, out.back(), path + "[" + std::to_string(out.size() - 1) + "]"));
    }
  } else if constexpr (detail::IsMap<T>::value) {
    if (!value.is_object()) return wrong(path, "object");
    for (const auto& member : value.get_object()) SK_CHECK(from_value(member.value(), out[std::string(member.key())], path + "." + std::string(member.key())));
  } else {
    return detail::read_struct(value, out, path);
  }
  return ok();
}

template <class T>
Value to_value(const T& in) {
  if constexpr (std::is_same_v<T, Value>) {
    return in;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return Value(std::string_view(in));
  } else if constexpr (std::is_arithmetic_v<T>) {
    return Value(in);
  } else if constexpr (std::is_same_v<T, Secret>) {
    return Value(nullptr);
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return Value(to_rfc3339(in));
  } else if constexpr (detail::IsId<T>::value) {
    return Value(in.str());
  } else if constexpr (std::is_enum_v<T>) {
    return Value(boost::describe::enum_to_string(in, ""));
  } else if constexpr (detail::IsOptional<T>::value) {
    return in ? to_value(*in) : Value(nullptr);
  } else if constexpr (detail::IsVector<T>::value) {
    Array out;
    out.reserve(in.size());
    for (const auto& item : in) out.push_back(to_value(item));
    return out;
  } else if constexpr (detail::IsMap<T>::value) {
    Object out;
    for (const auto& [key, item] : in) out[key] = to_value(item);
    return out;
  } else {
    Object out;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto d) { out[d.name] = to_value(in.*d.pointer); });
    return out;
  }
}

// JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it) of T. Named structs go to `components` once and are referred to.
template <class T>
Value schema_of(Object& components) {
  if constexpr (std::is_same_v<T, Value>) return Object{};
  else if constexpr (std::is_same_v<T, bool>) return Object{{"type", "boolean"}};
  else if constexpr (std::is_integral_v<T>) return Object{{"type", "integer"}};
  else if constexpr (std::is_floating_point_v<T>) return Object{{"type", "number"}};
  else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Secret>) return Object{{"type", "string"}};
  else if constexpr (std::is_same_v<T, Timestamp>) return Object{{"type", "string"}, {"format", "date-time"}};
  else if constexpr (detail::IsId<T>::value) return Object{{"type", "string"}, {"pattern", "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}};
  else if constexpr (std::is_enum_v<T>) {
    Array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto d) { names.emplace_back(d.name); });
    return Object{{"type", "string"}, {"enum", std::move(names)}};
  } else if constexpr (detail::IsOptional<T>::value) {
    return Object{{"anyOf", Array{schema_of<typename T::value_type>(components), Object{{"type", "null"}}}}};
  } else if constexpr (detail::IsVector<T>::value) {
    return Object{{"type", "array"}, {"items", schema_of<typename T::value_type>(components)}};
  } else if constexpr (detail::IsMap<T>::value) {
    return Object{{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>(components)}};
  } else if constexpr (requires { T::kSchemaName; }) {
    if (components.find(T::kSchemaName) == components.end()) {
      components[T::kSchemaName] = Object{};  // breaks the circle of a type that holds itself
      Value schema = detail::struct_schema<T>(components);
      components[T::kSchemaName] = std::move(schema);
    }
    return Object{{"$ref", std::string("#/components/schemas/") + T::kSchemaName}};
  } else {
    return detail::struct_schema<T>(components);
  }
}

template <class T>
Result<T> read(const Value& value) {
  T out{};
  SK_CHECK(from_value(value, out, "$"));
  return out;
}
template <class T>
Result<T> read_text(std::string_view text) {
  SK_TRY(const Value value, parse(text));
  return read<T>(value);
}
template <class T>
std::string write(const T& in) {
  return serialise(to_value(in));
}

}  // namespace sekisho::json
