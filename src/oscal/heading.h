// What every exported model has in common. Internal to the module.
#pragma once
#include "json/json.h"
#include "oscal/catalog.h"

namespace sekisho::oscal {

json::Object metadata_of(const Heading& heading, json::Array props);
// {"<model>": content} as text; the uuid, which comes first, follows from the content.
std::string finished(std::string_view model, json::Object content);
std::string party_uuid(const std::string& body);

}  // namespace sekisho::oscal
