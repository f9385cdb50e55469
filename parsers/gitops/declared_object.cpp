#include "parsers/gitops/declared_object.hpp"

#include <optional>
#include <utility>

#include "parsers/gitops/declared_fields.hpp"
#include "parsers/gitops/field_owners.hpp"
#include "parsers/json/json.hpp"

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

// Whoever created the object owns what its type filled in.
bool isCreators(const FieldOwner& owner, const Json& live) {
    return !owner.manager.starts_with("kubectl") && !owner.time.empty() &&
           owner.time == live["metadata"]["creationTimestamp"].string();
}

// Who set a field that Git leaves open; nullopt: nobody is known to have.
std::optional<std::string> openedBy(const Json& live, const FieldPath& path) {
    const auto owner = ownerOf(live, path);
    const bool stops = path == FieldPath{"spec", "suspend"};
    if (!owner) return stops ? std::optional(std::string()) : std::nullopt;
    const bool isPersons = owner->isPerson() && !isCreators(*owner, live);
    return stops || isPersons ? std::optional(owner->forPeople()) : std::nullopt;
}

// What `kubectl apply`, or Argo CD, noted when it applied the object last; null: nothing.
Json notedIn(const Json& live) {
    auto noted = readJson(annotationOf(live, "kubectl.kubernetes.io/last-applied-configuration"));
    return noted ? std::move(*noted) : Json();
}

// Git asks for what was applied last: of the field, or of the list that holds it.
bool isApplied(const Json& noted, const Json& declared, const FieldPath& path) {
    const Json* before = &noted;
    const Json* now = &declared;
    for (const auto& step : path) {
        if (step.empty()) break;
        before = &(*before)[step];
        now = &(*now)[step];
    }
    return !now->isNull() && sameValue(*before, *now);
}

}  // namespace

void compareDeclared(const Json& declared, const Json* live, const ObjectName& name,
                     const Rendered* lastClean, const ValueTags& tags, Divergences& divergences,
                     const IgnoreRules& ignored) {
    const std::string address = name.address();
    const auto before =
        lastClean == nullptr ? Rendered::const_iterator() : lastClean->find(address);
    const bool wasThere = lastClean != nullptr && before != lastClean->end();
    if (live == nullptr) {
        addMissing(name, wasThere, divergences);
        return;
    }
    const Json noted = notedIn(*live);
    const bool gitMoved = !wasThere || before->second != digestOf(declared, tags);
    Divergence liveMoved{Side::Live};
    Divergence waits{Side::Git};
    Divergence left{Side::Live};
    const auto blame = [&](const std::string& who) {
        if (liveMoved.changedBy.empty()) liveMoved.changedBy = who;
    };
    for (auto& [path, attribute] : differencesOf(declared, *live, tags)) {
        if (ignored.covers(path, *live)) {
            left.attributes.push_back(std::move(attribute));
            continue;
        }
        const auto owner = ownerOf(*live, path);
        const bool foreign = owner && !owner->isApplier;
        if (foreign) blame(owner->forPeople());
        const bool isLive = foreign || !gitMoved || isApplied(noted, declared, path);
        (isLive ? liveMoved : waits).attributes.push_back(std::move(attribute));
    }
    for (auto& [path, attribute] : openFieldsOf(declared, *live, tags)) {
        const auto who = openedBy(*live, path);
        if (!who) continue;
        const bool isLeft = ignored.covers(path, *live);
        if (!isLeft) blame(*who);
        (isLeft ? left : liveMoved).attributes.push_back(std::move(attribute));
    }
    for (auto* divergence : {&liveMoved, &waits})
        if (!divergence->attributes.empty()) divergences.add(name, std::move(*divergence));
    if (!left.attributes.empty()) divergences.addLeft(name, std::move(left));
}

}  // namespace driftkeeper::gitops
