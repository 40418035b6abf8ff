// Result<T>: a value or an Error. Never ignored ([[nodiscard]]); default-constructed it is an error, so a forgotten
// assignment cannot pass as success. Status is Result<void>. Reading the value of an error, or the error of a value, ends the program: it is a bug, and
// what lies there instead may look right.
//
//   SK_TRY(auto text, read_file(path));   // declares text, or returns the error to the caller
//   SK_CHECK(write_file(path, text));     // for Status
//   SK_CO_TRY(auto x, co_await f());      // the same inside a coroutine
#pragma once
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "core/error.h"

namespace sekisho {

using Unexpected = tl::unexpected<Error>;

[[noreturn, gnu::cold]] void result_misread(const char* what) noexcept;

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;

 public:
  using Base::Base;
  Result() : Base(tl::unexpect, Error{Code::internal, "internal", "result was never set", {}, {}}) {}
  Result(Base&& base) : Base(std::move(base)) {}

  T& operator*() & { return present(), Base::operator*(); }
  const T& operator*() const& { return present(), Base::operator*(); }
  T&& operator*() && { return present(), std::move(Base::operator*()); }
  T* operator->() { return present(), Base::operator->(); }
  const T* operator->() const { return present(), Base::operator->(); }
  Error& error() & { return absent(), Base::error(); }
  const Error& error() const& { return absent(), Base::error(); }
  Error&& error() && { return absent(), std::move(Base::error()); }

  Result context(std::string_view what) && {
    if (this->has_value()) return std::move(*this);
    return Result(tl::unexpect, std::move(this->error()).context(what));
  }

 private:
  void present() const {
    if (!this->has_value()) [[unlikely]] result_misread(Base::error().key.c_str());
  }
  void absent() const {
    if (this->has_value()) [[unlikely]] result_misread("no error");
  }
};

template <>
class [[nodiscard]] Result<void> : public tl::expected<void, Error> {
  using Base = tl::expected<void, Error>;

 public:
  using Base::Base;
  Result() : Base(tl::unexpect, Error{Code::internal, "internal", "result was never set", {}, {}}) {}
  static Result ok() { return Result(tl::in_place_t{}, 0); }

  Error& error() & { return absent(), Base::error(); }
  const Error& error() const& { return absent(), Base::error(); }
  Error&& error() && { return absent(), std::move(Base::error()); }

  Result context(std::string_view what) && {
    if (has_value()) return std::move(*this);
    return Result(tl::unexpect, std::move(error()).context(what));
  }

 private:
  Result(tl::in_place_t, int) : Base() {}
  void absent() const {
    if (has_value()) [[unlikely]] result_misread("no error");
  }
};

using Status = Result<void>;

inline Status ok() { return Status::ok(); }

inline Unexpected fail(Code code, std::string key, std::string detail = {}) {
  return Unexpected(Error{code, std::move(key), std::move(detail), {}, {}});
}
inline Unexpected fail(Error error) { return Unexpected(std::move(error)); }

}  // namespace sekisho

#define SK_CONCAT_(a, b) a##b
#define SK_CONCAT(a, b) SK_CONCAT_(a, b)
#define SK_TRY_(tmp, decl, expr, ret)                              \
  auto tmp = (expr);                                               \
  if (!tmp.has_value()) ret ::sekisho::Unexpected(std::move(tmp.error())); \
  decl = std::move(*tmp)
#define SK_TRY(decl, ...) SK_TRY_(SK_CONCAT(sk_try_, __COUNTER__), decl, (__VA_ARGS__), return)
#define SK_CO_TRY(decl, ...) SK_TRY_(SK_CONCAT(sk_try_, __COUNTER__), decl, (__VA_ARGS__), co_return)
#define SK_CHECK_(tmp, expr, ret) \
  if (auto tmp = (expr); !tmp.has_value()) ret ::sekisho::Unexpected(std::move(tmp.error()))
#define SK_CHECK(...) SK_CHECK_(SK_CONCAT(sk_check_, __COUNTER__), (__VA_ARGS__), return)
#define SK_CO_CHECK(...) SK_CHECK_(SK_CONCAT(sk_check_, __COUNTER__), (__VA_ARGS__), co_return)
