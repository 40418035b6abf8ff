#include "files/package.h"

#include <archive.h>
#include <archive_entry.h>

#include "files/limits.h"

namespace sekisho::files {
namespace {

using Archive = std::unique_ptr<struct archive, int (*)(struct archive*)>;

Unexpected broken(std::string_view what) { return fail(Code::invalid_argument, "files.broken", std::string(what)); }

bool is_wanted(std::string_view name) { return name.ends_with(".xml") || name.ends_with(".rels"); }

class Budget {
 public:
  explicit Budget(std::size_t packed) : packed_(packed) {}
  Status entry() {
    if (++entries_ > kMaxPackageEntries) return fail(Code::too_large, "files.too_complex", "too many members");
    return ok();
  }
  Status bytes(std::size_t count) {
    unpacked_ += count;
    const bool swollen = unpacked_ > (16ULL << 20) && unpacked_ / std::max<std::size_t>(packed_, 1) > kMaxRatio;
    if (unpacked_ > kMaxUnpackedBytes || swollen) return fail(Code::too_large, "files.too_complex", "unpacks to too much");
    return ok();
  }

 private:
  std::size_t packed_;
  std::size_t entries_ = 0;
  std::uint64_t unpacked_ = 0;
};

Result<std::string> read_member(struct archive* archive, Budget& budget) {
  std::string out;
  std::array<char, 65536> buffer;
  while (true) {
    const la_ssize_t n = archive_read_data(archive, buffer.data(), buffer.size());
    if (n == 0) return out;
    if (n < 0) return broken("a member cannot be unpacked");
    SK_CHECK(budget.bytes(static_cast<std::size_t>(n)));
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view local_name(pugi::xml_attribute attribute) {
  const std::string_view name = attribute.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child_of(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_node child : node.children())
    if (local_name(child) == name) return child;
  return {};
}

pugi::xml_attribute attribute_of(pugi::xml_node node, std::string_view name) {
  for (const pugi::xml_attribute attribute : node.attributes())
    if (local_name(attribute) == name) return attribute;
  return {};
}

int int_of(pugi::xml_node node, std::string_view name, int fallback) { return attribute_of(node, name).as_int(fallback); }

std::string resolve_target(std::string_view part, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::vector<std::string_view> steps;
  const auto push = [&](std::string_view path) {
    while (!path.empty()) {
      const std::size_t slash = path.find('/');
      const std::string_view step = path.substr(0, slash);
      if (step == ".." && !steps.empty()) steps.pop_back();
      if (step != ".." && step != "." && !step.empty()) steps.push_back(step);
      path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
  };
  const std::size_t folder = part.rfind('/');
  if (folder != std::string_view::npos) push(part.substr(0, folder));
  push(target);
  std::string out;
  for (const std::string_view step : steps) {
    if (!out.empty()) out += '/';
    out += step;
  }
  return out;
}

Result<Package> Package::open(std::string_view bytes) {
  const Archive archive(archive_read_new(), archive_read_free);
  if (!archive) return broken("archive");
  archive_read_support_format_zip(archive.get());
  if (archive_read_open_memory(archive.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) return broken("not a readable ZIP");
  Package out;
  Budget budget(bytes.size());
  while (true) {
    struct archive_entry* entry = nullptr;
    const int rc = archive_read_next_header(archive.get(), &entry);
    if (rc == ARCHIVE_EOF) break;
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) return broken("ZIP directory is damaged");
    SK_CHECK(budget.entry());
    const char* const path = archive_entry_pathname(entry);
    if (path == nullptr || !is_wanted(path)) continue;
    if (archive_entry_is_encrypted(entry) != 0) return fail(Code::invalid_argument, "files.encrypted", "an encrypted member");
    SK_TRY(std::string text, read_member(archive.get(), budget));
    // Twice the same name is how two readers are made to see two documents.
    if (!out.parts_.emplace(path, std::move(text)).second) return broken("two members of one name");
  }
  return out;
}

Result<Xml> Package::take(const std::string& part) {
  const auto found = parts_.find(part);
  if (found == parts_.end()) return broken("a needed part is missing");
  auto document = std::make_unique<pugi::xml_document>();
  constexpr unsigned kParse = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
  const pugi::xml_parse_result parsed = document->load_buffer(found->second.data(), found->second.size(), kParse);
  parts_.erase(found);
  if (parsed.status == pugi::status_out_of_memory) return fail(Code::too_large, "files.too_complex", "XML needs too much memory");
  for (const pugi::xml_node node : document->children())
    if (node.type() == pugi::node_doctype) return fail(Code::invalid_argument, "files.unsafe_xml", "DOCTYPE");
  if (!parsed) return broken(parsed.description());
  return document;
}

Result<Xml> Package::take_optional(const std::string& part) {
  if (!has(part)) return std::make_unique<pugi::xml_document>();
  return take(part);
}

Result<std::vector<Relation>> Package::relations(const std::string& part) {
  const std::size_t slash = part.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : part.substr(0, slash + 1);
  const std::string name = slash == std::string::npos ? part : part.substr(slash + 1);
  SK_TRY(const Xml document, take_optional(folder + "_rels/" + name + ".rels"));
  std::vector<Relation> out;
  for (const pugi::xml_node node : child_of(*document, "Relationships").children()) {
    if (local_name(node) != "Relationship") continue;
    if (std::string_view(node.attribute("TargetMode").value()) == "External") continue;
    const std::string_view type = node.attribute("Type").value();
    out.push_back({node.attribute("Id").value(), std::string(type.substr(type.rfind('/') + 1)),
                   resolve_target(part, node.attribute("Target").value())});
  }
  return out;
}

Result<std::string> Package::main_part() {
  SK_TRY(const std::vector<Relation> relations_of_package, relations(""));
  for (const Relation& relation : relations_of_package)
    if (relation.type == "officeDocument" && has(relation.target)) return relation.target;
  return broken("no office document in the package");
}

std::string Package::title() {
  const Result<Xml> core = take_optional("docProps/core.xml");
  if (!core) return {};
  return child_of(child_of(**core, "coreProperties"), "title").text().as_string();
}

}  // namespace sekisho::files
