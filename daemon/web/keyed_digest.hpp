#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace driftkeeper {

// HMAC-SHA256 over the parts, each with its length in front: no two lists of parts give the same
// bytes. 32 bytes.
std::string keyedDigest(std::string_view key, std::initializer_list<std::string_view> parts);

// Takes the same time wherever the texts differ, also for other lengths.
bool sameSecret(std::string_view one, std::string_view other);

}  // namespace driftkeeper
