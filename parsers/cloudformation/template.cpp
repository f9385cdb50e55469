#include "parsers/cloudformation/template.hpp"

#include <algorithm>

#include "parsers/cloudformation/values.hpp"

namespace driftkeeper::cloudformation {
namespace {

// "5", 5 and true are given to a parameter as the same text.
std::optional<std::string> scalarText(const Json& value) {
    if (value.isNull() || value.isArray() || value.isObject()) return std::nullopt;
    return value.text;
}

TemplateParameter parameterOf(const Json& value) {
    return {std::string(value["Type"].string()), scalarText(value["Default"]),
            value["NoEcho"].text == "true"};
}

// One name and a list of one are the same, and the order says nothing.
Json dependsOn(const Json& value) {
    Json list = value.isArray() ? value : listOf({value});
    std::ranges::sort(list.items, {}, canonicalText);
    return list;
}

TemplateResource resourceOf(const Json& value) {
    TemplateResource resource{std::string(value["Type"].string()),
                              std::string(value["Condition"].string()),
                              value["Properties"],
                              {}};
    Members attributes;
    for (const char* name :
         {"DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy", "CreationPolicy"})
        attributes.emplace(name, value[name]);
    if (!value["DependsOn"].isNull())
        attributes.emplace("DependsOn", dependsOn(value["DependsOn"]));
    resource.attributes = objectOf(std::move(attributes));
    return resource;
}

TemplateResource loopOf(const Json& value) {
    return {"", "", objectOf({{"Loop", value}}), {}};
}

template <class Read>
auto mapped(const Json& section, Read read) {
    std::map<std::string, decltype(read(section))> result;
    for (std::size_t i = 0; section.isObject() && i < section.items.size(); ++i)
        result.emplace(section.keys[i], read(section.items[i]));
    return result;
}

std::unexpected<Error> broken(std::string message) {
    return failure(Remedy::Report, "broken_template", std::move(message));
}

}  // namespace

Result<Template> templateOf(const Json& document) {
    const Json& resources = document["Resources"];
    if (!resources.isObject() || resources.items.empty()) return broken("it has no Resources");
    Template result;
    result.parameters = mapped(document["Parameters"], parameterOf);
    for (std::size_t i = 0; i < resources.items.size(); ++i) {
        const bool isLoop = resources.keys[i].starts_with("Fn::");
        if (!isLoop && resources.items[i]["Type"].string().empty())
            return broken("resource " + resources.keys[i].substr(0, 100) + " has no Type");
        result.resources.emplace(resources.keys[i], isLoop ? loopOf(resources.items[i])
                                                           : resourceOf(resources.items[i]));
    }
    result.mappings = document["Mappings"];
    result.conditions = document["Conditions"];
    result.outputs = document["Outputs"];
    result.transformed = !document["Transform"].isNull();
    return result;
}

Result<Template> readTemplate(std::string_view text) {
    const auto document = readValue(text);
    if (!document) return std::unexpected(document.error());
    return templateOf(*document);
}

bool mayBeTemplate(std::string_view text) noexcept {
    return text.contains("Resources") && text.contains("::");
}

}  // namespace driftkeeper::cloudformation
