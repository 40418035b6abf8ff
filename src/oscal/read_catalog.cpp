// Reads a catalog, ours or another's. What is ours says so in its metadata and is taken exactly; of another's, groups become structure, controls
// clauses, statements their text, and everything else an item or a loss that is listed.
#include <algorithm>
#include <map>
#include <set>

#include "clauses/refs.h"
#include "json/deep.h"
#include "oscal/catalog.h"
#include "oscal/forms.h"
#include "oscal/reading.h"
#include "oscal/words.h"
#include "text/utf8.h"

namespace sekisho::oscal {
namespace {

constexpr std::size_t kJsonDepth = 2 * kMaxDepth + 16;
constexpr std::size_t kMaxLosses = 100;

using clauses::Clause;
using clauses::Kind;

struct Props {
  std::map<std::string, std::string> own;  // of our namespace
  std::string label;
};

class CatalogReader {
 public:
  Result<Read> read(const json::Value& root) {
    SK_TRY(const Object all, Object::at(root, ""));
    SK_TRY(const json::Value* const value, catalog_of(all));
    SK_TRY(const Object catalog, Object::at(*value, "/catalog"));
    SK_TRY(const std::string uuid, catalog.text("uuid", true));
    if (!is_uuid(uuid)) return invalid("/catalog/uuid", "UUIDが必要です");
    SK_CHECK(metadata(catalog));
    SK_CHECK(params(catalog));
    SK_CHECK(children(catalog, clauses::kNoParent, 0));
    SK_CHECK(back_matter(catalog));
    unknown(catalog, {"uuid", "metadata", "params", "groups", "controls", "back-matter"});
    if (out_.policy.document.clauses.empty()) return invalid("/catalog", "groups か controls が必要です");
    if (out_.ours) put_in_order();
    clauses::give_refs(out_.policy.document);
    if (out_.ours) compare_refs();
    return std::move(out_);
  }

 private:
  static Result<const json::Value*> catalog_of(const Object& all) {
    for (const auto& member : all.value()) {
      if (member.key() == "catalog") return &member.value();
      for (const char* other : {"profile", "component-definition", "system-security-plan", "assessment-plan", "assessment-results", "plan-of-action-and-milestones", "mapping-collection"})
        if (member.key() == other) return fail(Code::invalid_argument, "oscal.model", "/" + std::string(other));
    }
    return invalid("", "catalog が必要です");
  }

  void lose(const char* kind, const std::string& pointer) {
    const auto it = std::find_if(out_.losses.begin(), out_.losses.end(), [&](const Loss& loss) { return loss.kind == kind; });
    if (it != out_.losses.end()) ++it->count;
    else if (out_.losses.size() < kMaxLosses) out_.losses.push_back({kind, 1, pointer});
  }

  void unknown(const Object& object, std::initializer_list<std::string_view> known) {
    for (const auto& member : object.value())
      if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) lose("unknown", object.pointer(member.key()));
  }

  // For members that have no place here.
  Status left_out(const Object& object, const char* name, const char* kind) {
    SK_TRY(const auto list, object.list(name));
    if (list.size() > 0) lose(kind, list.pointer(0));
    return ok();
  }

  Result<Props> props(const Object& object) {
    Props out;
    bool plain_label = false;
    SK_TRY(const List list, object.list("props"));
    for (std::size_t i = 0; i < list.size(); ++i) {
      SK_TRY(const Object prop, list.object(i));
      SK_TRY(const std::string name, prop.text("name", true));
      SK_TRY(const std::string value, prop.text("value", true));
      SK_TRY(const std::string space, prop.text("ns", false));
      SK_TRY(const std::string sort, prop.text("class", false));
      if (!is_token(name)) return invalid(prop.pointer("name"), "トークンが必要です");
      unknown(prop, {"name", "value", "ns", "class", "uuid", "group", "remarks"});
      if (space == kNamespace) {
        const auto text = prop_text(value, sort);
        if (!text) return invalid(prop.pointer("value"), "%と16進2桁の並びが正しくありません");
        if (!out.own.emplace(name, *text).second) return invalid(prop.pointer("name"), "同じ名前のpropが二つあります");
        if (name == "label") out.label = *text;
      } else if (name == "label" && (space.empty() || space == kOscalNamespace)) {
        // One without a class is the control's own; others are forms of it for machines.
        if (out.label.empty() || (!plain_label && sort.empty())) out.label = value;
        plain_label = plain_label || sort.empty();
      } else {
        lose("props", prop.pointer("name"));
      }
    }
    return out;
  }

