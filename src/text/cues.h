// Cues: the words round a number or a name that say what it is (電話, 口座番号, 様). Found in one pass, asked by position. Pure.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sekisho::text {

enum class Cue : std::uint8_t {
  my_number,
  other_number,  // 伝票番号, 事業番号 ...: what follows is the number of something else
  card,
  bank,           // 銀行, 支店 ...
  account,        // 口座番号
  account_type,   // 普通, 当座
  post_bank,      // ゆうちょ
  account_mark,   // 記号
  phone,
  licence,
  passport,
  insurance,
  pension,
  residence_card,
  birth,        // 生年月日
  born,         // 日生, 生まれ: behind a date
  name_label,   // 氏名
  role_label,   // 申請者: a name may follow
  kana_label,   // フリガナ
  honorific,    // 様
  prefecture,
  address_label,
  block,  // 丁目, 番地, 番
  postal,
  count_
};

struct CueHit {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

class Cues {
 public:
  explicit Cues(std::u32string_view normalised_text);
  const std::vector<CueHit>& of(Cue cue) const { return hits_[static_cast<std::size_t>(cue)]; }
  // The cue ends at most `distance` code points before `at`; gives its distance, or -1.
  int before(Cue cue, std::uint32_t at, std::uint32_t distance) const;
  // The cue starts within [at, at + distance).
  bool after(Cue cue, std::uint32_t at, std::uint32_t distance) const;

 private:
  std::array<std::vector<CueHit>, static_cast<std::size_t>(Cue::count_)> hits_;
};

}  // namespace sekisho::text
