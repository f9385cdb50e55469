#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// One step into a value: an attribute, a map key or an index.
struct AttributeStep {
    std::string text;
    bool literal = false;  // quoted: a `*` in it is a star
    bool operator==(const AttributeStep&) const = default;
};
using AttributeSteps = std::vector<AttributeStep>;

// tags.Owner  rule[*].port  tags["a b"], or a JSON pointer: /rule/*/port with ~0 and ~1. Unquoted
// steps may hold `*`; rule.0 and rule[0] are the same. nullopt for what is neither, and for a text
// without steps.
std::optional<AttributeSteps> attributeSteps(std::string_view text);

// The steps of a drift's attribute, which is as long as the pattern or longer: a pattern covers
// what is below it too.
bool covers(const AttributeSteps& pattern, const AttributeSteps& path);

}  // namespace driftkeeper
