#include "parsers/yaml/core_tags.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace driftkeeper {
namespace {

constexpr std::string_view base64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The types whose value the text itself says, quoted or not.
constexpr std::array<std::string_view, 3> typed = {"int", "float", "bool"};

// Base64 over any number of lines; nullopt: it is none.
std::optional<std::string> decoded(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    std::size_t digits = 0;
    std::size_t padding = 0;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        ++digits;
        if (c == '=') {
            ++padding;
            continue;
        }
        const auto value = base64Digits.find(c);
        if (value == std::string_view::npos || padding > 0) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        const auto held = digits % 4;  // in this group of four; each brings six bits
        if (held == 1) continue;
        bytes += static_cast<char>(bits >> (held == 0 ? 0U : 8U - 2U * held) & 0xFFU);
    }
    if (digits % 4 != 0 || padding > 2) return std::nullopt;
    return bytes;
}

bool makeText(YamlNode& node, std::string text) {
    node.kind = YamlNode::Kind::Scalar;
    node.plain = false;
    node.scalar = std::move(text);
    return true;
}

bool applyToScalar(YamlNode& node, std::string_view name) {
    if (name == "str" || name == "timestamp") return makeText(node, std::move(node.scalar));
    if (name == "null") {
        node.kind = YamlNode::Kind::Null;
        node.scalar.clear();
        return true;
    }
    if (name == "binary") {
        auto bytes = decoded(node.scalar);
        return bytes && firstUnprintable(*bytes) == std::string_view::npos &&
               makeText(node, *std::move(bytes));
    }
    if (std::ranges::find(typed, name) == typed.end()) return false;
    node.plain = true;
    return true;
}

}  // namespace

bool applyCoreTag(YamlNode& node, std::string_view name) {
    switch (node.kind) {
        case YamlNode::Kind::Sequence:
            return name == "seq";
        case YamlNode::Kind::Mapping:
            return name == "map";
        default:
            return applyToScalar(node, name);
    }
}

}  // namespace driftkeeper
