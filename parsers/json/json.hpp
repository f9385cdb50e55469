#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper {

// One JSON value in memory. Numbers keep their token.
struct Json {
    enum class Kind { Null, Bool, Number, String, Array, Object };

    Kind kind = Kind::Null;
    std::string text;  // Bool: true or false; Number: its token; String: unescaped UTF-8
    std::vector<std::string> keys;  // Object: sorted by bytes, no duplicates, parallel to items
    std::vector<Json> items;        // Array and Object

    [[nodiscard]] bool isNull() const noexcept { return kind == Kind::Null; }
    [[nodiscard]] bool isTrue() const noexcept { return kind == Kind::Bool && text == "true"; }
    [[nodiscard]] bool isString() const noexcept { return kind == Kind::String; }
    [[nodiscard]] bool isNumber() const noexcept { return kind == Kind::Number; }
    [[nodiscard]] bool isArray() const noexcept { return kind == Kind::Array; }
    [[nodiscard]] bool isObject() const noexcept { return kind == Kind::Object; }
    [[nodiscard]] bool isScalar() const noexcept { return !isNull() && !isArray() && !isObject(); }

    // absent() for what is not there (also when this is no object or no array).
    [[nodiscard]] const Json& operator[](std::string_view key) const noexcept;
    [[nodiscard]] const Json& at(std::size_t index) const noexcept;

    // The null that stands for what is not there: told by its address from a null that is.
    static const Json& absent() noexcept;
    [[nodiscard]] bool has(std::string_view key) const noexcept {
        return &(*this)[key] != &absent();
    }

    // Empty or nullopt for a value of another kind, or a number of another range.
    [[nodiscard]] const std::vector<Json>& elements() const noexcept;  // of an array
    [[nodiscard]] std::string_view string() const noexcept;
    [[nodiscard]] std::optional<std::uint64_t> count() const noexcept;
    [[nodiscard]] std::optional<double> number() const noexcept;

    bool operator==(const Json&) const = default;
};

// Equal as values: 1, 1.0 and 1e0 are the same number (never through double), a member that is null
// is the same as one that is not there.
bool sameValue(const Json& a, const Json& b) noexcept;
bool sameNumber(std::string_view a, std::string_view b) noexcept;

// Reads a whole text into memory: values, and answers of some kilobytes to megabytes (a node takes
// about 90 bytes). A plan is walked with JsonCursor, and its interesting values are read with this.
// Fails with `invalid_json` (Report) on broken text, invalid UTF-8, repeated keys, trailing text,
// or nesting deeper than `deepest`: trees are walked recursively, and no tool nests so deep.
inline constexpr int deepestJson = 512;
Result<Json> readJson(std::string_view text, int deepest = deepestJson);

// One text for one value: no white space, object keys sorted by bytes, numbers with their token
// unchanged, strings escaped minimally (\" \\ and \u00XX for control characters). canonicalJson
// fails as readJson does.
std::string canonicalText(const Json& value);
Result<std::string> canonicalJson(std::string_view text);

}  // namespace driftkeeper
