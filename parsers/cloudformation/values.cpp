#include "parsers/cloudformation/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "parsers/json/json.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::cloudformation {
namespace {

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

Json plainValue(const std::string& text) {
    if (text.empty() || isOneOf(text, {"~", "null", "Null", "NULL"})) return {};
    if (isOneOf(text, {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}))
        return {Json::Kind::Bool, "true", {}, {}};
    if (isOneOf(text, {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}))
        return {Json::Kind::Bool, "false", {}, {}};
    // What JSON takes for a number is one; 0755 and 2012-10-17 stay as they are written.
    const bool maybeNumber = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (auto number = maybeNumber ? readJson(text) : Result<Json>(textValue(text)); number)
        return *number;
    return textValue(text);
}

// A.B.C -> [A, B.C]: the short form names the attribute behind the first dot.
Json attributeParts(const Json& value) {
    const auto text = value.string();
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return value;
    return listOf({textValue(text.substr(0, dot)), textValue(text.substr(dot + 1))});
}

std::string longName(std::string_view tag) {
    tag.remove_prefix(1);
    return tag == "Ref" || tag == "Condition" ? std::string(tag) : "Fn::" + std::string(tag);
}

Json untagged(const YamlNode& node);

Json valueOf(const YamlNode& node) {
    Json value = untagged(node);
    if (node.tag.size() < 2) return value;
    const auto name = longName(node.tag);
    return objectOf({{name, name == "Fn::GetAtt" ? attributeParts(value) : std::move(value)}});
}

Json untagged(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::Null:
            return {};
        case YamlNode::Kind::Scalar:
            return node.plain && node.tag.empty() ? plainValue(node.scalar)
                                                  : textValue(node.scalar);
        case YamlNode::Kind::Sequence: {
            std::vector<Json> items;
            for (const auto& item : node.sequence) items.push_back(valueOf(item));
            return listOf(std::move(items));
        }
        case YamlNode::Kind::Mapping:
            break;
    }
    Members members;
    for (const auto& [key, item] : node.mapping) {
        Json value = valueOf(item);
        members.insert_or_assign(
            key.scalar, key.scalar == "Fn::GetAtt" ? attributeParts(value) : std::move(value));
    }
    return objectOf(std::move(members));
}

Result<Json> readYaml(std::string_view text) {
    // The tools that send such templates take the last of repeated keys (aws package, sam: PyYAML).
    const auto document = parseYaml(text, YamlTags::Kept, YamlKeys::LastCounts);
    if (document.mistakes.empty()) return valueOf(document.root);
    const auto& mistake = document.mistakes.front();
    return failure(Remedy::Report, "broken_template",
                   fmt::format("line {} column {}: {}", mistake.position.line,
                               mistake.position.column, mistake.message));
}

}  // namespace

Json textValue(std::string_view text) {
    return {Json::Kind::String, std::string(text), {}, {}};
}

Json listOf(std::vector<Json> items) {
    return {Json::Kind::Array, {}, {}, std::move(items)};
}

Json objectOf(Members members) {
    Json object;
    object.kind = Json::Kind::Object;
    for (auto& [key, value] : members) {
        if (value.isNull()) continue;
        object.keys.push_back(key);
        object.items.push_back(std::move(value));
    }
    return object;
}

Result<Json> readValue(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{') {
        if (auto json = readJson(text)) return json;
    }
    return readYaml(text);  // JSON is YAML: its mistakes have places there
}

std::string_view functionName(const Json& value) noexcept {
    if (!value.isObject() || value.keys.size() != 1) return {};
    const std::string_view key = value.keys.front();
    return key == "Ref" || key == "Condition" || key.starts_with("Fn::") ? key : std::string_view{};
}

}  // namespace driftkeeper::cloudformation
