#include "apps/arguments.h"

namespace sekisho::apps {

Result<Arguments> Arguments::parse(const std::vector<std::string>& words, const std::set<std::string>& with_value, const std::set<std::string>& flags) {
  Arguments out;
  bool options = true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!options || !word.starts_with("--")) {
      out.rest_.push_back(word);
      continue;
    }
    if (word == "--") {
      options = false;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (flags.contains(name) && equals == std::string::npos) {
      out.flags_.insert(name);
    } else if (with_value.contains(name)) {
      if (equals != std::string::npos) {
        out.values_[name].push_back(word.substr(equals + 1));
      } else {
        if (i + 1 >= words.size()) return fail(Code::invalid_argument, "usage", "--" + name + " には値が要ります");
        out.values_[name].push_back(words[++i]);
      }
    } else {
      return fail(Code::invalid_argument, "usage", "知らない指定です: --" + name);
    }
  }
  return out;
}

std::string Arguments::value(const std::string& name, std::string otherwise) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::move(otherwise) : it->second.back();
}

const std::vector<std::string>& Arguments::values(const std::string& name) const {
  static const std::vector<std::string> none;
  const auto it = values_.find(name);
  return it == values_.end() ? none : it->second;
}

Result<std::string> Arguments::need(const std::string& name) const {
  const auto it = values_.find(name);
  if (it == values_.end()) return fail(Code::invalid_argument, "usage", "--" + name + " が要ります");
  return it->second.back();
}

}  // namespace sekisho::apps
