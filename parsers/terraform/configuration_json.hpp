#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "parsers/hcl/hcl.hpp"

namespace driftkeeper::terraform {

// JSON does not say what is a block: a shape does, with the labels that it has and the blocks in
// it.
struct BlockShape {
    std::string_view type;
    std::size_t labels;
    std::span<const BlockShape> blocks{};
    bool mayLackLabels = false;
};

// A file in HCL's JSON syntax as the blocks and attributes that the native syntax would give.
hcl::File readJsonBody(std::string_view text, std::span<const BlockShape> shapes);

// A .tf.json file as the blocks that the native syntax would give (hcl/json/spec.md, Terraform's
// block types). Strings are templates there, and become quoted templates here. Broken JSON gives an
// empty, broken file.
hcl::File readJsonConfiguration(std::string_view text);

}  // namespace driftkeeper::terraform
