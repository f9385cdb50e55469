#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::terraform {

// What a refresh did to a state when it did nothing but read null as empty or empty as null, as
// older providers do until the next apply: a cosmetic drift for each object, without dependents.
// nullopt: something else differs, or a text is no state. `before`, `after`: states of version 4.
std::optional<std::vector<Drift>> emptiedOnly(std::string_view before, std::string_view after,
                                              const ValueTags& tags);

}  // namespace driftkeeper::terraform
