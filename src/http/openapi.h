// The description of the HTTP interface (OpenAPI 3.1), made from the routes and the registry, so that it cannot fall behind them.
#pragma once
#include <string>

#include "gate/operation.h"

namespace sekisho::http {

std::string openapi_yaml(const gate::Registry& registry, const std::string& version);

}  // namespace sekisho::http
