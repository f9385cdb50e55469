#pragma once

#include <string_view>

#include "parsers/terraform/configuration.hpp"
#include "providers/terraform/reasons.hpp"

namespace driftkeeper::terraform {

// The program that looks. Terraform and OpenTofu say the same by the same words; here is what
// differs and matters.
struct Flavour {
    ToolName tool;                  // also its default name on PATH
    Language language;              // which files it reads
    std::string_view versionFile;   // asks for a version of it
    std::string_view oldestUsable;  // the first with `plan -json`
};

inline constexpr Flavour terraformFlavour{terraformTool, Language::Terraform, ".terraform-version",
                                          "0.15.3"};
inline constexpr Flavour openTofuFlavour{
    {"tofu", "opentofu"}, Language::OpenTofu, ".opentofu-version", "1.6.0"};

}  // namespace driftkeeper::terraform
