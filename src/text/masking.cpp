#include "text/masking.h"

#include <algorithm>

#include "text/normalise.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::string_view kOpen = "〔";
constexpr std::string_view kClose = "〕";
constexpr std::size_t kLongestPlaceholder = 48;  // bytes; 〔, a word of the table below, a number, 〕

std::string_view word_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::my_number: return "個人番号";
    case FindingKind::corporate_number: return "法人番号";
    case FindingKind::credit_card: return "カード";
    case FindingKind::bank_account: return "口座";
    case FindingKind::driving_licence: return "免許証";
    case FindingKind::passport: return "旅券";
    case FindingKind::insurance_number: return "保険番号";
    case FindingKind::residence_card: return "在留カード";
    case FindingKind::phone: return "電話";
    case FindingKind::email: return "メール";
    case FindingKind::address: return "住所";
    case FindingKind::postal_code: return "郵便番号";
    case FindingKind::birth_date: return "生年月日";
    case FindingKind::person_name: return "個人";
    case FindingKind::ng_word: return "語";
  }
  return "語";
}

// The bytes at the end of `text` that may be the beginning of `what`.
std::size_t partial_suffix(std::string_view text, std::string_view what) {
  for (std::size_t n = std::min(text.size(), what.size() - 1); n > 0; --n)
    if (what.starts_with(text.substr(text.size() - n))) return n;
  return 0;
}

}  // namespace

Restorer::Restorer(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {
  for (const auto& [placeholder, value] : values_) longest_ = std::max(longest_, placeholder.size());
}

std::string Restorer::take(std::string_view piece) {
  if (values_.empty()) return std::string(piece);
  held_.append(piece);
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = held_.find(kOpen, at);
    if (open == std::string::npos) {
      const std::size_t keep = partial_suffix(std::string_view(held_).substr(at), kOpen);
      out.append(held_, at, held_.size() - keep - at);
      at = held_.size() - keep;
      break;
    }
    out.append(held_, at, open - at);
    at = open;
    const std::string_view rest = std::string_view(held_).substr(open);
    const std::size_t close = rest.substr(0, longest_).find(kClose);
    if (close != std::string_view::npos) {
      if (const auto known = values_.find(rest.substr(0, close + kClose.size())); known != values_.end()) {
        out += known->second;
        at += known->first.size();
        continue;
      }
    }
    const auto next = values_.lower_bound(rest);
    if (close == std::string_view::npos && next != values_.end() && std::string_view(next->first).starts_with(rest)) break;  // the rest may still come
    out += kOpen;
    at += kOpen.size();
  }
  held_.erase(0, at);
  return out;
}

std::string Restorer::end() { return std::exchange(held_, {}); }

void Masker::reserve(std::string_view text) {
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at + kOpen.size())) {
    const std::size_t close = text.substr(at, kLongestPlaceholder).find(kClose);
    if (close != std::string_view::npos) reserved_.emplace(text.substr(at, close + kClose.size()));
  }
}

std::string Masker::placeholder(FindingKind kind, const std::string& value) {
  const auto key = std::pair(kind, value);
  if (const auto it = given_.find(key); it != given_.end()) return it->second;
  std::string out;
  do {
    out = std::string(kOpen) + std::string(word_of(kind)) + std::to_string(++last_[kind]) + std::string(kClose);
  } while (reserved_.contains(out));
  values_.emplace(out, value);
  given_.emplace(key, out);
  return out;
}

std::string Masker::mask(std::string_view text, const std::vector<Finding>& findings) {
  std::string out;
  std::size_t byte = 0;
  std::uint32_t point = 0;
  for (const Finding& f : findings) {
    if (f.begin < point) continue;
    const std::size_t begin = byte + byte_offset(text.substr(byte), f.begin - point);
    const std::size_t end = begin + byte_offset(text.substr(begin), f.end - f.begin);
    out.append(text.substr(byte, begin - byte));
    out += placeholder(f.kind, std::string(text.substr(begin, end - begin)));
    byte = end;
    point = f.end;
  }
  out.append(text.substr(byte));
  return out;
}

}  // namespace sekisho::text
