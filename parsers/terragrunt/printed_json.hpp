#pragma once

#include <optional>
#include <string_view>

#include "parsers/json/json.hpp"

namespace driftkeeper::terragrunt {

// The object that a text ends with. What hooks and `run_cmd` print stands before it, and may be
// JSON as well. nullopt: there is none. Points into the text.
std::optional<Json> printedJson(std::string_view text);

}  // namespace driftkeeper::terragrunt
