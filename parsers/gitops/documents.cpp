#include "parsers/gitops/documents.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/gitops/manifest_text.hpp"
#include "parsers/json/json.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::gitops {
namespace {

constexpr std::array<std::string_view, 4> nulls = {"", "~", "null", "Null"};
// kubectl reads the booleans of YAML 1.1.
constexpr std::array<std::string_view, 9> yes = {"true", "True", "TRUE", "yes", "Yes",
                                                 "YES",  "on",   "On",   "ON"};
constexpr std::array<std::string_view, 9> no = {"false", "False", "FALSE", "no", "No",
                                                "NO",    "off",   "Off",   "OFF"};

bool isOneOf(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != words.end();
}

// Takes the digits at the front; false when there are none.
bool takeDigits(std::string_view& text) {
    const auto end =
        static_cast<std::size_t>(std::ranges::find_if_not(text, isDigit) - text.begin());
    text.remove_prefix(end);
    return end > 0;
}

bool isJsonNumber(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.size() > 1 && text[0] == '0' && isDigit(text[1])) return false;
    if (!takeDigits(text)) return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!takeDigits(text)) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (!takeDigits(text)) return false;
    }
    return text.empty();
}

Json scalarOf(const YamlNode& node) {
    Json value;
    value.kind = Json::Kind::String;
    value.text = node.scalar;
    if (!node.plain) return value;
    if (isOneOf(node.scalar, nulls)) return {};
    if (isOneOf(node.scalar, yes) || isOneOf(node.scalar, no)) {
        value.kind = Json::Kind::Bool;
        value.text = isOneOf(node.scalar, yes) ? "true" : "false";
    } else if (isJsonNumber(node.scalar)) {
        value.kind = Json::Kind::Number;
    }
    return value;
}

Json mappingOf(const YamlNode& node) {
    std::vector<const YamlEntry*> entries;
    for (const auto& entry : node.mapping) entries.push_back(&entry);
    std::ranges::stable_sort(
        entries, {}, [](const YamlEntry* entry) -> std::string_view { return entry->key.scalar; });
    Json value;
    value.kind = Json::Kind::Object;
    for (const auto* entry : entries) {
        if (!value.keys.empty() && value.keys.back() == entry->key.scalar) continue;
        value.keys.push_back(entry->key.scalar);
        value.items.push_back(jsonOf(entry->value));
    }
    return value;
}

bool isMarker(std::string_view line, std::string_view marker) {
    if (!line.starts_with(marker)) return false;
    return line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r';
}

Json textOf(std::string text) {
    Json value;
    value.kind = Json::Kind::String;
    value.text = std::move(text);
    return value;
}

void addMember(Json& object, const char* key, Json value) {
    object.kind = Json::Kind::Object;
    object.keys.emplace_back(key);
    object.items.push_back(std::move(value));
}

// What a document says of itself without being read: apiVersion and kind, and some name.
Json headOf(std::string_view document) {
    Json head;
    for (const char* key : {"apiVersion", "kind"})
        addMember(head, key, textOf(firstLevel(document, key)));
    Json metadata;
    addMember(metadata, "name", textOf("?"));
    addMember(head, "metadata", std::move(metadata));
    return head;
}

void addObject(Documents& documents, Json object) {
    if (!object.isObject()) return;
    const Json& items = object["items"];
    if (!object["kind"].string().ends_with("List") || !items.isArray()) {
        documents.objects.push_back(std::move(object));
        return;
    }
    for (const Json& item : items.items) addObject(documents, item);
}

}  // namespace

Json jsonOf(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::Null:
            return {};
        case YamlNode::Kind::Scalar:
            return scalarOf(node);
        case YamlNode::Kind::Mapping:
            return mappingOf(node);
        case YamlNode::Kind::Sequence:
            break;
    }
    Json value;
    value.kind = Json::Kind::Array;
    for (const auto& item : node.sequence) value.items.push_back(jsonOf(item));
    return value;
}

std::vector<std::string_view> splitDocuments(std::string_view text) {
    std::vector<std::string_view> documents;
    std::size_t begin = 0;
    const auto end = [&](std::size_t at) {
        const auto part = text.substr(begin, std::max(at, begin) - begin);
        if (part.find_first_not_of(" \t\r\n") != std::string_view::npos) documents.push_back(part);
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, next - at);
        if (isMarker(line, "---") || isMarker(line, "...")) {
            end(at);
            begin = at + 3;
        }
        at = next + 1;
    }
    end(text.size());
    return documents;
}

Documents documentsOf(std::string_view text, std::string_view needle) {
    Documents documents;
    if (const auto first = text.find_first_not_of(" \t\r\n");
        first != std::string_view::npos && text[first] == '{') {
        if (auto object = readJson(text)) {
            addObject(documents, *std::move(object));
            return documents;
        }
    }
    for (const auto part : splitDocuments(text)) {
        if (part.find(needle) == std::string_view::npos) continue;
        YamlDocument document = parseYaml(part);
        if (document.mistakes.empty())
            addObject(documents, jsonOf(document.root));
        else
            documents.mistakes.push_back(std::move(document.mistakes.front()));
    }
    return documents;
}

Documents documentsOf(std::string_view text, const Wanted& wanted) {
    Documents documents = documentsOf(text, wanted.needle);
    std::erase_if(documents.objects, [&](const Json& object) { return !wanted.isWanted(object); });
    return documents;
}

bool holdsWanted(std::string_view text, const Wanted& wanted) {
    const Documents documents = documentsOf(text, wanted);
    if (!documents.objects.empty()) return true;
    if (documents.mistakes.empty()) return false;
    return std::ranges::any_of(splitDocuments(text), [&](std::string_view part) {
        return !hasTemplateMarks(part) && wanted.isWanted(headOf(part));
    });
}

}  // namespace driftkeeper::gitops
