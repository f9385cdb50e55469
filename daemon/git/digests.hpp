#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace driftkeeper {

// Raw bytes.
std::string sha256(std::string_view bytes);
std::string hmacSha1(std::string_view key, std::string_view bytes);

// Lower case.
std::string hex(std::string_view bytes);

// Standard alphabet with padding; nothing for a text that is no base64.
std::string toBase64(std::string_view bytes);
std::optional<std::string> fromBase64(std::string_view text);

}  // namespace driftkeeper