  Status metadata(const Object& catalog) {
    SK_TRY(const Object data, catalog.object("metadata"));
    SK_TRY(const std::string title, data.text("title", true));
    SK_TRY(const std::string modified, data.text("last-modified", true));
    SK_TRY(out_.policy.version, data.text("version", true));
    SK_TRY(const std::string format, data.text("oscal-version", true));
    const auto at = json::parse_rfc3339(modified);
    if (!at) return invalid(data.pointer("last-modified"), "RFC 3339の日時が必要です");
    if (!format.starts_with("1.")) return invalid(data.pointer("oscal-version"), "OSCALの版は 1.x です");
    if (!is_plain_string(out_.policy.version)) return invalid(data.pointer("version"), "前後に空白のない一行の文字列が必要です");
    out_.policy.modified = *at;
    SK_TRY(const List list, data.list("props"));
    for (std::size_t i = 0; i < list.size(); ++i) {
      SK_TRY(const Object prop, list.object(i));
      SK_TRY(const std::string name, prop.text("name", true));
      SK_TRY(const std::string space, prop.text("ns", false));
      SK_TRY(const std::string value, prop.text("value", true));
      if (space == kNamespace && name == "format") out_.ours = value == "1";
    }
    SK_TRY(const Props own, props(data));
    const auto exact = own.own.find("title");
    out_.policy.document.title = own.own.contains("no-title") ? std::string() : exact != own.own.end() ? exact->second : unmarked(title);
    if (!out_.ours) {
      unknown(data, {"title", "last-modified", "version", "oscal-version", "props", "roles", "parties"});
      SK_CHECK(left_out(data, "roles", "roles"));
      SK_CHECK(left_out(data, "parties", "roles"));
    }
    return ok();
  }

  Status params(const Object& object) {
    SK_TRY(const List list, object.list("params"));
    for (std::size_t i = 0; i < list.size(); ++i) {
      SK_TRY(const Object param, list.object(i));
      SK_TRY(const std::string id, param.text("id", true));
      SK_TRY(const std::string label, param.text("label", false));
      params_[id] = "［" + (label.empty() ? id : unmarked(label)) + "］";
      lose("params", param.pointer());
    }
    return ok();
  }

  // "{{ insert: param, ac-1_prm_1 }}" becomes the parameter's label.
  std::string prose_text(std::string_view prose) const {
    if (out_.ours) return unmarked(prose);
    std::string out;
    for (std::size_t at = 0;;) {
      const std::size_t open = prose.find("{{", at);
      const std::size_t close = open == std::string_view::npos ? open : prose.find("}}", open);
      if (close == std::string_view::npos) return out + unmarked(prose.substr(at));
      out += unmarked(prose.substr(at, open - at));
      std::string_view name = prose.substr(open + 2, close - open - 2);
      name = name.substr(std::min(name.size(), name.rfind(',') + 1));
      const std::size_t first = name.find_first_not_of(' ');
      const std::string id(first == std::string_view::npos ? "" : name.substr(first, name.find_last_not_of(' ') - first + 1));
      const auto known = params_.find(id);
      out += known == params_.end() ? std::string(prose.substr(open, close + 2 - open)) : known->second;
      at = close + 2;
    }
  }

  Status children(const Object& object, int parent, std::size_t depth) {
    for (const auto& [name, form] : {std::pair("groups", Form::group), std::pair("controls", Form::control)}) {
      SK_TRY(const List list, object.list(name));
      for (std::size_t i = 0; i < list.size(); ++i) {
        SK_TRY(const Object child, list.object(i));
        SK_CHECK(node(child, form, parent, depth + 1));
      }
    }
    return ok();
  }

