#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "parsers/json/json.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper {

// What a look saw, value by value, as keyed tags: whether a later look sees the same can be said,
// and nothing else. A value is an attribute or a member of an object in it; a list is one value. At
// 48 bits a tag, two of a hundred thousand values agree by chance once in ten thousand stacks.
class RememberedValues {
public:
    using Tag = std::uint64_t;
    static constexpr Tag nothing = 0;  // of what was null, empty or not there

    // `object` is there, with this value.
    void add(std::string_view object, const Json& value, const ValueTags& tags);
    // Git asks for another value there than the one that was read.
    void addAsked(std::string_view object, std::string_view path, const Json& value,
                  const ValueTags& tags);

    [[nodiscard]] bool isEmpty() const noexcept { return tags_.empty(); }
    [[nodiscard]] bool holds(std::string_view object) const;
    // `path`: names with a dot between them.
    [[nodiscard]] Tag read(std::string_view object, std::string_view path) const;
    [[nodiscard]] Tag asked(std::string_view object, std::string_view path) const;
    [[nodiscard]] static Tag tagOf(const Json& value, const ValueTags& tags);

    // One line of letters, 16 a value, and back; nullopt for any other text.
    [[nodiscard]] std::string toText() const;
    static std::optional<RememberedValues> fromText(std::string_view text);

private:
    using Place = std::uint64_t;
    void addBelow(Place object, std::string& path, const Json& value, const ValueTags& tags);

    std::unordered_map<Place, Tag> tags_;
};

}  // namespace driftkeeper
