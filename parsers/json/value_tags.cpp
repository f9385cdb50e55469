#include "parsers/json/value_tags.hpp"

#include <utility>

#include "parsers/text/digest.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t longestShown = 4096;
constexpr std::size_t tagBytes = 8;

}  // namespace

ValueTags::ValueTags(std::string key) : key_(std::move(key)) {}

std::string ValueTags::tag(std::string_view canonicalJson) const {
    return "hmac:" + hex(std::string_view(hmacSha256(key_, canonicalJson)).substr(0, tagBytes));
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
