#include "parsers/cloudformation/classify.hpp"

#include <algorithm>
#include <set>

#include "parsers/cloudformation/find_in.hpp"
#include "parsers/cloudformation/resource_leaves.hpp"
#include "parsers/cloudformation/values.hpp"
#include "parsers/graph/cause.hpp"
#include "parsers/graph/opposite.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/text/secret_names.hpp"

namespace driftkeeper::cloudformation {
namespace {

std::string_view causeOf(LeafVerdict verdict) {
    switch (verdict) {
        case LeafVerdict::Converged:
            return cause::converged;
        case LeafVerdict::Cosmetic:
            return cause::cosmetic;
        case LeafVerdict::Defaulted:
            return cause::defaulted;
        case LeafVerdict::Injected:
            return cause::injected;
        case LeafVerdict::Autoscaled:
            return cause::autoscaled;
        default:
            return {};
    }
}

std::string typeOf(const Compared& one) {
    if (one.there != nullptr) return one.there->type;
    return one.git != nullptr ? one.git->type : std::string();
}

Change changeOf(const Json& deployed, const Json& git) {
    if (deployed.isNull()) return Change::Created;
    return git.isNull() ? Change::Deleted : Change::Modified;
}

class Classification {
public:
    Classification(const StackSides& sides, const GitSince& since, const ValueTags& tags)
        : sides_(sides),
          since_(since),
          tags_(tags),
          comparableParameters_(deployedSurroundings(sides).parameters),
          leaves_(sides, tags) {}

    std::vector<Drift> run() {
        for (const auto& [id, one] : everything()) classify(id, one);
        parameters();
        outputs();
        stackTags();
        std::ranges::stable_sort(drifts_, [](const Drift& a, const Drift& b) {
            return std::pair(std::string_view(a.address), isNoise(a.cause)) <
                   std::pair(std::string_view(b.address), isNoise(b.cause));
        });
        return std::move(drifts_);
    }

private:
    std::map<std::string, Compared> everything() const {
        std::map<std::string, Compared> all;
        for (const auto& one : sides_.resources) all[one.logicalId].there = &one;
        for (const auto& one : sides_.checked) all[one.logicalId].checked = &one;
        for (const auto& [id, resource] : sides_.deployed.resources)
            if (isIn(leaves_.deployed(), resource, all[id].there != nullptr))
                all[id].deployed = &resource;
        for (const auto& [id, resource] : sides_.git.resources)
            if (isIn(leaves_.git(), resource, all[id].there != nullptr)) all[id].git = &resource;
        return all;
    }

    // A condition that cannot be told is what it was.
    static bool isIn(const Functions& functions, const TemplateResource& resource, bool isThere) {
        return functions.condition(resource.condition).value_or(isThere);
    }

    void classify(const std::string& id, const Compared& one) {
        const bool isLoop = id.starts_with("Fn::");
        if (one.git != nullptr && one.deployed == nullptr && one.there == nullptr)
            return tellGit(begin(id, one), Change::Created, {});
        if (one.there == nullptr && !isLoop) return;
        const bool isGone = one.checked != nullptr && one.checked->status == "DELETED";
        if (isGone) return seen(*one.checked) == Seen::Checked ? classifyGone(id, one) : void();
        if (one.deployed != nullptr && one.git == nullptr) return classifyUnwanted(id, one);
        tellLeaves(begin(id, one), leaves_.of(one));
    }

    void classifyGone(const std::string& id, const Compared& one) {
        Drift drift = begin(id, one);
        drift.change = Change::Deleted;
        drift.side = Side::Live;
        drift.cause = cause::outOfBand;
        if (one.deployed != nullptr && one.git == nullptr) {
            drift.cause = cause::converged;  // gone on both sides
        } else if (auto leaves = leaves_.of(one);
                   hasMoved(drift) && holds(leaves, LeafVerdict::Git)) {
            drift.side = Side::Both;
            drift.cause = cause::conflict;
            drift.liveChange = Change::Deleted;
            drift.gitChange = Change::Modified;
        }
        drifts_.push_back(std::move(drift));
    }

