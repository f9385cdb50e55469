#include "parsers/flux/flux_kinds.hpp"

#include <algorithm>
#include <set>

#include "parsers/gitops/folders.hpp"

namespace driftkeeper::flux {
namespace {

// "a__b" -> "a:b"
std::string withColons(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool colon = text.substr(at, 2) == "__";
        result += colon ? ':' : text[at];
        if (colon) ++at;
    }
    return result;
}

}  // namespace

bool isFlux(const gitops::ObjectName& name) noexcept {
    return std::ranges::any_of(fluxKinds, [&](const FluxKind& kind) {
        return kind.kind == name.kind && kind.group == name.group;
    });
}

bool isFluxObject(const Json& object) {
    const auto name = gitops::nameOf(object);
    return isFlux(name) && !name.name.empty();
}

std::vector<DiscoveredStack> discoverFlux(const std::vector<SourceFile>& files) {
    auto stacks = gitops::stacksWith(fluxObjects, files);
    for (auto& stack : stacks) stack.provider = "flux";
    return stacks;
}

gitops::ObjectName sourceOf(const Json& reference, std::string_view space) {
    const auto given = reference["namespace"].string();
    return {std::string(reference["kind"].string()), std::string(sourceGroup),
            std::string(given.empty() ? space : given), std::string(reference["name"].string())};
}

gitops::ObjectName sourceOf(const Json& object) {
    const auto name = gitops::nameOf(object);
    const Json& spec = object["spec"];
    if (name.kind == "Kustomization") return sourceOf(spec["sourceRef"], name.space);
    if (name.kind == "HelmRelease" && spec["chartRef"].isObject())
        return sourceOf(spec["chartRef"], name.space);
    if (name.kind == "HelmRelease") return sourceOf(spec["chart"]["spec"]["sourceRef"], name.space);
    return {};
}

std::vector<FluxKind> kindsFor(const std::vector<Json>& declared,
                               const std::map<std::string, std::string>& remembered) {
    std::set<std::string> wanted;
    for (const Json& object : declared) {
        wanted.insert(gitops::nameOf(object).kind);
        wanted.insert(sourceOf(object).kind);
    }
    for (const auto& [address, digest] : remembered)
        wanted.insert(address.substr(0, address.find('.')));
    std::vector<FluxKind> kinds;
    for (const auto& kind : fluxKinds)
        if (wanted.contains(std::string(kind.kind))) kinds.push_back(kind);
    return kinds;
}

gitops::ObjectName inventoryName(std::string_view id) {
    const auto first = id.find('_');
    const auto last = id.rfind('_');
    if (first == std::string_view::npos || last == first) return {};
    const auto group = id.rfind('_', last - 1);
    if (group == std::string_view::npos || group <= first) return {};
    return {std::string(id.substr(last + 1)), std::string(id.substr(group + 1, last - group - 1)),
            std::string(id.substr(0, first)), withColons(id.substr(first + 1, group - first - 1))};
}

}  // namespace driftkeeper::flux
