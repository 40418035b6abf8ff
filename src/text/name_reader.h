// How a name is read, in Latin letters: 橘 健一 -> "tachibana", "kenichi", "tachibanakenichi", each also with short vowels and in the official
// spelling. What a person's password must not be made of (features/accounts) is found with it.
//
// Threads: immutable; read() may be called from several. Failures: create() says which dictionary is missing.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::text {

class NameReader {
 public:
  // The folder of a compiled MeCab IPADIC in UTF-8.
  static Result<std::unique_ptr<const NameReader>> create(const std::string& dictionary);
  ~NameReader();
  NameReader(const NameReader&) = delete;
  NameReader& operator=(const NameReader&) = delete;

  std::vector<std::string> read(std::string_view utf8) const;

 private:
  struct Shared;
  explicit NameReader(std::unique_ptr<Shared> shared);
  std::unique_ptr<Shared> shared_;
};

}  // namespace sekisho::text
