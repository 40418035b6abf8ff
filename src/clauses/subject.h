// Sentences of a clause, who acts in them, and on what. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "clauses/meaning.h"

namespace sekisho::clauses {

// Without the full stop; what stands in brackets stays inside its sentence, brackets at the end are left out.
std::vector<std::string> sentences_of(std::string_view text);
// 「…の基準（以下「基準」という。）」 -> 「…の基準」
std::string without_tail_brackets(std::string_view text);
// The last thing that something is done to: 「…情報資産を適正に管理しなければならない」 -> 情報資産. Empty: none.
std::string object_of(std::string_view sentence);

class Subjects {
 public:
  // Besides `actors`, what the document itself introduces as another word for one of them: 最高情報セキュリティ責任者（以下「CISO」という。）
  Subjects(const std::vector<ActorWord>& actors, const Document& document);
  // Who acts: codes, or the document's own words for somebody unknown, separated by ","; empty: the sentences name nobody.
  // The sentence at `first` is read before the others.
  std::string find(const std::vector<std::string>& sentences, std::size_t first) const;
  // Whom a heading is about: 「職員等の遵守事項」.
  std::string in_title(std::string_view title) const;

 private:
  const ActorWord* ends_in(std::string_view text) const;
  std::string before(std::string_view text) const;
  std::string in_sentence(std::string_view sentence) const;
  std::vector<ActorWord> words_;  // longest first
};

}  // namespace sekisho::clauses