  Result<std::string> identity(const Object& object, Form form) {
    SK_TRY(const std::string id, object.text("id", form == Form::control));
    if (id.empty()) return id;
    if (!is_token(id)) return invalid(object.pointer("id"), "トークンが必要です");
    if (!seen_.insert(id).second) return invalid(object.pointer("id"), "同じidが二つあります");
    return id;
  }

  Result<Kind> kind_of(const Object& object, Form form, const Props& told) {
    SK_TRY(const std::string sort, object.text("class", false));
    if (out_.ours) {
      const auto it = std::find(kKinds.begin(), kKinds.end(), sort);
      if (it == kKinds.end()) return invalid(object.pointer("class"), "条文の種類が必要です");
      return static_cast<Kind>(it - kKinds.begin());
    }
    if (!sort.empty()) lose("class", object.pointer("class"));
    if (form == Form::part) return told.label.empty() ? Kind::item : Kind::clause;
    return form == Form::group ? Kind::structure : Kind::clause;
  }

  static Result<std::uint32_t> number(const Object& object, const Props& told, const char* name, std::uint32_t otherwise) {
    const auto it = told.own.find(name);
    if (it == told.own.end()) return otherwise;
    const std::string& text = it->second;
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) return invalid(object.pointer("props"), std::string(name) + " は数です");
    return static_cast<std::uint32_t>(std::stoul(text));
  }

  static std::optional<Meaning> meaning_of(const Props& told) {
    const auto text = [&](const char* name) { return told.own.contains(name) ? told.own.at(name) : std::string(); };
    const std::string state = text("meaning");
    if (state.empty()) return std::nullopt;
    return Meaning{text("modality"), text("actor"), text("object"), text("means"), text("capability"), state};
  }

  // As another's control is cited: AC-2(1) under AC-2 is (1).
  std::string foreign_label(Form form, const Props& told, const std::string& id, const std::string& title, int parent) const {
    std::string label = !told.label.empty() ? told.label : !id.empty() && form != Form::part ? id : title;
    if (parent == clauses::kNoParent) return label;
    const std::string& above = out_.policy.document.clauses[static_cast<std::size_t>(parent)].label;
    return !above.empty() && label.size() > above.size() && label.starts_with(above) ? label.substr(above.size()) : label;
  }

  Status node(const Object& object, Form form, int parent, std::size_t depth) {
    if (depth > kMaxDepth) return fail(Code::invalid_argument, "oscal.too_deep", object.pointer());
    if (out_.policy.document.clauses.size() >= kMaxNodes) return fail(Code::too_large, "oscal.too_many", object.pointer());
    SK_TRY(const std::string id, identity(object, form));
    SK_TRY(const std::string name, object.text("name", form == Form::part));
    SK_TRY(const std::string line, object.text("title", form != Form::part));
    SK_TRY(const Props told, props(object));
    const std::string title = unmarked(line);
    Clause clause;
    clause.parent = parent;
    SK_TRY(clause.kind, kind_of(object, form, told));
    SK_TRY(clause.part, number(object, told, "part", 1));
    SK_TRY(clause.line, number(object, told, "line", 0));
    SK_TRY(clause.page, number(object, told, "page", 0));
    SK_TRY(const std::uint32_t position, number(object, told, "position", static_cast<std::uint32_t>(kMaxNodes)));
    clause.title = told.own.contains("title") ? told.own.at("title") : told.own.contains("title-from") ? std::string() : title;
    clause.label = out_.ours ? told.label : foreign_label(form, told, id, title.empty() ? name : title, parent);
    clause.printed = told.own.contains("printed-label") ? told.own.at("printed-label") : told.own.contains("not-printed") ? std::string() : clause.label;
    const int place = static_cast<int>(out_.policy.document.clauses.size());
    out_.policy.document.clauses.push_back(std::move(clause));
    out_.policy.ids.push_back(out_.ours && id.starts_with("c-") ? id.substr(2) : "");
    out_.policy.raws.emplace_back();
    out_.policy.meanings.push_back(meaning_of(told));
    positions_.push_back(position);
    refs_.push_back(told.own.contains("ref") ? told.own.at("ref") : std::string());
    SK_CHECK(params(object));
    SK_CHECK(left_out(object, "links", "links"));
    if (form == Form::part) {
      SK_TRY(const std::string prose, object.text("prose", false));
      out_.policy.document.clauses.back().text = prose_text(prose);
    }
    SK_CHECK(parts(object, place, depth));
    if (form != Form::part) SK_CHECK(children(object, place, depth));
    unknown(object, {"id", "name", "ns", "class", "title", "props", "params", "links", "parts", "prose", "groups", "controls"});
    return ok();
  }

