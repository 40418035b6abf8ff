// From the tree of a file to a Definition: leave out what the body has not, put in its terms, bring every alternative into one shape, read strictly.
#include "workflow/definition.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace sekisho::workflow {
namespace {

template <class T>
const T* find_key(const std::vector<T>& items, std::string_view key) {
  const auto it = std::find_if(items.begin(), items.end(), [&](const T& t) { return t.key == key; });
  return it == items.end() ? nullptr : &*it;
}

// Members whose own members are named by the author, not by the format.
bool free_names(std::string_view member) { return member == "set" || member == "copy" || member == "with" || member == "where"; }

// ---- what the body has not

class Switches {
 public:
  Switches(const Organisation& organisation, std::vector<Finding>& findings) : organisation_(organisation), findings_(findings) {}

  // false: this node is not there for the body. Removes `when` where it holds.
  bool keep(Node& node) {
    if (node.kind == Node::Kind::sequence) std::erase_if(node.items, [&](Node& item) { return !keep(item); });
    if (node.kind != Node::Kind::map) return true;
    if (const Node* const when = node.find("when")) {
      const bool here = holds(*when);
      std::erase_if(node.members, [](const auto& m) { return m.first == "when"; });
      if (!here) {
        forget(node);
        return false;
      }
    }
    for (auto& [name, member] : node.members)
      if (!free_names(name)) keep_member(member);
    return true;
  }

  // What refers to something that is gone goes too; what is left without a place to stand is gone then.
  void prune(Node& root) {
    for (int round = 0; round < 10 && !gone_.empty(); ++round) {
      collect(root, "");
      for (const std::string& key : there_) gone_.erase(key);
      const std::size_t before = gone_.size();
      cut(root, "");
      if (gone_.size() == before) return;
      there_.clear();
    }
  }

 private:
  void keep_member(Node& member) {
    if (!keep(member)) member = Node();
  }
  bool holds(const Node& when) {
    for (const auto& [name, list] : when.members) {
      if (name != "has" && name != "lacks") {
        findings_.push_back({list.line, "$.when." + name, "when には has と lacks を書きます"});
        continue;
      }
      for (const Node& item : list.items) {
        const auto has = organisation_.has(item.text);
        if (!has) findings_.push_back({item.line, "$.when", "「" + item.text + "」という切替えはありません"});
        if (has && *has != (name == "has")) return false;
      }
    }
    return true;
  }
  void forget(const Node& node) {
    if (const Node* const key = node.find("key")) gone_.insert(key->text);
  }
  void collect(const Node& node, std::string_view) {
    if (const Node* const key = node.find("key")) there_.insert(key->text);
    for (const Node& item : node.items) collect(item, "");
    for (const auto& [name, member] : node.members)
      if (!free_names(name)) collect(member, name);
  }

  static bool names_list(std::string_view member) {
    static const std::set<std::string_view> kLists = {"from", "live_in", "required", "ask", "columns", "filters", "fields", "subject", "hidden_from", "state", "done", "in"};
    return kLists.contains(member);
  }
  static bool names_one(std::string_view member) {
    static const std::set<std::string_view> kOnes = {"to", "field", "region", "passed", "transition", "reference", "department", "assigned", "detail", "not", "outside", "person", "move", "match"};
    return kOnes.contains(member);
  }
  bool gone(const std::string& text) const {
    if (text == "@" || text.empty()) return false;
    const std::size_t colon = text.find(':');
    return gone_.contains(colon == std::string::npos ? text : text.substr(colon + 1));
  }
  // true: this node has lost what it was about.
  bool cut(Node& node, std::string_view name) {
    if (node.kind == Node::Kind::sequence) {
      const bool names = names_list(name);
      const std::size_t before = node.items.size();
      std::erase_if(node.items, [&](Node& item) {
        if (item.kind == Node::Kind::scalar) return names && gone(item.text);
        if (!cut(item, "")) return false;
        forget(item);
        return true;
      });
      return before > 0 && node.items.empty();
    }
    for (auto it = node.members.begin(); it != node.members.end();) {
      auto& [member, value] = *it;
      if (free_names(member)) {
        ++it;
        continue;
      }
      if (value.kind == Node::Kind::scalar && names_one(member) && gone(value.text)) return true;
      if (value.kind != Node::Kind::scalar && value.kind != Node::Kind::null && cut(value, member)) {
        // What an entry cannot be without takes the entry with it; the rest just goes.
        static const std::set<std::string_view> kVital = {"from", "live_in", "that", "not", "all", "any", "state", "in", "subject", "to", "by"};
        if (kVital.contains(member)) return true;
        it = node.members.erase(it);
        continue;
      }
      ++it;
    }
    return false;
  }

