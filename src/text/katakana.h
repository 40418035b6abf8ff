// One form for the spellings of foreign words, for documents and questions alike: コンピューター = コンピュータ, ヴァイオリン = バイオリン,
// ウィルス = ウイルス, メイン = メーン, インターフェース = インタフェース, ペルシャ = ペルシヤ, ダイアモンド = ダイヤモンド. Pure. The form itself is no spelling to show.
// Words of one or two letters and words that are not in katakana are left as they are.
#pragma once
#include <string>
#include <string_view>

namespace sekisho::text {

bool starts_katakana(std::string_view utf8);
std::string canonical_katakana(std::string_view utf8);

}  // namespace sekisho::text
