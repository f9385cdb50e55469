#pragma once

#include <map>
#include <vector>

#include "parsers/gitops/declared_object.hpp"
#include "parsers/gitops/documents.hpp"

namespace driftkeeper::gitops {

// The wanted objects of Git and of the cluster, by name. Borrows both.
struct TwoSides {
    // `space`: of what is declared without a namespace. `rendered`: of the last look that found
    // everything in sync; nullptr: there was none.
    TwoSides(const std::vector<Json>& inGit, const std::vector<Json>& inCluster,
             const Wanted& wanted, std::string_view space, const Rendered* rendered)
        : lastClean(rendered) {
        for (const Json& object : inCluster)
            if (wanted.isWanted(object)) live.emplace(nameOf(object), &object);
        for (const Json& object : inGit)
            if (wanted.isWanted(object)) declared.emplace(nameOf(object, space), &object);
    }

    // nullptr: the cluster has none.
    [[nodiscard]] const Json* liveOf(const ObjectName& name) const {
        const auto at = live.find(name);
        return at == live.end() ? nullptr : at->second;
    }

    // Git asked for it at the last look that found everything in sync.
    [[nodiscard]] bool isRemembered(const ObjectName& name) const {
        return lastClean != nullptr && lastClean->contains(name.address());
    }

    std::map<ObjectName, const Json*> live;
    std::map<ObjectName, const Json*> declared;
    const Rendered* lastClean;
};

}  // namespace driftkeeper::gitops