  const Organisation& organisation_;
  std::vector<Finding>& findings_;
  std::set<std::string> gone_, there_;
};

// ---- one shape

Node map_of(std::string key, Node value) {
  Node out;
  out.kind = Node::Kind::map;
  out.line = value.line;
  out.members.emplace_back(std::move(key), std::move(value));
  return out;
}

void wrap(Node& node, const char* scalar_as, const char* sequence_as) {
  if (node.kind == Node::Kind::scalar && scalar_as != nullptr) node = map_of(scalar_as, std::move(node));
  else if (node.kind == Node::Kind::sequence && sequence_as != nullptr) node = map_of(sequence_as, std::move(node));
}

// `list`: the member whose sequence this map is an entry of.
void normalise(Node& node, std::string_view list) {
  for (auto& [name, member] : node.members) {
    if (free_names(name)) continue;
    if (name == "clauses")
      for (Node& item : member.items) wrap(item, "ref", nullptr);
    if (name == "required" && list == "fields") wrap(member, "always", "states");
    if (name == "every" && list == "duties") wrap(member, "period", nullptr);
    if (name == "for") {
      name = "each";
      if (list == "duties") wrap(member, "scope", nullptr);
    } else if (name == "if") {
      name = "only_if";
    } else if (name == "not" && list == "separate") {
      name = "other_than";
    } else if (name == "not") {
      name = "negate";
      Node one;
      one.kind = Node::Kind::sequence;
      one.line = member.line;
      one.items.push_back(std::move(member));
      member = std::move(one);
    } else if (name == "joint" && member.text == "all") {
      member.text = "0";
    }
    if (member.kind == Node::Kind::map) normalise(member, "");
    for (Node& item : member.items) normalise(item, name);
  }
}

// ---- values

bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos;
}
bool is_decimal(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && is_integer(text.substr(0, dot)) && is_integer(text.substr(dot + 1)) && text[dot + 1] != '-';
}

class Values {
 public:
  Values(const Organisation& organisation, std::map<std::string, int>& lines, std::vector<Finding>& findings) : organisation_(organisation), lines_(lines), findings_(findings) {}

  json::Value value(const Node& node, const std::string& path) {
    lines_[path] = node.line;
    switch (node.kind) {
      case Node::Kind::null: return nullptr;
      case Node::Kind::sequence: {
        json::Array out;
        for (std::size_t i = 0; i < node.items.size(); ++i) out.push_back(value(node.items[i], path + "[" + std::to_string(i) + "]"));
        return out;
      }
      case Node::Kind::map: {
        json::Object out;
        for (const auto& [name, member] : node.members) out[name] = value(member, path + "." + name);
        return out;
      }
      case Node::Kind::scalar: break;
    }
    if (node.quoted) return json::Value(worded(node, path));
    if (node.text == "true" || node.text == "false") return json::Value(node.text == "true");
    if (is_integer(node.text)) return json::Value(static_cast<std::int64_t>(std::stoll(node.text)));
    if (is_decimal(node.text)) return json::Value(std::stod(node.text));
    return json::Value(worded(node, path));
  }

 private:
  // A term of the body's, or ({post:head}) what it calls the role behind a post.
  std::optional<std::string> term_of(const std::string& key) const {
    if (key.starts_with("post:")) {
      const auto post = organisation_.posts.find(key.substr(5));
      const RoleTrait* const role = post == organisation_.posts.end() ? nullptr : organisation_.role(post->second);
      return role == nullptr ? std::nullopt : std::optional(role->name);
    }
    const auto term = organisation_.terms.find(key);
    return term == organisation_.terms.end() ? std::nullopt : std::optional(term->second);
  }
  // The body's own terms in place of {keys}; what only the case knows stays.
  std::string worded(const Node& node, const std::string& path) {
    static const std::set<std::string_view> kOfCase = {"number", "subject", "state"};
    std::string out;
    std::size_t at = 0;
    for (;;) {
      const std::size_t open = node.text.find('{', at);
      if (open == std::string::npos) return out + node.text.substr(at);
      const std::size_t close = node.text.find('}', open);
      out += node.text.substr(at, open - at);
      if (close == std::string::npos) return out + node.text.substr(open);
      const std::string key = node.text.substr(open + 1, close - open - 1);
      const std::optional<std::string> term = term_of(key);
      out += term ? *term : node.text.substr(open, close - open + 1);
      if (!term && !kOfCase.contains(key)) findings_.push_back({node.line, path, "{" + key + "} という用語はありません"});
      at = close + 1;
    }
  }