    // Deployed, and not in Git any more.
    void classifyUnwanted(const std::string& id, const Compared& one) {
        auto leaves = leaves_.of(one);
        std::erase_if(leaves, [](const Leaf& leaf) { return leaf.verdict != LeafVerdict::Live; });
        Drift drift = begin(id, one);
        drift.replace = true;
        if (leaves.empty() || !hasMoved(drift))
            return tellGit(std::move(drift), Change::Deleted, {});
        drift.side = Side::Both;
        drift.cause = cause::conflict;
        drift.liveChange = Change::Modified;
        drift.gitChange = Change::Deleted;
        for (auto& leaf : leaves) drift.attributes.push_back(std::move(leaf.drift));
        drifts_.push_back(std::move(drift));
    }

    static bool holds(const std::vector<Leaf>& leaves, LeafVerdict verdict) {
        return std::ranges::find(leaves, verdict, &Leaf::verdict) != leaves.end();
    }

    void tellLeaves(const Drift& base, const std::vector<Leaf>& leaves) {
        std::map<std::string_view, Drift> noise;
        Drift real = base;
        for (const auto& leaf : leaves) {
            const auto why = causeOf(leaf.verdict);
            auto& drift = why.empty() ? real : noise.try_emplace(why, base).first->second;
            if (!leaf.drift.path.empty()) drift.attributes.push_back(leaf.drift);
            if (leaf.drift.path == "Type") real.replace = true;
        }
        const bool isLive = holds(leaves, LeafVerdict::Live);
        const bool isConflict = holds(leaves, LeafVerdict::Conflict);
        const bool isGit = holds(leaves, LeafVerdict::Git);
        if (isConflict || (isLive && isGit)) {
            tellBoth(std::move(real));
        } else if (isLive) {
            real.side = Side::Live;
            real.cause = cause::outOfBand;
            drifts_.push_back(std::move(real));
        } else if (isGit) {
            auto attributes = std::move(real.attributes);
            tellGit(std::move(real), Change::Modified, std::move(attributes));
        }
        for (auto& [why, drift] : noise) {
            const auto isAsked = [](const AttributeDrift& one) { return one.live == one.before; };
            drift.side = std::ranges::all_of(drift.attributes, isAsked) ? Side::Git : Side::Live;
            drift.cause = why;
            drifts_.push_back(std::move(drift));
        }
    }

    void tellBoth(Drift drift) {
        drift.side = Side::Live;
        drift.cause = cause::outOfBand;
        if (hasMoved(drift)) {
            drift.side = Side::Both;
            drift.cause = cause::conflict;
            drift.liveChange = Change::Modified;
            drift.gitChange = Change::Modified;
        }
        drifts_.push_back(std::move(drift));
    }

    // Git asks for something else than was deployed. When Git is what it was at the last look that
    // was in sync, somebody deployed other code.
    void tellGit(Drift drift, Change change, std::vector<AttributeDrift> attributes) {
        told_.insert(drift.address.substr(sides_.prefix.size()));
        const bool moved = hasMoved(drift);
        drift.side = moved ? Side::Git : Side::Live;
        drift.cause = moved ? askedBy() : cause::appliedElsewhere;
        drift.change = moved ? change : opposite(change);
        drift.attributes = std::move(attributes);
        drifts_.push_back(std::move(drift));
    }

    [[nodiscard]] bool hasMoved(const Drift& drift) const {
        return since_.hasMoved(drift.address,
                               askedAt(sides_, drift.address.substr(sides_.prefix.size())), tags_);
    }

    [[nodiscard]] std::string_view askedBy() const {
        return since_.isOutsideGit() ? cause::inputsChanged : cause::unappliedCommit;
    }

    Drift begin(const std::string& id, const Compared& one) const {
        Drift drift;
        drift.address = sides_.prefix + id;
        drift.type = typeOf(one);
        if (one.there != nullptr) drift.id = one.there->physicalId;
        return drift;
    }

    // Parameters that Git gives another value than was deployed, and that no resource shows.
    void parameters() {
        for (const auto& [name, value] : sides_.gitParameters) {
            const auto* deployed = findIn(sides_.stack.parameters, name);
            const bool isComparable = deployed != nullptr && comparableParameters_.contains(name);
            if (!isComparable || deployed->value == value || isShown(name)) continue;
            tellSetting("Parameters." + name, "Value", value, deployed->value, looksSecret(name));
        }
    }

