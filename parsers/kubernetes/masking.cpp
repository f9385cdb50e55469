#include "parsers/kubernetes/masking.hpp"

#include <algorithm>
#include <array>

#include "parsers/json/secret_names.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/text/url_secrets.hpp"

namespace driftkeeper::kubernetes {
namespace {

// Where a secret lies, not what it is.
bool isReference(std::string_view key) {
    constexpr std::array<std::string_view, 16> names = {
        "name", "namespace", "key",       "kind",    "apiVersion", "apiGroup",  "group", "path",
        "mode", "fieldPath", "mountPath", "subPath", "verbs",      "resources", "type",  "image"};
    return std::ranges::find(names, key) != names.end() || key.ends_with("Name") ||
           key.ends_with("Ref") || key.ends_with("Refs") || key.ends_with("Path") ||
           key.ends_with("Namespace");
}

void hide(Json& value, const ValueTags& tags) {
    if (value.isNull() || isRedacted(value)) return;
    Json tagged = emptyObject();
    put(tagged, "redacted", stringOf(tags.tag(canonicalText(value))));
    value = std::move(tagged);
}

// NAME=VALUE, --NAME=VALUE; in a text of several lines also NAME: VALUE.
bool setsSecret(std::string_view line, bool alsoColon) {
    std::size_t at = line.find('=');
    if (alsoColon) at = std::min(at, line.find(": "));
    if (at == std::string_view::npos || at + 1 >= line.size()) return false;
    const std::string_view name = line.substr(0, at);
    return name.find('/') == std::string_view::npos && looksSecret(name);
}

bool textHoldsSecret(std::string_view text) {
    if (holdsUrlPassword(text)) return true;
    const bool severalLines = text.find('\n') != std::string_view::npos;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (setsSecret(text.substr(0, end), severalLines)) return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

void maskBelow(Json& value, bool secretAbove, const ValueTags& tags);

void maskMembers(Json& object, bool secretAbove, const ValueTags& tags) {
    for (std::size_t i = 0; i < object.items.size(); ++i) {
        const std::string& key = object.keys[i];
        maskBelow(object.items[i], !isReference(key) && (secretAbove || looksSecret(key)), tags);
    }
    Json* value = find(object, "value");
    if (value != nullptr && looksSecret(object["name"].string())) hide(*value, tags);
}

// ["--password", "x"]: the word behind the name.
void maskItems(Json& array, bool secretAbove, const ValueTags& tags) {
    for (std::size_t i = 0; i < array.items.size(); ++i) {
        const std::string_view before = i == 0 ? "" : array.items[i - 1].string();
        const bool follows = before.starts_with('-') &&
                             before.find('=') == std::string_view::npos && looksSecret(before);
        maskBelow(array.items[i], secretAbove || follows, tags);
    }
}

void maskBelow(Json& value, bool secretAbove, const ValueTags& tags) {
    if (value.isObject()) {
        if (!isRedacted(value)) maskMembers(value, secretAbove, tags);
    } else if (value.isArray()) {
        maskItems(value, secretAbove, tags);
    } else if (value.kind == Json::Kind::String && !value.text.empty()) {
        if (secretAbove || textHoldsSecret(value.text)) hide(value, tags);
    }
}

}  // namespace

bool isRedacted(const Json& value) noexcept {
    return value.isObject() && value.keys.size() == 1 && value.keys[0] == "redacted" &&
           value.items[0].string().starts_with("hmac:");
}

void maskSecrets(Json& object, const ValueTags& tags) {
    if (object["kind"].string() == "Secret")
        for (const char* key : {"data", "stringData"})
            if (Json* values = find(object, key)) {
                if (!values->isObject())
                    hide(*values, tags);
                else
                    for (Json& value : values->items) hide(value, tags);
            }
    maskBelow(object, false, tags);
}

}  // namespace driftkeeper::kubernetes
