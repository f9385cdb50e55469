#include "parsers/json/json.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

// A number as ±0.DIGITS × 10^exponent, digits without zeros at either end.
struct Decimal {
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0;

    bool operator==(const Decimal&) const = default;
};

Decimal decimal(std::string_view token) {
    Decimal result;
    if (token.starts_with('-')) {
        result.negative = true;
        token.remove_prefix(1);
    }
    if (const auto e = token.find_first_of("eE"); e != std::string_view::npos) {
        auto exponent = token.substr(e + 1);
        if (exponent.starts_with('+')) exponent.remove_prefix(1);
        const auto [end, error] =
            std::from_chars(exponent.data(), exponent.data() + exponent.size(), result.exponent);
        constexpr auto limit = std::numeric_limits<std::int64_t>::max() / 4;
        if (error != std::errc{}) result.exponent = exponent.starts_with('-') ? -limit : limit;
        result.exponent = std::clamp(result.exponent, -limit, limit);
        token = token.substr(0, e);
    }
    const auto point = std::min(token.find('.'), token.size());
    result.digits = token.substr(0, point);
    result.exponent += static_cast<std::int64_t>(point);
    if (point < token.size()) result.digits += token.substr(point + 1);
    const auto zeros = std::min(result.digits.find_first_not_of('0'), result.digits.size());
    result.digits.erase(0, zeros);
    result.exponent -= static_cast<std::int64_t>(zeros);
    while (result.digits.ends_with('0')) result.digits.pop_back();
    if (result.digits.empty()) return {};
    return result;
}

template <class Number>
std::optional<Number> numberFrom(const std::string& token) noexcept {
    Number number{};
    const char* end = token.data() + token.size();
    const auto [behind, error] = std::from_chars(token.data(), end, number);
    return error == std::errc{} && behind == end ? std::optional(number) : std::nullopt;
}

bool sameMembers(const Json& a, const Json& b) noexcept {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.keys.size() || j < b.keys.size()) {
        const bool inA = i < a.keys.size() && (j == b.keys.size() || a.keys[i] <= b.keys[j]);
        const bool inB = j < b.keys.size() && (i == a.keys.size() || b.keys[j] <= a.keys[i]);
        if (inA && inB) {
            if (!sameValue(a.items[i], b.items[j])) return false;
        } else if (!(inA ? a.items[i] : b.items[j]).isNull()) {
            return false;
        }
        i += inA ? 1 : 0;
        j += inB ? 1 : 0;
    }
    return true;
}

}  // namespace

const Json& Json::absent() noexcept {
    static const Json null;
    return null;
}

const Json& Json::operator[](std::string_view key) const noexcept {
    const auto it = std::ranges::lower_bound(keys, key);
    if (it == keys.end() || *it != key) return absent();
    return items[static_cast<std::size_t>(it - keys.begin())];
}

const Json& Json::at(std::size_t index) const noexcept {
    return isArray() && index < items.size() ? items[index] : absent();
}

const std::vector<Json>& Json::elements() const noexcept {
    return isArray() ? items : absent().items;
}

std::string_view Json::string() const noexcept {
    return isString() ? text : std::string_view{};
}

std::optional<std::uint64_t> Json::count() const noexcept {
    return isNumber() ? numberFrom<std::uint64_t>(text) : std::nullopt;
}

std::optional<double> Json::number() const noexcept {
    return isNumber() ? numberFrom<double>(text) : std::nullopt;
}

bool sameNumber(std::string_view a, std::string_view b) noexcept {
    return a == b || decimal(a) == decimal(b);
}

bool sameValue(const Json& a, const Json& b) noexcept {
    if (a.kind != b.kind) return false;
    switch (a.kind) {
        case Json::Kind::Number:
            return sameNumber(a.text, b.text);
        case Json::Kind::Array:
            return std::ranges::equal(a.items, b.items, sameValue);
        case Json::Kind::Object:
            return sameMembers(a, b);
        default:
            return a.text == b.text;
    }
}

}  // namespace driftkeeper
