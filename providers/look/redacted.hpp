#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/look/environment.hpp"

namespace driftkeeper {

// One line without control characters, without what is a secret by its looks (withoutSecrets),
// users and queries of URLs, and `secrets`; at most 300 bytes, whole UTF-8 characters.
std::string redacted(std::string_view text, const std::vector<std::string>& secrets);

// True for the names of variables and settings whose value is a secret.
bool namesSecret(std::string_view name);

// The values of such variables, the longest first: a secret may hold another one.
std::vector<std::string> secretsIn(const Environment& environment);

// In small letters and on one line: what signs are looked for in.
std::string flattened(std::string_view text);

}  // namespace driftkeeper
