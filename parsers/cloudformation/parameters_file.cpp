#include "parsers/cloudformation/parameters_file.hpp"

#include "parsers/cloudformation/values.hpp"

namespace driftkeeper::cloudformation {
namespace {

std::string textOf(const Json& value) {
    if (!value.isArray()) return value.text;
    std::string joined;
    for (const Json& item : value.items) joined += (joined.empty() ? "" : ",") + item.text;
    return joined;
}

std::map<std::string, std::string> textsOf(const Json& object) {
    std::map<std::string, std::string> texts;
    for (std::size_t i = 0; object.isObject() && i < object.items.size(); ++i)
        if (!object.items[i].isObject()) texts.emplace(object.keys[i], textOf(object.items[i]));
    return texts;
}

std::map<std::string, std::string> pairsOf(const Json& list, const char* key, const char* value) {
    std::map<std::string, std::string> texts;
    for (const Json& one : list.items)
        if (!one[key].isNull() && !one[value].isNull())
            texts.emplace(one[key].text, textOf(one[value]));
    return texts;
}

std::map<std::string, std::string> parametersOf(const Json& value) {
    return value.isArray() ? pairsOf(value, "ParameterKey", "ParameterValue") : textsOf(value);
}

std::optional<std::map<std::string, std::string>> tagsOf(const Json& value) {
    if (value.isNull()) return std::nullopt;
    return value.isArray() ? pairsOf(value, "Key", "Value") : textsOf(value);
}

}  // namespace

Result<StackSettings> readStackSettings(std::string_view text) {
    auto read = readValue(text);
    if (!read) return std::unexpected(read.error());
    const Json& document = *read;
    if (!document.isArray() && !document.isObject())
        return failure(Remedy::Report, "broken_template", "it holds no parameters");
    const Json& path = document["template-file-path"];
    if (!path.string().empty())
        return StackSettings{parametersOf(document["parameters"]), tagsOf(document["tags"]),
                             path.text};
    const Json& parameters = document["Parameters"];
    if (parameters.isObject() || parameters.isArray() || document["Tags"].isObject())
        return StackSettings{parametersOf(parameters), tagsOf(document["Tags"]), {}};
    return StackSettings{parametersOf(document), std::nullopt, {}};
}

bool isDeploymentFile(std::string_view text) {
    if (!text.contains("template-file-path")) return false;
    const auto settings = readStackSettings(text);
    return settings && !settings->templatePath.empty();
}

}  // namespace driftkeeper::cloudformation
