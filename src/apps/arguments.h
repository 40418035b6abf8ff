// The command line: options "--name value" or "--name=value", flags, and what is left. Unknown options are a usage error.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/result.h"

namespace sekisho::apps {

class Arguments {
 public:
  // `with_value` may be given more than once; `flags` take none.
  static Result<Arguments> parse(const std::vector<std::string>& words, const std::set<std::string>& with_value, const std::set<std::string>& flags);

  bool flag(const std::string& name) const { return flags_.contains(name); }
  std::string value(const std::string& name, std::string otherwise = {}) const;
  const std::vector<std::string>& values(const std::string& name) const;
  bool has(const std::string& name) const { return values_.contains(name); }
  // The value of an option that must be there.
  Result<std::string> need(const std::string& name) const;
  const std::vector<std::string>& rest() const { return rest_; }

 private:
  std::map<std::string, std::vector<std::string>> values_;
  std::set<std::string> flags_;
  std::vector<std::string> rest_;
};

}  // namespace sekisho::apps
