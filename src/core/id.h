// Id<Tag>: an identifier that cannot be confused with another kind's. The text is a ULID (26 characters of Crockford base32,
// 48 bits of milliseconds, 80 random bits), so ids sort by creation; it carries no meaning and is safe in URLs.
// The random bits are an argument (crypto::random_bytes at run time), which keeps this module pure.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace sekisho {

// entropy: exactly 10 bytes.
std::string make_ulid(Timestamp at, std::string_view entropy);
bool is_ulid(std::string_view text);

template <class Tag>
class Id {
 public:
  Id() = default;
  static Id make(Timestamp at, std::string_view entropy) { return Id(make_ulid(at, entropy)); }
  static Result<Id> parse(std::string_view text) {
    if (!is_ulid(text)) return fail(Code::not_found, "id.unknown", "not an identifier");
    return Id(std::string(text));
  }
  // For text that this program stored itself.
  static Id trusted(std::string text) { return Id(std::move(text)); }

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sekisho

template <class Tag>
struct std::hash<sekisho::Id<Tag>> {
  std::size_t operator()(const sekisho::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
