#include "parsers/argocd/argocd_kinds.hpp"

#include <utility>

#include "parsers/gitops/folders.hpp"
#include "parsers/json/json.hpp"

namespace driftkeeper::argocd {
namespace {

Json text(std::string_view value) {
    return {Json::Kind::String, std::string(value), {}, {}};
}

// With the kind that the list leaves out.
Json completed(const Json& item) {
    Json object;
    object.kind = Json::Kind::Object;
    object.keys = {"apiVersion", "kind", "metadata", "spec", "status"};
    object.items = {text("argoproj.io/v1alpha1"), text("Application"), item["metadata"],
                    item["spec"], item["status"]};
    return object;
}

}  // namespace

bool isApplication(const gitops::ObjectName& name) noexcept {
    return name.group == argoGroup && name.kind == "Application";
}

bool isArgo(const gitops::ObjectName& name) noexcept {
    return name.group == argoGroup && (name.kind == "Application" || name.kind == "AppProject" ||
                                       name.kind == "ApplicationSet");
}

bool isArgoObject(const Json& object) {
    const auto name = gitops::nameOf(object);
    return isArgo(name) && !name.name.empty();
}

std::vector<DiscoveredStack> discoverArgo(const std::vector<SourceFile>& files) {
    auto stacks = gitops::stacksWith(argoObjects, files);
    for (auto& stack : stacks) stack.provider = "argocd";
    return stacks;
}

Result<std::vector<Json>> applicationsIn(std::string_view answer) {
    const auto list = readJson(answer);
    if (!list) return failure(Remedy::Report, "output_unreadable", list.error().message);
    // No Application at all is "items": null; an answer without metadata is somebody else's.
    const Json& items = (*list)["items"];
    if (!(*list)["metadata"].isObject() || !(items.isArray() || items.isNull()))
        return failure(Remedy::Report, "output_unreadable",
                       "the answer is no list of Applications");
    std::vector<Json> all;
    for (const Json& item : items.items) all.push_back(completed(item));
    return all;
}

}  // namespace driftkeeper::argocd
