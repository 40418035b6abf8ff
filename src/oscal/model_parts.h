// Pieces that several models hold. Internal to the module.
#pragma once
#include "json/json.h"
#include "oscal/models.h"

namespace sekisho::oscal {

json::Object heading_of(const Implementation& implementation, std::string_view kind);
std::string component_uuid(const Implementation& implementation, const std::string& component);
std::string observation_uuid(const Implementation& implementation, const std::string& component);
const Component* component_named(const Implementation& implementation, const std::string& id);
std::string_view state_of(Standing standing);  // of implementation-status
// The OSCAL type of a component of this kind.
std::string_view type_of(const std::string& kind);
// Not empty: OSCAL's texts never are.
std::string words_of(std::string_view text, std::string_view otherwise);
json::Object reviewed_controls(const Implementation& implementation);
json::Array observations(const Implementation& implementation, bool open_alone);

}  // namespace sekisho::oscal
