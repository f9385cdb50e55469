#include "parsers/cloudformation/answers.hpp"

#include <algorithm>

#include "parsers/json/json.hpp"

namespace driftkeeper::cloudformation {
namespace {

std::unexpected<Error> unreadable(std::string_view what) {
    return failure(Remedy::Report, "output_unreadable", "the answer has no " + std::string(what));
}

Result<Json> documentOf(std::string_view answer) {
    auto document = readJson(answer);
    if (!document) return failure(Remedy::Report, "output_unreadable", "the answer is no JSON");
    return document;
}

std::string text(const Json& value) {
    return std::string(value.string());
}

std::optional<Json> propertiesIn(const Json& value) {
    if (value.string().empty()) return std::nullopt;
    auto properties = readJson(value.string());
    if (!properties || !properties->isObject()) return std::nullopt;
    return *std::move(properties);
}

ResourceDrift driftOf(const Json& value) {
    ResourceDrift drift{
        text(value["LogicalResourceId"]),        text(value["StackResourceDriftStatus"]),
        text(value["DriftStatusReason"]),        propertiesIn(value["ExpectedProperties"]),
        propertiesIn(value["ActualProperties"]), {}};
    for (const Json& one : value["PropertyDifferences"].items)
        drift.differences.push_back(
            {text(one["PropertyPath"]), text(one["ExpectedValue"]), text(one["ActualValue"])});
    return drift;
}

}  // namespace

Result<StackDescription> readStack(std::string_view answer) {
    const auto document = documentOf(answer);
    if (!document) return std::unexpected(document.error());
    const Json& stack = (*document)["Stacks"].at(0);
    if (stack["StackId"].string().empty() || stack["StackStatus"].string().empty())
        return unreadable("stack");
    StackDescription result{text(stack["StackId"]),
                            text(stack["StackName"]),
                            text(stack["StackStatus"]),
                            text(stack["StackStatusReason"]),
                            text(stack["LastUpdatedTime"]),
                            {},
                            {},
                            {}};
    for (const Json& one : stack["Parameters"].items)
        result.parameters.emplace(
            text(one["ParameterKey"]),
            StackParameter{text(one["ParameterValue"]), text(one["ResolvedValue"])});
    for (const Json& one : stack["Tags"].items)
        result.tags.emplace(text(one["Key"]), text(one["Value"]));
    for (const Json& one : stack["Outputs"].items)
        result.outputs.push_back({text(one["OutputKey"]), text(one["ExportName"])});
    return result;
}

Result<std::vector<StackResource>> readResources(std::string_view answer) {
    const auto document = documentOf(answer);
    if (!document) return std::unexpected(document.error());
    const Json& summaries = (*document)["StackResourceSummaries"];
    if (!summaries.isArray()) return unreadable("StackResourceSummaries");
    std::vector<StackResource> resources;
    for (const Json& one : summaries.items) {
        StackResource resource{text(one["LogicalResourceId"]), text(one["PhysicalResourceId"]),
                               text(one["ResourceType"]), text(one["ResourceStatus"]),
                               text(one["DriftInformation"]["StackResourceDriftStatus"])};
        const bool isGone =
            resource.status == "DELETE_COMPLETE" || resource.status == "DELETE_SKIPPED";
        if (!isGone && !resource.logicalId.empty()) resources.push_back(std::move(resource));
    }
    return resources;
}

Result<ResourceDrifts> readResourceDrifts(std::string_view answer) {
    const auto document = documentOf(answer);
    if (!document) return std::unexpected(document.error());
    const Json& list = (*document)["StackResourceDrifts"];
    if (!list.isArray()) return unreadable("StackResourceDrifts");
    ResourceDrifts result{{}, text((*document)["NextToken"])};
    for (const Json& one : list.items) result.drifts.push_back(driftOf(one));
    return result;
}

Result<std::string> readDetectionId(std::string_view answer) {
    const auto document = documentOf(answer);
    if (!document) return std::unexpected(document.error());
    if ((*document)["StackDriftDetectionId"].string().empty())
        return unreadable("StackDriftDetectionId");
    return text((*document)["StackDriftDetectionId"]);
}

Result<Detection> readDetection(std::string_view answer) {
    const auto document = documentOf(answer);
    if (!document) return std::unexpected(document.error());
    if ((*document)["DetectionStatus"].string().empty()) return unreadable("DetectionStatus");
    return Detection{text((*document)["DetectionStatus"]),
                     text((*document)["DetectionStatusReason"]),
                     text((*document)["StackDriftStatus"])};
}

Result<Template> readTemplateAnswer(std::string_view answer) {
    const auto document = documentOf(answer);
    if (!document) return std::unexpected(document.error());
    const Json& body = (*document)["TemplateBody"];
    if (body.isObject()) return templateOf(body);
    if (body.string().empty()) return unreadable("TemplateBody");
    return readTemplate(body.string());
}

std::optional<ServiceError> serviceErrorIn(std::string_view said) {
    constexpr std::string_view begin = "An error occurred (";
    constexpr std::string_view middle = ") when calling the ";
    constexpr std::string_view operationEnd = " operation";
    const auto at = said.rfind(begin);
    if (at == std::string_view::npos) return std::nullopt;
    said.remove_prefix(at + begin.size());
    const auto codeEnd = said.find(middle);
    if (codeEnd == std::string_view::npos) return std::nullopt;
    ServiceError error{std::string(said.substr(0, codeEnd)), {}, {}};
    said.remove_prefix(codeEnd + middle.size());
    const auto operation = said.find(operationEnd);
    error.operation = said.substr(0, operation);
    if (operation == std::string_view::npos) return error;
    said.remove_prefix(operation + operationEnd.size());
    if (said.starts_with(" (reached max retries"))
        said.remove_prefix(std::min(said.find(')'), said.size()));
    const auto colon = said.find(": ");
    if (colon != std::string_view::npos)
        error.message = said.substr(colon + 2, said.find('\n', colon) - colon - 2);
    return error;
}

}  // namespace driftkeeper::cloudformation
