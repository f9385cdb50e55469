#pragma once

#include <string_view>

#include "parsers/hcl/hcl.hpp"

namespace driftkeeper::terraform {

// A .tf.json file as the blocks that the native syntax would give (hcl/json/spec.md, Terraform's block types). Strings
// are templates there, and become quoted templates here. Broken JSON gives an empty, broken file.
hcl::File readJsonConfiguration(std::string_view text);

}  // namespace driftkeeper::terraform
