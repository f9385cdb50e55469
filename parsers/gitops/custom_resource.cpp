#include "parsers/gitops/custom_resource.hpp"

#include <charconv>

#include "parsers/json/json.hpp"

namespace driftkeeper::gitops {

std::string ObjectName::type() const {
    return group.empty() ? kind : kind + "." + group;
}

std::string ObjectName::address() const {
    return type() + "/" + (space.empty() ? name : space + "/" + name);
}

std::string ObjectName::forPeople() const {
    return kind + " " + (space.empty() ? name : space + "/" + name);
}

ObjectName nameOf(const Json& object, std::string_view space) {
    const auto version = object["apiVersion"].string();
    const auto slash = version.find('/');
    const Json& metadata = object["metadata"];
    const auto given = metadata["namespace"].string();
    return {std::string(object["kind"].string()),
            slash == std::string_view::npos ? "" : std::string(version.substr(0, slash)),
            std::string(given.empty() ? space : given), std::string(metadata["name"].string())};
}

Condition conditionOf(const Json& object, std::string_view type) {
    for (const Json& condition : object["status"]["conditions"].items) {
        if (condition["type"].string() != type) continue;
        return {
            std::string(condition["status"].string()), std::string(condition["reason"].string()),
            std::string(condition["message"].string()), numberOf(condition["observedGeneration"])};
    }
    return {};
}

std::string_view annotationOf(const Json& object, std::string_view name) {
    return object["metadata"]["annotations"][name].string();
}

std::string_view labelOf(const Json& object, std::string_view name) {
    return object["metadata"]["labels"][name].string();
}

std::int64_t numberOf(const Json& value) noexcept {
    std::int64_t number = 0;
    if (value.kind != Json::Kind::Number) return 0;
    const auto read =
        std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
    return read.ec == std::errc() ? number : 0;
}

Result<std::vector<Json>> objectsOf(std::string_view text) {
    auto answer = readJson(text);
    if (!answer) return failure(Remedy::Report, "output_unreadable", answer.error().message);
    if (!answer->isObject() || (*answer)["kind"].string().empty())
        return failure(Remedy::Report, "output_unreadable",
                       "the answer is no object of Kubernetes");
    if (!(*answer)["kind"].string().ends_with("List")) return std::vector<Json>{*std::move(answer)};
    return (*answer)["items"].items;
}

}  // namespace driftkeeper::gitops