  Status parts(const Object& object, int place, std::size_t depth) {
    SK_TRY(const List list, object.list("parts"));
    for (std::size_t i = 0; i < list.size(); ++i) {
      SK_TRY(const Object part, list.object(i));
      SK_TRY(const std::string name, part.text("name", true));
      SK_TRY(const std::string space, part.text("ns", false));
      if (!is_token(name)) return invalid(part.pointer("name"), "トークンが必要です");
      const bool ours = out_.ours && space == kNamespace;
      if (ours && name == "source") {
        SK_TRY(const std::string prose, part.text("prose", true));
        out_.policy.raws[static_cast<std::size_t>(place)] = unmarked(prose);
      } else if (!ours && (name == "statement" || name == "overview")) {
        SK_CHECK(statement(part, place, depth));
      } else {
        if (!ours) lose("parts", part.pointer());
        SK_CHECK(node(part, Form::part, place, depth + 1));
      }
    }
    return ok();
  }

  Status statement(const Object& part, int place, std::size_t depth) {
    if (depth > kMaxDepth) return fail(Code::invalid_argument, "oscal.too_deep", part.pointer());
    SK_TRY(const std::string id, identity(part, Form::part));
    SK_TRY(const std::string prose, part.text("prose", false));
    std::string& text = out_.policy.document.clauses[static_cast<std::size_t>(place)].text;
    text += (text.empty() ? "" : "\n") + prose_text(prose);
    SK_CHECK(left_out(part, "links", "links"));
    SK_TRY(const List nested, part.list("parts"));
    for (std::size_t i = 0; i < nested.size(); ++i) {
      SK_TRY(const Object child, nested.object(i));
      SK_CHECK(node(child, Form::part, place, depth + 1));
    }
    unknown(part, {"id", "name", "ns", "class", "title", "props", "links", "parts", "prose"});
    return ok();
  }

  Status back_matter(const Object& catalog) {
    if (!catalog.has("back-matter")) return ok();
    SK_TRY(const Object matter, catalog.object("back-matter"));
    SK_TRY(const List resources, matter.list("resources"));
    for (std::size_t i = 0; i < resources.size(); ++i) {
      SK_TRY(const Object resource, resources.object(i));
      SK_TRY(const std::string uuid, resource.text("uuid", true));
      if (!is_uuid(uuid)) return invalid(resource.pointer("uuid"), "UUIDが必要です");
      if (!out_.ours || i > 0) {
        lose("back-matter", resource.pointer());
        continue;
      }
      SK_TRY(const Props told, props(resource));
      if (told.own.contains("file-name")) out_.policy.file_name = told.own.at("file-name");
      SK_TRY(const List links, resource.list("rlinks"));
      if (links.size() == 0) continue;
      SK_TRY(const Object link, links.object(0));
      SK_TRY(const List hashes, link.list("hashes"));
      if (hashes.size() == 0) continue;
      SK_TRY(const Object hash, hashes.object(0));
      SK_TRY(out_.policy.sha256, hash.text("value", true));
      if (out_.policy.sha256.size() != 64 || out_.policy.sha256.find_first_not_of("0123456789abcdef") != std::string::npos) return invalid(hash.pointer("value"), "SHA-256の16進64桁が必要です");
    }
    return ok();
  }

