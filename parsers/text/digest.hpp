#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// 32 raw bytes (FIPS 180-4).
std::string sha256(std::string_view bytes);

// HMAC-SHA256 (RFC 2104), 32 raw bytes.
std::string hmacSha256(std::string_view key, std::string_view text);

}  // namespace driftkeeper
