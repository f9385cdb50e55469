#include "daemon/web/keyed_digest.hpp"

#include <openssl/crypto.h>

#include "daemon/base/random.hpp"
#include "parsers/text/digest.hpp"

namespace driftkeeper {

std::string keyedDigest(std::string_view key, std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    }
    std::string digest = hmacSha256(key, text);
    OPENSSL_cleanse(text.data(), text.size());
    return digest;
}

// What is compared are digests under a key that nobody knows: their bytes say nothing of the texts.
bool sameSecret(std::string_view one, std::string_view other) {
    static const std::string key = randomBytes(32);
    const auto left = keyedDigest(key, {one});
    const auto right = keyedDigest(key, {other});
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace driftkeeper