  const Organisation& organisation_;
  std::map<std::string, int>& lines_;
  std::vector<Finding>& findings_;
};

std::string in_words(const std::string& detail) {
  static const std::pair<const char*, const char*> kWords[] = {
      {"no such member", "この項目はありません"}, {"expected member to be present", "項目がありません"}, {"member to be present", "項目がありません"}, {"one of the known names", "決められた言葉のどれかで書いてください"},
      {"true or false", "true か false で書いてください"}, {"integer", "整数で書いてください"}, {"number", "数で書いてください"}, {"string", "文字で書いてください（数に見えるものは \"\" で囲む）"},
      {"object", "{項目: 値} の形で書いてください"}, {"array", "並び（[…] か - の行）で書いてください"}};
  for (const auto& [english, japanese] : kWords)
    if (detail.find(english) != std::string::npos) return japanese;
  return detail;
}

// The reader's detail begins with the path: "$.fields[3].type: …".
std::string path_in(const std::string& detail) {
  const std::size_t begin = detail.find('$');
  if (begin == std::string::npos) return "$";
  return detail.substr(begin, detail.find_first_of(": ", begin) - begin);
}

}  // namespace

int line_of(const std::map<std::string, int>& lines, std::string_view path) {
  std::string at(path);
  for (;;) {
    if (const auto it = lines.find(at); it != lines.end()) return it->second;
    const std::size_t cut = at.find_last_of(".[");
    if (cut == std::string::npos) return 1;
    at.resize(cut);
  }
}

Loaded read_definition(std::string_view yaml, const Organisation& organisation, std::map<std::string, int>& lines) {
  Loaded out;
  std::optional<Node> root = parse_yaml(yaml, out.findings);
  if (!root) return out;
  Switches switches(organisation, out.findings);
  out.absent = !switches.keep(*root);
  if (out.absent) return out;
  switches.prune(*root);
  normalise(*root, "");
  const json::Value value = Values(organisation, lines, out.findings).value(*root, "$");
  Definition definition;
  if (const Status read = json::from_value(value, definition, "$"); !read) {
    const std::string path = path_in(read.error().detail);
    out.findings.push_back({line_of(lines, path), path, path + ": " + in_words(read.error().detail)});
    return out;
  }
  out.definition = std::move(definition);
  return out;
}

Loaded load(std::string_view yaml, const Organisation& organisation, const Names& names) {
  std::map<std::string, int> lines;
  Loaded out = read_definition(yaml, organisation, lines);
  if (!out.definition) return out;
  check(*out.definition, organisation, names, lines, out.findings);
  if (out.findings.empty()) check_machine(*out.definition, lines, out.findings);
  if (!out.findings.empty()) out.definition.reset();
  std::stable_sort(out.findings.begin(), out.findings.end(), [](const Finding& a, const Finding& b) { return a.line < b.line; });
  return out;
}

const State* find_state(const std::vector<State>& states, std::string_view key) { return find_key(states, key); }
const Field* Definition::field(std::string_view key) const { return find_key(fields, key); }
const State* Definition::state(std::string_view key) const { return find_key(states, key); }
const Region* Definition::region(std::string_view key) const { return regions ? find_key(*regions, key) : nullptr; }
const std::string& Definition::first_state() const { return open.state ? *open.state : states.front().key; }

const Transition* Definition::transition(std::string_view key, const Region** region) const {
  if (region != nullptr) *region = nullptr;
  if (const Transition* const own = find_key(transitions, key)) return own;
  if (!regions) return nullptr;
  for (const Region& r : *regions)
    if (const Transition* const found = find_key(r.transitions, key)) {
      if (region != nullptr) *region = &r;
      return found;
    }
  return nullptr;
}

std::vector<const Field*> Definition::indexed() const {
  std::vector<const Field*> out;
  for (const Field& f : fields)
    if (f.index.value_or(false)) out.push_back(&f);
  return out;
}

}  // namespace sekisho::workflow
