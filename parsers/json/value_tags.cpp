#include "parsers/json/value_tags.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cassert>
#include <utility>

namespace driftkeeper {
namespace {

constexpr std::size_t longestShown = 4096;
constexpr std::size_t tagBytes = 8;

}  // namespace

ValueTags::ValueTags(std::string key) : key_(std::move(key)) {}

std::string ValueTags::tag(std::string_view canonicalJson) const {
    constexpr std::string_view hex = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const auto* made = HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
                            reinterpret_cast<const unsigned char*>(canonicalJson.data()),
                            canonicalJson.size(), digest.data(), &length);
    assert(made != nullptr && length >= tagBytes);
    static_cast<void>(made);
    std::string result = "hmac:";
    for (std::size_t i = 0; i < tagBytes; ++i) {
        result += hex[digest[i] >> 4U];
        result += hex[digest[i] & 15U];
    }
    return result;
}

std::string ValueTags::redacted(std::string_view canonicalJson) const {
    if (canonicalJson == "null") return "null";
    return R"({"redacted":")" + tag(canonicalJson) + R"("})";
}

std::string ValueTags::shown(std::string_view canonicalJson) const {
    if (canonicalJson.size() <= longestShown) return std::string(canonicalJson);
    return R"({"digest":")" + tag(canonicalJson) + R"(","bytes":)" +
           std::to_string(canonicalJson.size()) + "}";
}

}  // namespace driftkeeper
