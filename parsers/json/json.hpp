#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper {

// One JSON value in memory. Numbers keep their token.
struct Json {
    enum class Kind { Null, Bool, Number, String, Array, Object };

    Kind kind = Kind::Null;
    std::string text;               // Bool: true or false; Number: its token; String: unescaped UTF-8
    std::vector<std::string> keys;  // Object: sorted by bytes, no duplicates, parallel to items
    std::vector<Json> items;        // Array and Object

    [[nodiscard]] bool isNull() const noexcept { return kind == Kind::Null; }
    [[nodiscard]] bool isTrue() const noexcept { return kind == Kind::Bool && text == "true"; }
    [[nodiscard]] bool isArray() const noexcept { return kind == Kind::Array; }
    [[nodiscard]] bool isObject() const noexcept { return kind == Kind::Object; }
    [[nodiscard]] bool isScalar() const noexcept { return !isNull() && !isArray() && !isObject(); }

    // absent() for what is not there (also when this is no object or no array).
    [[nodiscard]] const Json& operator[](std::string_view key) const noexcept;
    [[nodiscard]] const Json& at(std::size_t index) const noexcept;

    // The null that stands for what is not there: told by its address from a null that is.
    static const Json& absent() noexcept;

    // The text of a string, otherwise empty.
    [[nodiscard]] std::string_view string() const noexcept;

    bool operator==(const Json&) const = default;
};

// Equal as values: 1, 1.0 and 1e0 are the same number (never through double), a member that is null is the same as one
// that is not there.
bool sameValue(const Json& a, const Json& b) noexcept;
bool sameNumber(std::string_view a, std::string_view b) noexcept;

bool isUtf8(std::string_view text) noexcept;

// Canonical text as canonical.hpp defines it.
std::string canonicalText(const Json& value);

// Reads single values; reuses its buffers. Not thread-safe. Meant for values of some kilobytes: a large document is
// walked with JsonCursor, and its interesting values are read with this.
class JsonReader {
public:
    JsonReader();
    ~JsonReader();
    JsonReader(JsonReader&&) noexcept;
    JsonReader& operator=(JsonReader&&) noexcept;

    // Fails with `invalid_json` (Report) on broken text, invalid UTF-8, repeated keys, trailing text, or nesting deeper
    // than 512.
    Result<Json> read(std::string_view text);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace driftkeeper
