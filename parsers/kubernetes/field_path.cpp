#include "parsers/kubernetes/field_path.hpp"

#include <algorithm>
#include <charconv>

#include "parsers/json/json_string.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::kubernetes {
namespace {

bool isIdentifier(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || c == '_' || c == '-';
    });
}

std::string_view keyText(const Json& item, std::string_view key) noexcept {
    const Json& value = item[key];
    return value.isNull() && key == "protocol" ? std::string_view("TCP")
                                               : std::string_view(value.text);
}

}  // namespace

std::string toText(const Path& path) {
    std::string text;
    for (const Step& step : path) {
        if (step.kind != Step::Kind::Member) {
            text += "[" + step.text + "]";
        } else if (isIdentifier(step.text)) {
            text += (text.empty() ? "" : ".") + step.text;
        } else {
            text += "[" + jsonString(step.text) + "]";
        }
    }
    return text;
}

const Json& valueAt(const Json& root, const Path& path) noexcept {
    const Json* value = &root;
    const auto orAbsent = [](const Json* found) {
        return found == nullptr ? &Json::absent() : found;
    };
    for (const Step& step : path) {
        if (step.kind == Step::Kind::Member) {
            value = &(*value)[step.text];
        } else if (step.kind == Step::Kind::Index) {
            std::size_t index = 0;
            std::from_chars(step.text.data(), step.text.data() + step.text.size(), index);
            value = &value->at(index);
        } else if (step.kind == Step::Kind::Element) {
            value = orAbsent(elementLike(*value, *step.item));
        } else {
            value = orAbsent(itemLike(*value, *step.item, step.keys));
        }
    }
    return *value;
}

const Json* itemLike(const Json& list, const Json& item, const Keys& keys) noexcept {
    if (!list.isArray() || keys.empty()) return nullptr;
    for (const Json& candidate : list.items)
        if (std::ranges::all_of(keys, [&](const std::string& key) {
                return keyText(candidate, key) == keyText(item, key);
            }))
            return &candidate;
    return nullptr;
}

const Json* elementLike(const Json& set, const Json& element) noexcept {
    if (!set.isArray()) return nullptr;
    const auto found =
        std::ranges::find_if(set.items, [&](const Json& one) { return sameValue(one, element); });
    return found == set.items.end() ? nullptr : &*found;
}

Step itemStep(const Json& item, const Keys& keys) {
    Step step{Step::Kind::Item, "", &item, keys};
    for (const std::string& key : keys)
        step.text += (step.text.empty() ? "" : ",") + key + "=" + std::string(keyText(item, key));
    return step;
}

Step elementStep(const Json& element) {
    return {Step::Kind::Element, canonicalText(element), &element, {}};
}

}  // namespace driftkeeper::kubernetes
