#include "parsers/json/value_tags.hpp"

#include <utility>

#include "parsers/json/json_string.hpp"
#include "parsers/json/secrets.hpp"
#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t longestShown = 4096;
constexpr std::size_t tagBytes = 8;  // of the HMAC: enough to tell the values of a stack apart

}  // namespace

ValueTags::ValueTags(std::string key) : key_(std::move(key)) {}

std::string ValueTags::tag(std::string_view canonicalJson) const {
    return "hmac:" + hex(std::string_view(hmacSha256(key_, canonicalJson)).substr(0, tagBytes));
}

std::string ValueTags::redacted(const Json& value) const {
    if (value.isNull()) return "null";
    if (isRedacted(value)) return canonicalText(value);
    return R"({"redacted":")" + tag(canonicalText(value)) + R"("})";
}

std::string ValueTags::shown(const Json& value) const {
    const auto text = canonicalText(value);
    if (text.size() > longestShown)
        return R"({"digest":")" + tag(text) + R"(","bytes":)" + std::to_string(text.size()) + "}";
    Json safe = value;
    hideSecrets(safe, mask());
    return canonicalText(safe);
}

SecretMask ValueTags::mask() const {
    return [this](std::string_view secret) { return tag(jsonString(secret)); };
}

}  // namespace driftkeeper
