// How this program's texts are written in OSCAL's datatypes, and back (OSCAL 1.2 JSON: token, string, markup-line, markup-multiline). Pure.
//
// Texts are plain; markup is Markdown, so that what Markdown would take for marks is escaped with a backslash. A line end of ours ends a paragraph.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "json/json.h"

namespace sekisho::oscal {

// Names that OSCAL does not define are of this namespace; docs/oscal.md lists them.
inline constexpr std::string_view kNamespace = "urn:sekisho:oscal:policy";
inline constexpr std::string_view kOscalNamespace = "http://csrc.nist.gov/ns/oscal";
inline constexpr std::string_view kOscalVersion = "1.2.1";

std::string uuid_of(std::string_view name);  // version 5, in this program's namespace

// markup-multiline: unmarked(marked(t)) == t for every text.
std::string marked(std::string_view text);
std::string unmarked(std::string_view markup);
// markup-line: as marked(), without line ends. Empty text gives an empty line, which no markup-line may be.
std::string marked_line(std::string_view text);

// Whether the string datatype holds the text as it stands: one line, not empty, no white space at its ends.
bool is_plain_string(std::string_view text);
// A property with any text as value. What the string datatype does not hold (line ends, white space at its ends, controls) is percent-encoded and the
// property is of the class "percent"; a text that would be empty has no property.
void add_text_prop(json::Array& props, std::string_view name, std::string_view text);
void add_prop(json::Array& props, std::string_view name, std::string_view value, std::string_view space = kNamespace);
// The text of such a property; nullopt: malformed percent-encoding.
std::optional<std::string> prop_text(std::string_view value, std::string_view property_class);

bool is_token(std::string_view text);
// A token that says `text`: other characters become "_".
std::string token_of(std::string_view text);
std::string percent_encoded(std::string_view text);  // all but unreserved characters (RFC 3986)

}  // namespace sekisho::oscal
