#include "parsers/text/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cassert>

namespace driftkeeper {
namespace {

constexpr std::size_t sha256Bytes = 32;

}  // namespace

std::string sha256(std::string_view bytes) {
    std::string digest(sha256Bytes, '\0');
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                   nullptr, EVP_sha256(), nullptr);
    assert(done == 1);
    static_cast<void>(done);
    return digest;
}

std::string hmacSha256(std::string_view key, std::string_view text) {
    std::string digest(sha256Bytes, '\0');
    const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                            reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    assert(made != nullptr);
    static_cast<void>(made);
    return digest;
}

}  // namespace driftkeeper
