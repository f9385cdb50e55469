#include "parsers/kubernetes/compare.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include "parsers/graph/cause.hpp"
#include "parsers/json/secrets.hpp"
#include "parsers/kubernetes/difference.hpp"
#include "parsers/kubernetes/json_edit.hpp"
#include "parsers/kubernetes/marks.hpp"
#include "parsers/kubernetes/noise.hpp"
#include "parsers/kubernetes/ownership.hpp"
#include "parsers/kubernetes/shape.hpp"
#include "parsers/kubernetes/unknown.hpp"

namespace driftkeeper::kubernetes {
namespace {

Drift driftOf(const Object& object, Side side, Change change, std::string_view cause) {
    Drift drift;
    drift.address = object.address();
    drift.type = object.type();
    drift.id = object.uid;
    drift.side = side;
    drift.change = change;
    drift.cause = cause;
    return drift;
}

// Nobody noted what was asked for: it was written by clients that update, and not by `kubectl
// apply`. What they wrote and Git does not ask for any more is known by its owner only.
bool isUnrecorded(const Object& live) {
    return !live.lastApplied && std::ranges::none_of(live.owners, &Owner::applies);
}

struct Comparer {
    const Comparison& it;
    const ValueTags& tags;
    const Appliers appliers{it.live, it.git.body, it.manager};
    const Shape shape =
        it.applied != nullptr ? Shape(it.live.owners, it.applied->owners) : Shape(it.live.owners);

    std::map<std::string, Drift> noise{};  // by cause
    std::vector<AttributeDrift> real{};
    std::set<Side> sides{};
    std::set<std::string> movers{};

    // What the field was when it was last applied: absent() for not at all, nullptr when nobody
    // noted it.
    [[nodiscard]] const Json* lastApplied(const Path& path) const {
        return it.live.lastApplied ? &valueAt(*it.live.lastApplied, path) : nullptr;
    }

    [[nodiscard]] bool movedByOthers(const Path& path) const {
        return std::ranges::any_of(it.live.owners, [&](const Owner& owner) {
            return !appliers.contains(owner) && owns(owner, path);
        });
    }

    // Somebody else wrote to the object after it was applied.
    [[nodiscard]] bool othersWroteLater() const {
        std::string applied;
        for (const Owner& owner : it.live.owners)
            if (appliers.contains(owner)) applied = std::max(applied, owner.time);
        return std::ranges::any_of(it.live.owners, [&](const Owner& owner) {
            return !appliers.contains(owner) && owner.subresource.empty() &&
                   !isController(owner.manager) && owner.time >= applied;
        });
    }

    [[nodiscard]] Side sideOf(const Difference& difference) const {
        if (it.gitSince == GitSince::Unchanged) return Side::Live;
        if (const Json* noted = lastApplied(difference.path)) {
            const bool gitMoved = !isSame(*noted, valueAt(it.git.body, difference.path));
            const bool liveMoved = !isSame(*noted, *difference.live) &&
                                   !(noted->isNull() && !movedByOthers(difference.path));
            if (!gitMoved) return Side::Live;
            return liveMoved ? Side::Both : Side::Git;
        }
        if (movedByOthers(difference.path))
            return it.gitSince == GitSince::Changed ? Side::Both : Side::Live;
        // Nobody else has it: untouched since it was applied, or taken away by somebody, which
        // leaves no owner.
        const bool mayBeTaken =
            difference.live->isNull() && it.gitSince == GitSince::Unknown && othersWroteLater();
        return mayBeTaken ? Side::Unknown : Side::Git;
    }

    [[nodiscard]] static bool isSame(const Json& a, const Json& b) {
        return sameValue(a, b) || isSpelling({{}, &a, &b}) || differences(a, b).empty();
    }

    [[nodiscard]] std::string shown(const Json& value) const { return tags.shown(value); }

    [[nodiscard]] AttributeDrift attributeOf(const Difference& difference) const {
        AttributeDrift attribute;
        attribute.path = toText(difference.path);
        attribute.git = shown(*difference.git);
        attribute.live = shown(*difference.live);
        attribute.sensitive = isRedacted(*difference.git) || isRedacted(*difference.live);
        return attribute;
    }

    void addNoise(std::string_view cause, const Difference& difference) {
        auto& drift = noise
                          .try_emplace(std::string(cause),
                                       driftOf(it.live, Side::Live, Change::Modified, cause))
                          .first->second;
        drift.attributes.push_back(attributeOf(difference));
    }

    void addReal(const Difference& difference, Side side) {
        AttributeDrift attribute = attributeOf(difference);
        const Json* noted = lastApplied(difference.path);
        if ((side == Side::Git || side == Side::Both) && noted != nullptr)
            attribute.before = shown(*noted);
        real.push_back(std::move(attribute));
        sides.insert(side);
        if (side == Side::Git) return;
        const bool isKnown = addMovers(difference.path, false);
        // Git did not move: whoever wrote it, it was not for Git.
        if (!isKnown && side == Side::Live) addMovers(difference.path, true);
    }

