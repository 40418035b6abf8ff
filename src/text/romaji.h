// Kana in Latin letters, Hepburn, without marks for long vowels: タチバナ -> tachibana, ジロウ -> jirou, ケンイチ -> kenichi, ちょうせい -> chousei.
// What is not kana is left out. Pure.
#pragma once
#include <string>
#include <string_view>

namespace sekisho::text {

std::string romanise(std::string_view kana);
// As people also type it: long vowels short (jiro), and the official spelling (si, ti, tu, hu, zi). Empty where nothing differs.
std::string short_vowels(std::string_view latin);
std::string official_spelling(std::string_view latin);

}  // namespace sekisho::text
