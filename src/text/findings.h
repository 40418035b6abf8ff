// What the detectors find in a text. Values. Ranges are code points of the text that was looked at.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::text {

enum class FindingKind : std::uint8_t {
  my_number,         // 個人番号, 12 digits with a check digit
  corporate_number,  // 法人番号, 13 digits with a check digit
  credit_card,
  bank_account,
  driving_licence,
  passport,
  insurance_number,  // 保険者番号, 被保険者番号, 基礎年金番号
  residence_card,
  phone,
  email,
  address,
  postal_code,
  birth_date,
  person_name,
  ng_word,  // a word of the body's own list
};

inline constexpr std::array<std::string_view, 15> kFindingKinds = {
    "my_number", "corporate_number", "credit_card", "bank_account", "driving_licence", "passport",    "insurance_number", "residence_card",
    "phone",     "email",            "address",     "postal_code",  "birth_date",      "person_name", "ng_word"};

constexpr std::string_view name_of(FindingKind kind) { return kFindingKinds[static_cast<std::size_t>(kind)]; }
std::optional<FindingKind> kind_of(std::string_view name);

struct Finding {
  FindingKind kind{};
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  int confidence = 0;  // percent: 90 and more: the form alone tells; below 50: it may well be something else
  std::string masked;  // the text with its letters and digits covered: 090-●●●●-●●●●
  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace sekisho::text
