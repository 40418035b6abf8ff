// In which form each clause of a document stands in a catalog. Internal to the module.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "clauses/model.h"

namespace sekisho::oscal {

enum class Form { group, control, part };

// In the order of clauses::Kind; classes of groups, controls and parts.
inline constexpr std::array<std::string_view, 12> kKinds = {"front", "contents", "history", "preamble", "structure", "clause", "row", "item", "supplement", "annex", "signature", "closing"};

std::vector<Form> forms_of(const clauses::Document& document);

}  // namespace sekisho::oscal
