// An OOXML package: its XML parts, unpacked under limits, and the relations between them (ECMA-376 part 2). Internal to the module.
//
// Only members named *.xml and *.rels are unpacked; media, fonts and embedded objects never are. A DOCTYPE anywhere refuses the file, so
// there is no entity but XML's own five.
#pragma once
#include <map>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::files {

using Xml = std::unique_ptr<pugi::xml_document>;

// The name behind the prefix: "w:p" -> "p". Prefixes are the writer's choice.
std::string_view local_name(pugi::xml_node node);
std::string_view local_name(pugi::xml_attribute attribute);
// By local name; empty handle when there is none.
pugi::xml_node child_of(pugi::xml_node node, std::string_view name);
pugi::xml_attribute attribute_of(pugi::xml_node node, std::string_view name);
// Number value of an attribute, or the fallback.
int int_of(pugi::xml_node node, std::string_view name, int fallback);

struct Relation {
  std::string id;
  std::string type;    // last part of the type's URI: "officeDocument", "worksheet", "notesSlide"
  std::string target;  // full part name, without leading "/"
};

class Package {
 public:
  // Failures: files.broken, files.encrypted (a member's flag), files.too_complex (limits.h).
  static Result<Package> open(std::string_view bytes);

  bool has(const std::string& part) const { return parts_.contains(part); }
  // Parses a part and gives its text away; each part is read once. Missing or malformed: files.broken; DOCTYPE: files.unsafe_xml.
  Result<Xml> take(const std::string& part);
  // As take, but a missing part is an empty document.
  Result<Xml> take_optional(const std::string& part);
  Result<std::vector<Relation>> relations(const std::string& part);
  // The part that _rels/.rels names as the office document.
  Result<std::string> main_part();
  // dc:title of docProps/core.xml, or empty.
  std::string title();

 private:
  std::map<std::string, std::string> parts_;
};

// "word/document.xml" + "../media/x" -> "media/x"
std::string resolve_target(std::string_view part, std::string_view target);

}  // namespace sekisho::files
