#include "parsers/flux/flux_graph.hpp"

#include <string>

#include "parsers/flux/flux_kinds.hpp"
#include "parsers/graph/identity.hpp"

namespace driftkeeper::flux {
namespace {

using gitops::ObjectName;

Resource resourceOf(const ObjectName& name, std::string_view cluster) {
    return {name.address(), name.type(),
            name.space.empty() ? name.name : name.space + "/" + name.name, "flux",
            kubernetesIdentity(cluster, name.group, name.kind, name.space, name.name)};
}

void linkDependencies(ResourceGraph& graph, const Json& object, const ObjectName& name) {
    const ObjectName source = sourceOf(object);
    if (!source.name.empty()) graph.link(name.address(), source.address());
    for (const Json& other : object["spec"]["dependsOn"].items) {
        const auto space = other["namespace"].string();
        const ObjectName dependency{name.kind, name.group,
                                    space.empty() ? name.space : std::string(space),
                                    std::string(other["name"].string())};
        graph.link(name.address(), dependency.address());
    }
}

void linkInventory(ResourceGraph& graph, const Json& object, const ObjectName& name) {
    for (const Json& entry : object["status"]["inventory"]["entries"].items) {
        const ObjectName applied = inventoryName(entry["id"].string());
        // The Kustomization that flux bootstrap makes applies itself.
        if (!applied.kind.empty() && applied != name) graph.link(applied.address(), name.address());
    }
}

}  // namespace

ResourceGraph graphOf(const std::vector<const Json*>& objects, std::string_view cluster) {
    ResourceGraph graph;
    for (const Json* object : objects) graph.add(resourceOf(gitops::nameOf(*object), cluster));
    for (const Json* object : objects)
        for (const Json& entry : (*object)["status"]["inventory"]["entries"].items)
            if (const ObjectName applied = inventoryName(entry["id"].string());
                !applied.kind.empty())
                graph.add(resourceOf(applied, cluster));
    for (const Json* object : objects) {
        const ObjectName name = gitops::nameOf(*object);
        linkDependencies(graph, *object, name);
        linkInventory(graph, *object, name);
    }
    return graph;
}

}  // namespace driftkeeper::flux
