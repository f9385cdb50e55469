#include "parsers/terraform/spelling.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"

namespace driftkeeper::terraform {
namespace {

bool isNullForZero(const Json& a, const Json& b) noexcept {
    return a.isNull() && &a != &Json::absent() && &b != &Json::absent() && isZero(b);
}

std::vector<std::string> sortedElements(const Json& list) {
    std::vector<std::string> texts;
    texts.reserve(list.items.size());
    for (const auto& item : list.items) texts.push_back(canonicalText(item));
    std::ranges::sort(texts);
    return texts;
}

std::optional<Json> documentIn(const Json& value) {
    const auto text = value.string();
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '['))
        return std::nullopt;
    auto document = readJson(text);
    if (!document) return std::nullopt;
    return *std::move(document);
}

// Brings the lists that are sets into one order.
void orderSets(Json& value, bool isSet, bool isSetBelow) {
    static constexpr std::array<std::string_view, 4> sets = {"Action", "NotAction", "Resource",
                                                             "NotResource"};
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const std::string_view key =
            value.isObject() ? std::string_view(value.keys[i]) : std::string_view();
        const bool below = isSetBelow || key == "Principal" || key == "Condition";
        orderSets(value.items[i], below || std::ranges::find(sets, key) != sets.end(), below);
    }
    if (value.isArray() && isSet) std::ranges::sort(value.items, {}, canonicalText);
}

bool isSameDocument(const Json& a, const Json& b) {
    auto one = documentIn(a);
    auto other = documentIn(b);
    if (!one || !other || one->kind != other->kind) return false;
    orderSets(*one, false, false);
    orderSets(*other, false, false);
    return *one == *other;
}

}  // namespace

bool isZero(const Json& value) noexcept {
    return value.isNull() || value.text == "false" ||
           (value.kind == Json::Kind::Number && sameNumber(value.text, "0")) ||
           (value.text.empty() && value.items.empty());
}

bool isSameInAnotherSpelling(const Json& a, const Json& b) {
    return sameValue(a, b) || isNullForZero(a, b) || isNullForZero(b, a) || isSameDocument(a, b);
}

bool isReordering(const Json& a, const Json& b) {
    return a.isArray() && b.isArray() && a.items.size() == b.items.size() &&
           sortedElements(a) == sortedElements(b);
}

}  // namespace driftkeeper::terraform