  // Groups come before controls in JSON; the document's own order is in the positions.
  void put_in_order() {
    auto& all = out_.policy.document.clauses;
    std::vector<std::size_t> at(all.size(), all.size());
    bool good = true;
    for (std::size_t i = 0; i < all.size() && good; ++i) {
      good = positions_[i] < all.size() && at[positions_[i]] == all.size();
      if (good) at[positions_[i]] = i;
      if (good && all[i].parent != clauses::kNoParent) good = positions_[static_cast<std::size_t>(all[i].parent)] < positions_[i];
    }
    if (!good) return lose("position", "/catalog");
    Read sorted;
    std::vector<std::string> refs;
    for (const std::size_t from : at) {
      Clause clause = std::move(all[from]);
      if (clause.parent != clauses::kNoParent) clause.parent = static_cast<int>(positions_[static_cast<std::size_t>(clause.parent)]);
      sorted.policy.document.clauses.push_back(std::move(clause));
      sorted.policy.ids.push_back(std::move(out_.policy.ids[from]));
      sorted.policy.raws.push_back(std::move(out_.policy.raws[from]));
      sorted.policy.meanings.push_back(std::move(out_.policy.meanings[from]));
      refs.push_back(std::move(refs_[from]));
    }
    all = std::move(sorted.policy.document.clauses);
    out_.policy.ids = std::move(sorted.policy.ids);
    out_.policy.raws = std::move(sorted.policy.raws);
    out_.policy.meanings = std::move(sorted.policy.meanings);
    refs_ = std::move(refs);
  }

  void compare_refs() {
    for (std::size_t i = 0; i < refs_.size(); ++i)
      if (refs_[i] != out_.policy.document.clauses[i].ref) lose("ref", "/catalog");
  }

  Read out_;
  std::set<std::string> seen_;
  std::map<std::string, std::string> params_;
  std::vector<std::uint32_t> positions_;
  std::vector<std::string> refs_;
};

}  // namespace

std::string_view loss_text(std::string_view kind) {
  static const std::map<std::string_view, std::string_view> kTexts = {
      {"params", "パラメーターは、文の中では［名前］になり、値は取り込みません。"},
      {"links", "リンクは取り込みません。"},
      {"props", "ほかの名前空間のpropは取り込みません。"},
      {"parts", "statement でない部分は、項目として取り込みます。"},
      {"class", "class は取り込みません。"},
      {"roles", "役割と関係者は取り込みません（この団体の設定のものを使います）。"},
      {"back-matter", "付属資料は取り込みません。"},
      {"unknown", "知らない要素は取り込みません。"},
      {"position", "条文の順番の印が合わないので、ファイルの順番にします。"},
      {"ref", "引用の番号は、この版で付け直します。"},
      {"id", "ほかの文書の条文と同じIDは、付け直します。"},
      {"meaning", "条文の意味は取り込みません（言葉から改めて案を出します）。"},
  };
  const auto it = kTexts.find(kind);
  return it == kTexts.end() ? std::string_view("取り込みません。") : it->second;
}

Result<Read> read_catalog(std::string_view bytes) {
  if (bytes.size() > kMaxCatalogBytes) return fail(Code::too_large, "oscal.too_large", "over 8 MiB");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!text::is_valid_utf8(bytes)) return fail(Code::invalid_argument, "oscal.json", "UTF-8ではありません");
  const auto root = json::parse_to_depth(bytes, kJsonDepth);
  if (!root) return fail(Code::invalid_argument, "oscal.json", root.error().detail);
  return CatalogReader().read(*root);
}

std::string lay_out(Read& read) {
  std::string source;
  std::uint32_t line = 1;
  auto& all = read.policy.document.clauses;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Clause& clause = all[i];
    std::string raw = read.policy.raws[i];
    if (!read.ours) {
      raw = clause.label == clause.title ? clause.label : clause.label + (clause.title.empty() ? "" : " " + clause.title);
      if (!clause.text.empty()) raw += (raw.empty() ? "" : "\n") + clause.text;
      read.policy.raws[i] = raw;
      clause.line = line;
    }
    clause.spans.clear();
    if (raw.empty()) continue;
    const auto begin = static_cast<std::uint32_t>(source.size());
    source += raw;
    clause.spans.push_back({begin, static_cast<std::uint32_t>(source.size())});
    source += '\n';
    line += static_cast<std::uint32_t>(std::count(raw.begin(), raw.end(), '\n')) + 1;
  }
  read.policy.document.attributed = 1;
  return source;
}

}  // namespace sekisho::oscal
