#include "text/name_reader.h"

#include "text/normalise.h"
#include "text/romaji.h"
#include "text/segmenter.h"
#include "text/utf8.h"

namespace sekisho::text {

std::vector<std::string> read_name(const Dictionary& dictionary, std::string_view utf8) {
  std::vector<std::string> out;
  std::string whole;
  const auto add = [&out](const std::string& latin) {
    const std::string shorter = short_vowels(latin);
    for (const std::string& spelling : {latin, shorter, official_spelling(latin), official_spelling(shorter)})
      if (!spelling.empty()) out.push_back(spelling);
  };
  Normalised normal;
  normalise(utf8, normal);
  Segmenter segmenter(dictionary);
  for (const Morpheme& word : segmenter.cut(normal.text)) {
    std::string surface;
    append_utf8(surface, std::u32string_view(normal.text).substr(word.begin, word.end - word.begin));
    const std::string_view reading = feature_field(word.feature, 7);
    const std::string latin = romanise(reading.empty() || reading == "*" ? surface : reading);
    add(latin);
    whole += latin;
  }
  add(whole);
  return out;
}

}  // namespace sekisho::text
