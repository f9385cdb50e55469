#include "parsers/json/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <numeric>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int maximalDepth = 512;

// RFC 8259 section 6.
bool isNumber(std::string_view token) noexcept {
    std::size_t i = 0;
    const auto digits = [&] {
        const auto begin = i;
        while (i < token.size() && isDigit(token[i])) ++i;
        return i > begin;
    };
    if (i < token.size() && token[i] == '-') ++i;
    if (i < token.size() && token[i] == '0') {
        ++i;
    } else if (!digits()) {
        return false;
    }
    if (i < token.size() && token[i] == '.') {
        ++i;
        if (!digits()) return false;
    }
    if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
        ++i;
        if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
        if (!digits()) return false;
    }
    return i == token.size();
}

bool sortMembers(Json& object) {
    auto& keys = object.keys;
    if (!std::ranges::is_sorted(keys)) {
        std::vector<std::size_t> order(keys.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t i) -> const std::string& { return keys[i]; });
        Json sorted;
        sorted.kind = Json::Kind::Object;
        for (const auto i : order) {
            sorted.keys.push_back(std::move(keys[i]));
            sorted.items.push_back(std::move(object.items[i]));
        }
        object = std::move(sorted);
    }
    return std::ranges::adjacent_find(object.keys) == object.keys.end();
}

bool build(ondemand::value from, Json& to, int depth);

bool buildArray(ondemand::value from, Json& to, int depth) {
    to.kind = Json::Kind::Array;
    ondemand::array array;
    if (from.get_array().get(array)) return false;
    for (auto element : array) {
        ondemand::value value;
        if (element.get(value) || !build(value, to.items.emplace_back(), depth + 1)) return false;
    }
    return true;
}

bool buildObject(ondemand::value from, Json& to, int depth) {
    to.kind = Json::Kind::Object;
    ondemand::object object;
    if (from.get_object().get(object)) return false;
    for (auto member : object) {
        ondemand::field field;
        if (std::move(member).get(field)) return false;
        std::string_view key;
        if (field.unescaped_key().get(key)) return false;
        to.keys.emplace_back(key);
        if (!build(field.value(), to.items.emplace_back(), depth + 1)) return false;
    }
    return sortMembers(to);
}

bool buildScalar(ondemand::value from, Json& to) {
    const auto token = trimmed(from.raw_json_token());
    if (token == "null") {
        to.kind = Json::Kind::Null;
    } else if (token == "true" || token == "false") {
        to.kind = Json::Kind::Bool;
        to.text = token;
    } else if (isNumber(token)) {
        to.kind = Json::Kind::Number;
        to.text = token;
    } else {
        return false;
    }
    return true;
}

bool build(ondemand::value from, Json& to, int depth) {
    if (depth > maximalDepth) return false;
    ondemand::json_type type{};
    if (from.type().get(type)) return false;
    switch (type) {
        case ondemand::json_type::array:
            return buildArray(from, to, depth);
        case ondemand::json_type::object:
            return buildObject(from, to, depth);
        case ondemand::json_type::string: {
            std::string_view text;
            if (from.get_string().get(text)) return false;
            to.kind = Json::Kind::String;
            to.text = text;
            return true;
        }
        default:
            return buildScalar(from, to);
    }
}

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
        const auto [end, error] = std::from_chars(exponent.data(), exponent.data() + exponent.size(), result.exponent);
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

std::string_view Json::string() const noexcept {
    return kind == Kind::String ? text : std::string_view{};
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

bool isUtf8(std::string_view text) noexcept {
    return simdjson::validate_utf8(text.data(), text.size());
}

struct JsonReader::Parser {
    ondemand::parser parser;
    std::string buffer;
};

JsonReader::JsonReader() : parser_(std::make_unique<Parser>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

Result<Json> JsonReader::read(std::string_view text) {
    const auto broken = [] { return failure(Remedy::Report, "invalid_json", "text is no valid JSON value"); };
    // Within an array every value is read the same way, also a lone scalar.
    auto& buffer = parser_->buffer;
    buffer.assign(1, '[');
    buffer += text;
    buffer += ']';
    const auto size = buffer.size();
    buffer.append(simdjson::SIMDJSON_PADDING, ' ');
    ondemand::document document;
    if (parser_->parser.iterate(buffer.data(), size, buffer.size()).get(document)) return broken();
    ondemand::array array;
    if (document.get_array().get(array)) return broken();
    Json result;
    int count = 0;
    for (auto element : array) {
        ondemand::value value;
        if (++count > 1 || element.get(value) || !build(value, result, 0)) return broken();
    }
    if (count != 1 || document.current_location().error() != simdjson::OUT_OF_BOUNDS) return broken();
    return result;
}

}  // namespace driftkeeper