    bool isShown(const std::string& parameter) const {
        return std::ranges::any_of(told_, [&](const std::string& id) {
            const auto* resource = findIn(sides_.git.resources, id);
            if (resource == nullptr) resource = findIn(sides_.deployed.resources, id);
            if (resource == nullptr) return false;
            const Json whole = listOf(
                {resource->properties, objectOf({{"Condition", textValue(resource->condition)}})});
            return namesIn(whole, sides_.git.conditions).contains(parameter);
        });
    }

    void tellSetting(const std::string& address, const std::string& path, const std::string& git,
                     const std::string& live, bool sensitive) {
        const auto shown = [&](const std::string& text) {
            return sensitive ? tags_.redacted(textValue(text)) : tags_.shown(textValue(text));
        };
        AttributeDrift attribute{path, shown(git), shown(live), sensitive, shown(live)};
        for (auto& drift : drifts_)
            if (drift.address == sides_.prefix + address)
                return drift.attributes.push_back(std::move(attribute));
        Drift drift;
        drift.address = sides_.prefix + address;
        drift.type = "AWS::CloudFormation::Stack";
        drift.id = sides_.stack.id;
        tellGit(std::move(drift), Change::Modified, {std::move(attribute)});
    }

    void outputs() {
        std::set<std::string> names;
        for (const auto* all : {&sides_.deployed.outputs, &sides_.git.outputs})
            names.insert(all->keys.begin(), all->keys.end());
        for (const auto& name : names) {
            const Json& deployed = sides_.deployed.outputs[name];
            const Json& git = sides_.git.outputs[name];
            const auto same = [&](const char* part) {
                return sameValue(leaves_.deployed().resolved(deployed[part]),
                                 leaves_.git().resolved(git[part]));
            };
            if (same("Value") && same("Export")) continue;
            Drift drift;
            drift.address = sides_.prefix + "Outputs." + name;
            drift.side = Side::Git;
            drift.change = changeOf(deployed, git);
            drift.cause = cause::outputOnly;
            drifts_.push_back(std::move(drift));
        }
    }

    void stackTags() {
        if (!sides_.tags) return;
        auto names = *sides_.tags;
        names.insert(sides_.stack.tags.begin(), sides_.stack.tags.end());
        for (const auto& [name, either] : names) {
            const auto* git = findIn(*sides_.tags, name);
            const auto* live = findIn(sides_.stack.tags, name);
            const bool isSame =
                (git != nullptr && live != nullptr && *git == *live) || name.starts_with("aws:");
            if (isSame) continue;
            tellTag(name, git, live);
        }
    }

    void tellTag(const std::string& name, const std::string* git, const std::string* live) {
        tellSetting("Tags", name, git == nullptr ? "" : *git, live == nullptr ? "" : *live,
                    looksSecret(name));
        auto& attribute = drifts_.back().attributes.back();
        if (git == nullptr) attribute.git = "null";
        if (live == nullptr) attribute.live = attribute.before = "null";
    }

    const StackSides& sides_;
    const GitSince& since_;
    const ValueTags& tags_;
    std::map<std::string, std::string> comparableParameters_;  // without those of NoEcho
    ResourceLeaves leaves_;
    std::set<std::string> told_;  // what Git wants otherwise, without the prefix
    std::vector<Drift> drifts_;
};

}  // namespace

std::vector<Drift> classify(const StackSides& sides, const GitSince& since, const ValueTags& tags) {
    return Classification(sides, since, tags).run();
}

std::vector<Drift> classifyMissing(const Template& git,
                                   const std::map<std::string, std::string>& gitParameters,
                                   bool wasThere) {
    StackSides sides;
    sides.git = git;
    sides.gitParameters = gitParameters;
    const auto around = gitSurroundings(sides);
    const Functions functions(git, around);
    std::vector<Drift> drifts;
    for (const auto& [id, resource] : git.resources) {
        if (!functions.condition(resource.condition).value_or(true)) continue;
        Drift drift;
        drift.address = id;
        drift.type = resource.type;
        drift.side = wasThere ? Side::Live : Side::Git;
        drift.change = wasThere ? Change::Deleted : Change::Created;
        drift.cause = wasThere ? cause::outOfBand : cause::unappliedCommit;
        drifts.push_back(std::move(drift));
    }
    return drifts;
}

}  // namespace driftkeeper::cloudformation
