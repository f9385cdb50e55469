#pragma once

#include <string>
#include <string_view>

#include "parsers/text/secret_mask.hpp"

namespace driftkeeper {

// The text without what is a secret by its looks: private keys in PEM, JSON Web Tokens, what
// follows Bearer or Basic, keys with a known prefix (ghp_, AKIA with the secret beside it, …).
// Linear in the size of the text.
std::string withoutSecretShapes(std::string_view text, const SecretMask& mask);

}  // namespace driftkeeper
