#include "parsers/kubernetes/manifest.hpp"

#include "parsers/json/json.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/yaml/yaml.hpp"

namespace driftkeeper::kubernetes {
namespace {

Json scalarOf(const YamlNode& node) {
    if (node.plain) {
        if (node.scalar == "~") return {};
        if (auto value = readJson(node.scalar);
            value && value->items.empty() && !value->isArray() && !value->isObject())
            return std::move(*value);
    }
    return stringOf(node.scalar);
}

Json jsonOf(const YamlNode& node) {
    Json value;
    if (node.kind == YamlNode::Kind::Scalar) return scalarOf(node);
    if (node.kind == YamlNode::Kind::Sequence) {
        value.kind = Json::Kind::Array;
        for (const YamlNode& item : node.sequence) value.items.push_back(jsonOf(item));
    }
    if (node.kind == YamlNode::Kind::Mapping) {
        value = emptyObject();
        for (const YamlEntry& entry : node.mapping)
            put(value, entry.key.scalar, jsonOf(entry.value));
    }
    return value;
}

}  // namespace

std::optional<Object> objectFromYaml(std::string_view document, const ValueTags& tags) {
    const YamlDocument read = parseYaml(document);
    if (!read.mistakes.empty()) return std::nullopt;
    Object object = objectFrom(jsonOf(read.root), tags);
    if (object.apiVersion.empty() || object.kind.empty() || object.name.empty())
        return std::nullopt;
    return object;
}

}  // namespace driftkeeper::kubernetes
