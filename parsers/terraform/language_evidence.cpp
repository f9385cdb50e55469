#include "parsers/terraform/language_evidence.hpp"

#include <algorithm>

namespace driftkeeper::terraform {
namespace {

constexpr std::string_view terraformRegistry = "registry.terraform.io";
constexpr std::string_view openTofuRegistry = "registry.opentofu.org";

bool hasSetting(const hcl::Block& block, std::string_view inner, std::string_view attribute) {
    const auto* found = block.block(inner);
    return found != nullptr && found->attribute(attribute) != nullptr;
}

// Terraform takes nothing but literals there.
bool isEvaluatedEarly(const hcl::Block& place) {
    const auto isOpen = [](const hcl::Attribute& attribute) {
        return !hcl::traversals(attribute.expression).empty();
    };
    return std::ranges::any_of(place.attributes, isOpen) ||
           std::ranges::any_of(place.blocks, isEvaluatedEarly);
}

bool isOpenTofusSetting(const hcl::Block& inner) {
    return inner.type == "encryption" ||
           ((inner.type == "backend" || inner.type == "cloud") && isEvaluatedEarly(inner));
}

bool isOpenTofus(const hcl::Block& block) {
    if (block.type == "language") return true;
    if (block.type == "terraform") return std::ranges::any_of(block.blocks, isOpenTofusSetting);
    if (block.type == "provider") return block.attribute("for_each") != nullptr;
    if (block.type == "module") return hasSetting(block, "lifecycle", "enabled");
    return block.type == "resource" &&
           (hasSetting(block, "lifecycle", "enabled") || hasSetting(block, "lifecycle", "destroy"));
}

// Actions came with Terraform 1.14, queries and components are files of their own.
bool isTerraforms(const hcl::Block& block) {
    if (block.type == "action") return block.labels.size() == 2;
    if (block.type == "terraform") return block.block("state_store") != nullptr;
    if (block.type != "resource") return false;
    const auto* lifecycle = block.block("lifecycle");
    return lifecycle != nullptr && lifecycle->block("action_trigger") != nullptr;
}

}  // namespace

std::optional<Language> onlyKnownTo(const hcl::Block& block) {
    if (isOpenTofus(block)) return Language::OpenTofu;
    if (isTerraforms(block)) return Language::Terraform;
    return std::nullopt;
}

std::optional<Language> languageByRegistries(std::string_view text,
                                             const std::set<std::string>& named) {
    const auto names = [&](std::string_view host) {
        return !named.contains(std::string(host)) && text.contains(std::string(host) + "/");
    };
    if (isEncryptedState(text)) return Language::OpenTofu;
    const bool tofu = names(openTofuRegistry);
    const bool terraform = names(terraformRegistry);
    if (tofu == terraform) return std::nullopt;
    return tofu ? Language::OpenTofu : Language::Terraform;
}

bool isEncryptedState(std::string_view text) {
    return text.contains("\"encrypted_data\"") && text.contains("\"encryption_version\"");
}

void addRegistriesNamedBy(std::string_view text, std::set<std::string>& named) {
    for (const auto host : {terraformRegistry, openTofuRegistry})
        if (text.contains('"' + std::string(host) + '/')) named.emplace(host);
}

}  // namespace driftkeeper::terraform