    bool addMovers(const Path& path, bool areAppliers) {
        bool isOne = false;
        for (const Owner& owner : it.live.owners) {
            if (appliers.contains(owner) != areAppliers || !owns(owner, path)) continue;
            movers.insert(describe(owner));
            isOne = true;
        }
        return isOne;
    }

    void add(const Difference& difference) {
        const auto why = noiseOf(
            difference, {it.git, it.live, appliers, it.isAutoscaled, it.applied != nullptr});
        if (why)
            addNoise(*why, difference);
        else if (isIgnored(difference.path))
            addNoise(cause::leftToOthers, difference);
        else
            addReal(difference, sideOf(difference));
    }

    [[nodiscard]] bool isIgnored(const Path& path) const {
        if (it.ignored == nullptr || it.ignored->isEmpty()) return false;
        gitops::FieldPath field;
        for (const Step& step : path)
            field.push_back(step.kind == Step::Kind::Member ? step.text : std::string());
        return it.ignored->covers(field) ||
               std::ranges::any_of(it.live.owners, [&](const Owner& owner) {
                   return it.ignored->coversManager(owner.manager) && owns(owner, path);
               });
    }

    // What other managers put there beside what Git asks for.
    void addForeign(const std::set<std::string>& known) {
        std::set<std::string> seen = known;
        for (const Owner& owner : it.live.owners) {
            const bool isStatus = owner.subresource == "status";
            if (isStatus || appliers.contains(owner)) continue;
            for (const Path& path : ownedBeyond(owner, it.live.body, it.git.body)) {
                const Difference difference{path, &valueAt(it.live.body, path), &Json::absent()};
                if (isCosmetic(difference) || !seen.insert(toText(path)).second || isSilent(path))
                    continue;
                if (const auto why = foreignNoise(owner, path, it.live, it.isAutoscaled))
                    addNoise(*why, difference);
                else if (isDefault(difference))
                    addNoise(cause::defaulted, difference);
                else if (isIgnored(path))
                    addNoise(cause::leftToOthers, difference);
                else
                    addReal(difference, Side::Live);
            }
        }
    }

    [[nodiscard]] bool isDefault(const Difference& difference) const {
        return it.created != nullptr &&
               sameValue(valueAt(it.created->body, difference.path), *difference.live);
    }

    [[nodiscard]] bool isDefaultAt(const Path& path) const {
        return isDefault({path, &valueAt(it.live.body, path), &Json::absent()});
    }

    // An entry of a map of free names, or an item of a keyed list: no server fills these in.
    [[nodiscard]] static bool isChosen(const Path& path) {
        constexpr std::array<std::string_view, 4> maps = {"labels", "annotations", "data",
                                                          "binaryData"};
        if (path.size() < 2 || path[0].text == "status") return false;
        return path.back().kind == Step::Kind::Item ||
               std::ranges::find(maps, path[path.size() - 2].text) != maps.end();
    }

    [[nodiscard]] std::vector<Path> ownedByAppliers() const {
        std::vector<Path> all;
        for (const Owner& owner : it.live.owners)
            if (appliers.contains(owner))
                std::ranges::move(ownedBeyond(owner, it.live.body, it.git.body),
                                  std::back_inserter(all));
        return all;
    }

    // What was applied once, and Git does not ask for any more: the server knows only what the same
    // manager owned.
    void addDropped(const std::set<std::string>& known) {
        const auto dropped = [&](const Path& path) {
            const Difference difference{path, &valueAt(it.live.body, path), &Json::absent()};
            if (isEmpty(*difference.live) || known.contains(toText(path)) || isSilent(path)) return;
            if (isDeployersMark(path, it.live, Json::absent()))
                addNoise(cause::injected, difference);
            else
                addReal(difference, sideOf(difference));
        };
        if (it.live.lastApplied)
            for (const Difference& one : differences(*it.live.lastApplied, it.git.body))
                if (one.git->isNull() && !isEmpty(*one.live)) dropped(one.path);
        if (isUnrecorded(it.live))
            for (const Path& path : ownedByAppliers())
                if (isChosen(path) && !isDefaultAt(path)) dropped(path);
        if (it.applied != nullptr) return;
        for (const Owner& owner : it.live.owners)
            if (owner.applies && owner.manager == it.manager)
                for (const Path& path : ownedBeyond(owner, it.live.body, it.git.body))
                    dropped(path);
    }

    [[nodiscard]] Side wholeSide() const {
        if (sides.contains(Side::Both)) return Side::Both;
        if (sides.contains(Side::Live) && sides.contains(Side::Git)) return Side::Both;
        return sides.contains(Side::Unknown) ? Side::Unknown : *sides.begin();
    }

