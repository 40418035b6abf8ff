#include "workflow/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "text/utf8.h"

namespace sekisho::workflow {
namespace {

struct Refused {  // leaves yaml-cpp's parser; never this file
  int line;
  const char* text;
};

// Builds the tree from the parser's events, so that limits hold before anything is built.
class Builder : public YAML::EventHandler {
 public:
  Node take() { return std::move(root_); }
  bool empty() const { return nodes_ == 0; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, anchor, Node::Kind::null); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { throw Refused{mark.line + 1, "別名（*）は使えません"}; }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    if (tag != "?" && tag != "!" && !tag.empty()) throw Refused{mark.line + 1, "タグ（!）は使えません"};
    const bool quoted = tag == "!";
    if (expects_key()) return key(mark, value);
    Node& node = add(mark, anchor, !quoted && (value.empty() || value == "~" || value == "null") ? Node::Kind::null : Node::Kind::scalar);
    node.quoted = quoted;
    node.text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override { begin(mark, tag, anchor, Node::Kind::sequence); }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override { begin(mark, tag, anchor, Node::Kind::map); }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Open {
    Node* node;
    bool key_next;
  };
  bool expects_key() const { return !open_.empty() && open_.back().node->kind == Node::Kind::map && open_.back().key_next; }

  void key(const YAML::Mark& mark, const std::string& value) {
    Open& top = open_.back();
    if (value.empty() || value == "<<") throw Refused{mark.line + 1, "この名前の項目は使えません"};
    if (top.node->find(value) != nullptr) throw Refused{mark.line + 1, "同じ名前の項目が2つあります"};
    top.node->members.emplace_back(value, Node());
    top.node->members.back().second.line = mark.line + 1;
    top.key_next = false;
  }

  Node& add(const YAML::Mark& mark, YAML::anchor_t anchor, Node::Kind kind) {
    if (anchor != 0) throw Refused{mark.line + 1, "目印（&）は使えません"};
    if (++nodes_ > kMaxNodes) throw Refused{mark.line + 1, "項目が多すぎます"};
    Node* node = &root_;
    if (!open_.empty()) {
      Open& top = open_.back();
      if (top.node->kind == Node::Kind::sequence) {
        node = &top.node->items.emplace_back();
      } else {
        if (top.key_next) throw Refused{mark.line + 1, "項目の名前は文字で書いてください"};
        node = &top.node->members.back().second;
        top.key_next = true;
      }
    }
    node->kind = kind;
    node->line = mark.line + 1;
    return *node;
  }

  void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    if (tag != "?" && !tag.empty()) throw Refused{mark.line + 1, "タグ（!）は使えません"};
    if (static_cast<int>(open_.size()) >= kMaxDepth) throw Refused{mark.line + 1, "入れ子が深すぎます"};
    // Members and items grow only while they are the innermost, so the pointers of those outside stay good.
    open_.push_back({&add(mark, anchor, kind), true});
  }

  Node root_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

}  // namespace

Node* Node::find(std::string_view key) {
  for (auto& [name, node] : members)
    if (name == key) return &node;
  return nullptr;
}
const Node* Node::find(std::string_view key) const { return const_cast<Node*>(this)->find(key); }

std::optional<Node> parse_yaml(std::string_view text, std::vector<Finding>& findings) {
  const auto refuse = [&](int line, std::string why) {
    findings.push_back({line, "$", std::move(why)});
    return std::optional<Node>();
  };
  if (text.size() > kMaxBytes) return refuse(1, "大きすぎます（256KBまで）");
  if (!text::is_valid_utf8(text)) return refuse(1, "UTF-8ではありません");
  if (text.find('\0') != std::string_view::npos) return refuse(1, "使えない文字があります");
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    Builder builder;
    if (!parser.HandleNextDocument(builder) || builder.empty()) return refuse(1, "何も書かれていません");
    Node root = builder.take();
    Builder second;
    if (parser.HandleNextDocument(second) && !second.empty()) return refuse(root.line, "1つのファイルに書けるのは1つの定義です");
    return root;
  } catch (const Refused& refused) {
    return refuse(refused.line, refused.text);
  } catch (const YAML::Exception& e) {
    return refuse(e.mark.line >= 0 ? e.mark.line + 1 : 1, "YAMLとして読めません: " + e.msg);
  }
}

}  // namespace sekisho::workflow
