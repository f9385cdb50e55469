#include "parsers/cloudformation/git_since.hpp"

#include <utility>

#include "parsers/cloudformation/find_in.hpp"
#include "parsers/cloudformation/functions.hpp"
#include "parsers/cloudformation/values.hpp"

namespace driftkeeper::cloudformation {
namespace {

constexpr std::string_view settingPrefix = "Parameters.";
constexpr std::string_view wholePath = "asked";

// What Git gives, else the template's default; null: neither.
Json parameterValue(const StackSides& sides, const std::string& name) {
    if (const auto* given = findIn(sides.gitParameters, name)) return textValue(*given);
    const auto* parameter = findIn(sides.git.parameters, name);
    const bool hasDefault = parameter != nullptr && parameter->defaultValue;
    return hasDefault ? textValue(*parameter->defaultValue) : Json();
}

Json askedOf(const StackSides& sides, const TemplateResource& resource) {
    Members asked;
    asked["Type"] = textValue(resource.type);
    asked["Condition"] = textValue(resource.condition);
    asked["Properties"] = resource.properties;
    asked["Attributes"] = resource.attributes;
    const Json whole =
        listOf({resource.properties, objectOf({{"Condition", textValue(resource.condition)}})});
    const auto text = canonicalText(whole);
    if (text.contains("Fn::FindInMap")) asked["Mappings"] = sides.git.mappings;
    if (text.contains("Fn::If") || !resource.condition.empty())
        asked["Conditions"] = sides.git.conditions;
    Members parameters;
    for (const auto& name : namesIn(whole, sides.git.conditions))
        parameters[name] = parameterValue(sides, name);
    asked["Parameters"] = objectOf(std::move(parameters));
    return objectOf(std::move(asked));
}

Json tagsOf(const StackSides& sides) {
    Members tags;
    if (sides.tags)
        for (const auto& [name, value] : *sides.tags) tags[name] = textValue(value);
    return objectOf(std::move(tags));
}

}  // namespace

bool GitSince::hasMoved(const std::string& address, const Json& asked,
                        const ValueTags& tags) const {
    if (then_.isEmpty()) return filesMoved_;
    return then_.read(address, wholePath) != RememberedValues::tagOf(asked, tags);
}

Json askedAt(const StackSides& sides, const std::string& id) {
    if (const auto* resource = findIn(sides.git.resources, id)) return askedOf(sides, *resource);
    if (id == "Tags") return tagsOf(sides);
    return id.starts_with(settingPrefix) ? parameterValue(sides, id.substr(settingPrefix.size()))
                                         : Json();
}

void rememberAsked(const StackSides& sides, RememberedValues& values, const ValueTags& tags) {
    const auto add = [&](const std::string& id, Json asked) {
        values.add(sides.prefix + id, objectOf({{std::string(wholePath), std::move(asked)}}), tags);
    };
    for (const auto& [id, resource] : sides.git.resources) add(id, askedOf(sides, resource));
    for (const auto& [name, parameter] : sides.git.parameters)
        add(std::string(settingPrefix) + name, parameterValue(sides, name));
    add("Tags", tagsOf(sides));
}

}  // namespace driftkeeper::cloudformation