    static std::string_view causeOf(Side side) {
        if (side == Side::Both) return cause::conflict;
        return side == Side::Git ? cause::unappliedCommit : cause::outOfBand;
    }

    [[nodiscard]] Drift realDrift() const {
        const Side side = wholeSide();
        Drift drift = driftOf(it.live, side, Change::Modified, causeOf(side));
        if (side == Side::Both) drift.liveChange = drift.gitChange = Change::Modified;
        drift.attributes = real;
        std::ranges::sort(drift.attributes, {}, &AttributeDrift::path);
        for (const std::string& mover : movers)
            drift.changedBy += (drift.changedBy.empty() ? "" : "; ") + mover;
        return drift;
    }

    std::vector<Drift> drifts() {
        const Json wanted =
            it.applied != nullptr ? it.applied->body : overlaid(it.live.body, it.git.body, shape);
        std::set<std::string> known;
        for (const Difference& difference : differences(it.live.body, wanted, shape)) {
            known.insert(toText(difference.path));
            add(difference);
        }
        addDropped(known);
        for (const AttributeDrift& attribute : real) known.insert(attribute.path);
        addForeign(known);
        std::vector<Drift> result;
        if (!real.empty()) result.push_back(realDrift());
        for (auto& [cause, drift] : noise) result.push_back(std::move(drift));
        return result;
    }
};

}  // namespace

namespace {

std::vector<Drift> compareKnown(const Comparison& comparison, const ValueTags& tags) {
    return Comparer{comparison, tags}.drifts();
}

}  // namespace

std::vector<Drift> compare(const Comparison& comparison, const ValueTags& tags) {
    const Unknown& unknown = comparison.git.unknown;
    if (unknown.empty()) return compareKnown(comparison, tags);
    // Live may be what it likes where nobody knows better.
    Object git = comparison.git;
    git.body = withLive(git.body, comparison.live.body, unknown);
    Comparison known{git,
                     comparison.live,
                     nullptr,
                     comparison.manager,
                     comparison.gitSince,
                     comparison.isAutoscaled,
                     comparison.created,
                     comparison.ignored};
    std::optional<Object> applied;
    if (comparison.applied != nullptr) {
        applied = *comparison.applied;
        applied->body = withLive(applied->body, comparison.live.body, unknown);
        known.applied = &*applied;
    }
    auto drifts = compareKnown(known, tags);
    for (const auto& [path, cause] : unknown) {
        auto found = std::ranges::find(drifts, cause, &Drift::cause);
        if (found == drifts.end())
            found = drifts.insert(found, driftOf(git, Side::Git, Change::Modified, cause));
        AttributeDrift attribute;
        attribute.path = path;
        found->attributes.push_back(std::move(attribute));
    }
    return drifts;
}

bool mayBeDefaults(const std::vector<Drift>& drifts, const Object& live) {
    return std::ranges::any_of(drifts, [&](const Drift& drift) {
        return !isNoise(drift.cause) && (drift.side != Side::Git || isUnrecorded(live)) &&
               std::ranges::find(drift.attributes, "null", &AttributeDrift::git) !=
                   drift.attributes.end();
    });
}

bool isLeaving(const Object& live) {
    return !live.body["metadata"]["deletionTimestamp"].isNull();
}

Drift leaving(const Object& live) {
    Drift drift = driftOf(live, Side::Live, Change::Deleted, cause::outOfBand);
    const Json& meta = live.body["metadata"];
    drift.note = "it is being deleted since " + std::string(meta["deletionTimestamp"].string());
    std::string holders;
    for (const Json& finalizer : meta["finalizers"].items)
        holders += (holders.empty() ? "" : ", ") + std::string(finalizer.string());
    if (!holders.empty()) drift.note += " and waits for " + holders;
    return drift;
}

Drift missing(const Object& git, bool wasThere, GitSince gitSince) {
    if (!wasThere) return driftOf(git, Side::Git, Change::Created, cause::unappliedCommit);
    if (gitSince != GitSince::Changed)
        return driftOf(git, Side::Live, Change::Deleted, cause::outOfBand);
    Drift drift = driftOf(git, Side::Both, Change::Deleted, cause::conflict);
    drift.liveChange = Change::Deleted;
    drift.gitChange = Change::Modified;
    return drift;
}

Drift removedFromGit(const Object& live) {
    return driftOf(live, Side::Git, Change::Deleted, cause::unappliedCommit);
}

Drift unmanaged(const Object& live) {
    Drift drift = driftOf(live, Side::Live, Change::Created, cause::unmanaged);
    std::string first;
    for (const Owner& owner : live.owners)
        if (owner.subresource.empty() && (first.empty() || owner.time < first)) {
            first = owner.time;
            drift.changedBy = describe(owner);
        }
    return drift;
}

}  // namespace driftkeeper::kubernetes
