#pragma once

#include <optional>
#include <string_view>

#include "parsers/json/value_tags.hpp"
#include "parsers/kubernetes/object.hpp"

namespace driftkeeper::kubernetes {

// An object from one document of YAML or JSON, for want of kubectl's own reading: scalars without
// quotes that look like numbers, booleans or null are such. nullopt: no document, or without
// apiVersion, kind or name.
std::optional<Object> objectFromYaml(std::string_view document, const ValueTags& tags);

}  // namespace driftkeeper::kubernetes
