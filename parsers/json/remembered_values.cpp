#include "parsers/json/remembered_values.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "parsers/json/document.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

constexpr std::uint64_t mask = (std::uint64_t{1} << 48U) - 1;
constexpr std::size_t bytesEach = 6;  // of a place, and of a tag
constexpr std::string_view askedMark = "?";

// FNV-1a: the same in every build, and places are no secret.
std::uint64_t hashed(std::string_view text, std::uint64_t hash = 14695981039346656037ULL) {
    for (const char letter : text) {
        hash ^= static_cast<unsigned char>(letter);
        hash *= 1099511628211ULL;
    }
    return hash;
}

std::uint64_t placeOf(std::string_view object, std::string_view path) {
    return hashed(path, hashed(std::string_view("\0", 1), hashed(object))) & mask;
}

void append(std::string& bytes, std::uint64_t number) {
    for (std::size_t at = 0; at < bytesEach; ++at)
        bytes += static_cast<char>((number >> (8 * at)) & 255U);
}

std::uint64_t numberAt(std::string_view bytes, std::size_t begin) {
    std::uint64_t number = 0;
    for (std::size_t at = 0; at < bytesEach; ++at)
        number |= std::uint64_t{static_cast<unsigned char>(bytes[begin + at])} << (8 * at);
    return number;
}

}  // namespace

RememberedValues::Tag RememberedValues::tagOf(const Json& value, const ValueTags& tags) {
    if (isNothing(value)) return nothing;
    constexpr std::string_view prefix = "hmac:";
    const std::string text = tags.tag(canonicalText(value));
    Tag tag = nothing;
    std::from_chars(text.data() + prefix.size(), text.data() + text.size(), tag, 16);
    return std::max(tag & mask, Tag{1});
}

void RememberedValues::add(std::string_view object, const Json& value, const ValueTags& tags) {
    tags_[placeOf(object, "")] = 1;
    std::string path;
    for (std::size_t at = 0; at < value.keys.size(); ++at) {
        path = value.keys[at];
        addBelow(hashed(std::string_view("\0", 1), hashed(object)), path, value.items[at], tags);
    }
}

void RememberedValues::addBelow(Place object, std::string& path, const Json& value,
                                const ValueTags& tags) {
    if (isNothing(value)) return;
    tags_[hashed(path, object) & mask] = tagOf(value, tags);
    const std::size_t length = path.size();
    for (std::size_t at = 0; at < value.keys.size(); ++at) {
        path += '.';
        path += value.keys[at];
        addBelow(object, path, value.items[at], tags);
        path.resize(length);
    }
}

void RememberedValues::addAsked(std::string_view object, std::string_view path, const Json& value,
                                const ValueTags& tags) {
    tags_[placeOf(object, std::string(path).append(askedMark))] = tagOf(value, tags);
}

bool RememberedValues::holds(std::string_view object) const {
    return tags_.contains(placeOf(object, ""));
}

RememberedValues::Tag RememberedValues::read(std::string_view object, std::string_view path) const {
    const auto found = tags_.find(placeOf(object, path));
    return found == tags_.end() ? nothing : found->second;
}

RememberedValues::Tag RememberedValues::asked(std::string_view object,
                                              std::string_view path) const {
    const auto found = tags_.find(placeOf(object, std::string(path).append(askedMark)));
    return found == tags_.end() ? read(object, path) : found->second;
}

std::string RememberedValues::toText() const {
    std::vector<std::pair<Place, Tag>> sorted(tags_.begin(), tags_.end());
    std::ranges::sort(sorted);  // one text for one memory
    std::string bytes;
    bytes.reserve(sorted.size() * 2 * bytesEach);
    for (const auto& [place, tag] : sorted) {
        append(bytes, place);
        append(bytes, tag);
    }
    return base64(bytes);
}

std::optional<RememberedValues> RememberedValues::fromText(std::string_view text) {
    RememberedValues values;
    if (text.empty()) return values;
    const auto bytes = base64Decoded(text);
    if (!bytes || bytes->size() % (2 * bytesEach) != 0) return std::nullopt;
    values.tags_.reserve(bytes->size() / (2 * bytesEach));
    for (std::size_t at = 0; at < bytes->size(); at += 2 * bytesEach)
        values.tags_[numberAt(*bytes, at)] = numberAt(*bytes, at + bytesEach);
    return values;
}

}  // namespace driftkeeper
