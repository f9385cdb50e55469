// `driftkeeper config schema`: JSON Schema 2020-12 of the settings file, for editors and other
// programs.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "daemon/commands/commands.hpp"
#include "daemon/settings/settings_file.hpp"

namespace driftkeeper {
namespace {

using ShownJson = nlohmann::ordered_json;
using Kind = SettingNode::Kind;

// Any of these, and null where that means nothing is given.
ShownJson types(std::vector<std::string> names, bool takesNull) {
    if (takesNull) names.emplace_back("null");
    return names.size() == 1 ? ShownJson(names[0]) : ShownJson(names);
}

ShownJson defaultOf(const SettingNode& node) {
    const auto values = node.fixedDefault();
    if (values.empty()) return nullptr;
    if (node.kind == Kind::List) return values;
    if (node.kind == Kind::Boolean) return values[0] == "true";
    if (node.kind == Kind::Integer) return std::stol(values[0]);
    return values[0];
}

// At most one of two keys excludes both together; of more exactly one or none is there.
ShownJson groupRule(const SettingNode::Group& group) {
    if (!group.needed && group.keys.size() == 2) return {{"not", {{"required", group.keys}}}};
    ShownJson ways = ShownJson::array();
    for (const auto& key : group.keys) ways.push_back({{"required", {key}}});
    if (!group.needed) ways.push_back({{"not", {{"anyOf", ShownJson(ways)}}}});
    return {{"oneOf", std::move(ways)}};
}

ShownJson ruleOf(const SettingNode::Rule& rule) {
    ShownJson condition{{"required", {rule.key}}};
    if (!rule.word.empty()) {
        const bool isFlag = rule.word == "true" || rule.word == "false";
        condition["properties"][rule.key]["const"] =
            isFlag ? ShownJson(rule.word == "true") : ShownJson(rule.word);
    }
    ShownJson then = ShownJson::object();
    for (const auto& key : rule.excluded) {
        const auto dot = key.find('.');
        if (dot == key.npos)
            then["properties"][key] = false;
        else
            then["properties"][key.substr(0, dot)]["properties"][key.substr(dot + 1)] = false;
    }
    if (!rule.required.empty()) then["required"] = rule.required;
    return {{"if", std::move(condition)}, {"then", std::move(then)}};
}

class SchemaWriter {
public:
    ShownJson whole(const SettingNode& root) {
        ShownJson schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"$id", "urn:driftkeeper:settings:1"},
                         {"title", "Settings of driftkeeper"}};
        schema.update(plain(root));
        if (!shared_.empty()) schema["$defs"] = std::move(shared_);
        return schema;
    }

private:
    // One key: what people are told of it, and what it may be.
    ShownJson key(const SettingNode& node) {
        ShownJson schema = ShownJson::object();
        if (!node.help.empty()) schema["description"] = node.help;
        if (auto fallback = defaultOf(node); !fallback.is_null())
            schema["default"] = std::move(fallback);
        schema.update(what(node));
        return schema;
    }

    ShownJson what(const SettingNode& node) {
        if (node.forms.empty()) return plain(node);
        ShownJson forms = ShownJson::array();
        for (const auto& form : node.forms) forms.push_back(what(form));
        return {{"anyOf", std::move(forms)}};
    }

    ShownJson plain(const SettingNode& node) {
        switch (node.kind) {
            case Kind::Mapping:
                return mapping(node);
            case Kind::Names:
                return names(node);
            case Kind::List:
                return list(node);
            case Kind::Boolean:
                return {{"type", "boolean"}};
            case Kind::Integer:
                return {{"type", "integer"}, {"minimum", node.least}, {"maximum", node.most}};
            case Kind::Text:
                return text(node);
            case Kind::Unknown:
                break;
        }
        return ShownJson::object();
    }

    static ShownJson text(const SettingNode& node) {
        if (!node.words.empty()) return {{"enum", node.words}};
        ShownJson schema{{"type", node.takesNumbers ? types({"string", "number", "boolean"}, false)
                                                    : ShownJson("string")}};
        if (!node.pattern.empty()) schema["pattern"] = node.pattern;
        return schema;
    }

    ShownJson mapping(const SettingNode& node) {
        ShownJson properties = ShownJson::object();
        ShownJson required = ShownJson::array();
        ShownJson rules = ShownJson::array();
        bool isNeeded = node.needsPart;
        for (const auto& part : node.parts) {
            properties[part.key] = key(part);
            if (part.needed) required.push_back(part.key);
        }
        for (const auto& group : node.groups) {
            rules.push_back(groupRule(group));
            isNeeded |= group.needed;
        }
        for (const auto& rule : node.rules) rules.push_back(ruleOf(rule));
        ShownJson schema{{"type", types({"object"}, required.empty() && !isNeeded)},
                         {"properties", std::move(properties)},
                         {"additionalProperties", false}};
        if (!required.empty()) schema["required"] = std::move(required);
        if (node.needsPart) schema["minProperties"] = 1;
        if (!rules.empty()) schema["allOf"] = std::move(rules);
        return schema;
    }

    ShownJson names(const SettingNode& node) {
        ShownJson schema{{"type", types({"object"}, true)},
                         {"additionalProperties", key(node.parts.front())}};
        if (!node.pattern.empty()) schema["propertyNames"] = {{"pattern", node.pattern}};
        return schema;
    }

    // Brackets may be left out around a single item; null is an empty list.
    ShownJson list(const SettingNode& node) {
        const auto item = shared(node.parts.front());
        ShownJson items{{"type", "array"}, {"items", item}};
        if (node.needsPart) items["minItems"] = 1;
        ShownJson ways{std::move(items), item};
        if (!node.needsPart) ways.push_back({{"type", "null"}});
        return {{"anyOf", std::move(ways)}};
    }

    // What is long stands once.
    ShownJson shared(const SettingNode& item) {
        auto schema = what(item);
        if (item.forms.empty() && item.kind != Kind::Mapping) return schema;
        std::string name;
        for (const char c : item.path)
            if (c != '[' && c != ']') name += c;
        shared_[name] = std::move(schema);
        return {{"$ref", "#/$defs/" + name}};
    }

    ShownJson shared_ = ShownJson::object();
};

}  // namespace

int printSchema(const Options& /*options*/) {
    std::puts(SchemaWriter().whole(settingsDescription()).dump(2).c_str());
    return 0;
}

}  // namespace driftkeeper
