#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::terraform {

// module.a["x"].lab_file.b[0] -> module.a.lab_file.b: an address of the configuration.
std::string withoutKeys(std::string_view address);

// One step into a value: an attribute or map key, or an index.
struct PathStep {
    std::string text;
    bool index = false;

    bool operator==(const PathStep&) const = default;
};
using AttributePath = std::vector<PathStep>;

std::string toText(const AttributePath& path);  // rule[0].note  tags["a b"]
AttributePath attributePath(
    std::string_view written);  // as in ignore_changes; tags["a"] and tags.a are the same

}  // namespace driftkeeper::terraform
