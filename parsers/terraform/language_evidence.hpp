#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "parsers/hcl/hcl.hpp"
#include "parsers/terraform/configuration.hpp"

// Which of both programs a stack is of, where no version file and no .tofu file says it.
namespace driftkeeper::terraform {

// Who alone can read a block; nullopt: both can.
std::optional<Language> onlyKnownTo(const hcl::Block& block);

// By the registry that a lock file or a state names for providers whose source names none, for each
// program takes them from its own; an encrypted state is OpenTofu's. `named`: those that sources do
// name, which prove nothing.
std::optional<Language> languageByRegistries(std::string_view text,
                                             const std::set<std::string>& named);

// Whether a state is as OpenTofu writes it where the configuration encrypts it.
bool isEncryptedState(std::string_view text);

// Adds the registries of both programs that the sources in a file of configuration name.
void addRegistriesNamedBy(std::string_view text, std::set<std::string>& named);

}  // namespace driftkeeper::terraform
