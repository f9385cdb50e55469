#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace driftkeeper {

// One value inside a JSON text, exactly as it is spelled there: numbers keep their token, strings their escapes. A
// view: it lives as long as the text. What is not there at all is a null.
class JsonSlice {
public:
    JsonSlice() = default;

    // nullopt unless the whole text is one valid JSON value. Depth costs no stack.
    static std::optional<JsonSlice> of(std::string_view text);

    [[nodiscard]] std::string_view raw() const noexcept { return raw_; }
    [[nodiscard]] bool isNull() const noexcept { return raw_ == "null"; }

    // nullopt for a value of another kind.
    [[nodiscard]] std::optional<std::string> text() const;
    [[nodiscard]] std::optional<std::uint64_t> count() const;
    [[nodiscard]] std::optional<double> number() const;
    [[nodiscard]] std::optional<bool> flag() const;
    [[nodiscard]] std::optional<std::vector<JsonSlice>> elements() const;

private:
    friend class JsonMembers;
    explicit JsonSlice(std::string_view raw) : raw_(raw) {}
    std::string_view raw_ = "null";
};

// The members of one object, found by key. Keys are compared as they are spelled; of equal keys the first counts.
// Anything else than an object has no members.
class JsonMembers {
public:
    explicit JsonMembers(JsonSlice object);
    [[nodiscard]] bool isObject() const noexcept { return isObject_; }
    [[nodiscard]] JsonSlice operator[](std::string_view key) const;  // null when there is none
    [[nodiscard]] bool has(std::string_view key) const noexcept;

private:
    std::vector<std::pair<std::string_view, JsonSlice>> members_;
    bool isObject_ = false;
};

}  // namespace driftkeeper
