#include "parsers/terraform/spelling.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "parsers/json/document.hpp"
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

// Lists and numbers of the resource's own are compared by the schema; what stands in a text is not.
bool isSameText(const Json& a, const Json& b) {
    const auto one = documentIn(a);
    const auto other = documentIn(b);
    return one && other && one->kind == other->kind && isSameDocument(*one, *other);
}

}  // namespace

bool isZero(const Json& value) noexcept {
    return value.isNull() || value.text == "false" ||
           (value.kind == Json::Kind::Number && sameNumber(value.text, "0")) ||
           (value.text.empty() && value.items.empty());
}

bool isSameInAnotherSpelling(const Json& a, const Json& b) {
    return sameValue(a, b) || isNullForZero(a, b) || isNullForZero(b, a) || isSameText(a, b);
}

bool isReordering(const Json& a, const Json& b) {
    return a.isArray() && b.isArray() && a.items.size() == b.items.size() &&
           sortedElements(a) == sortedElements(b);
}

}  // namespace driftkeeper::terraform
