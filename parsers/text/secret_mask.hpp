#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace driftkeeper {

// What stands in the place of a secret: "***", or a keyed tag of it (ValueTags).
using SecretMask = std::function<std::string(std::string_view secret)>;

// True for what a mask put there: masking twice changes nothing.
bool isMasked(std::string_view text) noexcept;

// "***" for every secret.
const SecretMask& stars();

}  // namespace driftkeeper
