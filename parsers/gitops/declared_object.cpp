#include "parsers/gitops/declared_object.hpp"

#include <utility>

#include "parsers/gitops/declared_fields.hpp"
#include "parsers/gitops/field_owners.hpp"

namespace driftkeeper::gitops {
namespace {

void addMissing(const ObjectName& name, bool wasThere, Divergences& divergences) {
    if (wasThere)
        divergences.add(
            name,
            {Side::Live, Change::Deleted, {}, name.forPeople() + " is gone from the cluster"});
    else
        divergences.add(
            name,
            {Side::Git, Change::Created, {}, name.forPeople() + " is not in the cluster yet"});
}

}  // namespace

void compareDeclared(const Json& declared, const Json* live, const ObjectName& name,
                     const Rendered* lastClean, const ValueTags& tags, Divergences& divergences) {
    const std::string address = name.address();
    const auto before =
        lastClean == nullptr ? Rendered::const_iterator() : lastClean->find(address);
    const bool wasThere = lastClean != nullptr && before != lastClean->end();
    if (live == nullptr) {
        addMissing(name, wasThere, divergences);
        return;
    }
    const bool gitMoved = !wasThere || before->second != digestOf(declared, tags);
    Divergence liveMoved{Side::Live};
    Divergence waits{Side::Git};
    for (auto& [path, attribute] : differencesOf(declared, *live, tags)) {
        const auto owner = ownerOf(*live, path);
        const bool foreign = owner && !owner->isApplier;
        if (foreign && liveMoved.changedBy.empty()) liveMoved.changedBy = owner->forPeople();
        (foreign || !gitMoved ? liveMoved : waits).attributes.push_back(std::move(attribute));
    }
    for (auto* divergence : {&liveMoved, &waits})
        if (!divergence->attributes.empty()) divergences.add(name, std::move(*divergence));
}

}  // namespace driftkeeper::gitops
