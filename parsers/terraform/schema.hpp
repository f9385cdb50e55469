#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper::terraform {

// What a provider's schema says of one attribute or nested block.
struct AttributeFlags {
    bool optional = false;
    bool required = false;
    bool computed = false;
    bool sensitive = false;
    bool set = false;  // a collection without an order

    bool operator==(const AttributeFlags&) const = default;
};

// By resource type, then by top-level attribute or nested block name (a block is optional; it is
// computed never).
using ResourceSchemas = std::map<std::string, std::map<std::string, AttributeFlags>>;

// Reads `providers schema -json` (format 0.1 to 1.0) and keeps only `types`. `invalid_schema`
// (Report) on broken text.
Result<ResourceSchemas> parseSchemas(std::string_view text, const std::vector<std::string>& types);

// A compact text that holds the schemas, and back: what is kept with a stack between checks.
std::string toText(const ResourceSchemas& schemas);
Result<ResourceSchemas> schemasFromText(std::string_view text);

}  // namespace driftkeeper::terraform
