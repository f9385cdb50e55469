#pragma once

#include <string_view>

#include "parsers/yaml/yaml.hpp"

namespace driftkeeper {

// Makes of a node what one of YAML's own tags says it is (`name`: the part behind !!). False when
// the tag is none of those that are read, or does not fit the node: !!map of a text, !!binary of
// what is no base64 or no UTF-8.
bool applyCoreTag(YamlNode& node, std::string_view name);

}  // namespace driftkeeper
