#include "parsers/terraform/classify.hpp"
#include "parsers/terraform/content_identity.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "parsers/graph/cause.hpp"
#include "parsers/graph/opposite.hpp"
#include "parsers/terraform/expiry.hpp"
#include "parsers/terraform/following.hpp"
#include "parsers/terraform/leaf.hpp"
#include "parsers/terraform/movement.hpp"
#include "parsers/terraform/planned_object.hpp"
#include "parsers/terraform/siblings.hpp"
#include "parsers/terraform/spelling.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::size_t mostAttributes = 200;  // of one drift; nobody reads more

// The noise of leaves that changed live.
constexpr std::array<std::pair<LeafVerdict, std::string_view>, 4> quietVerdicts = {
    {{LeafVerdict::IgnoreChanges, cause::ignoreChanges},
     {LeafVerdict::Converged, cause::converged},
     {LeafVerdict::Sibling, cause::sibling},
     {LeafVerdict::Computed, cause::computed}}};

bool isLive(const Leaf& leaf) {
    return !sameValue(*leaf.difference.state, *leaf.difference.live);
}

class Classification {
public:
    Classification(const PlanDocument& plan, PlannedConfiguration& configuration,
                   const ResourceGraph& graph, const PlanContext& context, const ValueTags& tags,
                   RememberedValues& values)
        : plan_(plan),
          configuration_(configuration),
          graph_(graph),
          context_(context),
          tags_(tags),
          values_(values),
          reader_(configuration, context.ignoreChanges, context.place),
          siblings_(plan),
          movement_(configuration, context, values, tags),
          following_(configuration, context) {}

    Result<std::vector<Drift>> run() {
        for (const auto& [drift, change] : collect()) {
            PlannedObject object;
            object.drift = drift;
            object.change = change;
            if (!reader_.fill(object))
                return failure(Remedy::Report, "invalid_plan",
                               "the plan holds a resource whose values are no valid JSON");
            siblings_.settle(object);
            // Values are held only as long as the schema has something to say about them.
            if (std::ranges::any_of(object.leaves, needsSchema)) {
                open_.push_back(std::move(object));
            } else {
                rollUp(object);
            }
        }
        settleOpen();
        listTheRest();
        std::ranges::sort(out_, {}, [](const Drift& drift) {
            const bool noise = isNoise(drift.cause);
            return std::tuple(std::string_view(drift.address), noise,
                              noise ? std::string_view(drift.cause) : "");
        });
        return std::move(out_);
    }

private:
    using Pair =
        std::pair<const PlanEntry*, const PlanEntry*>;  // drift, change; one of them may be missing

    // Pairs resource_drift with resource_changes; resources without any difference are left out.
    std::vector<Pair> collect() {
        std::vector<Pair> pairs;
        std::unordered_map<std::string_view, const PlanEntry*> drifted;
        for (const auto& entry : plan_.drifts)
            if (entry.managed && entry.action != PlanAction::NoOp)
                drifted.emplace(entry.address, &entry);
        for (const auto& entry : plan_.changes) {
            if (entry.action != PlanAction::NoOp) following_.addChange(entry.address);
            if (!entry.managed) {
                if (entry.action == PlanAction::Read)
                    tell(begin(entry, Side::Live, Change::Modified, cause::dataSource), {});
                continue;
            }
            auto drift = entry.deposed.empty() ? drifted.extract(entry.address)
                                               : decltype(drifted)::node_type{};
            pairs.emplace_back(drift.empty() ? nullptr : drift.mapped(), &entry);
        }
        if (!drifted.empty())
            for (const auto& entry : plan_.unchanged)
                if (const auto drift = drifted.extract(entry.address))
                    pairs.emplace_back(drift.mapped(),
                                       &unchanged_.emplace_back(planEntry(entry.text)));
        for (const auto& [address, entry] : drifted) pairs.emplace_back(entry, nullptr);
        return pairs;
    }

    // What the configuration leaves open needs the schema, which costs a call of the tool: asked
    // for at most once.
    void settleOpen() {
        std::set<std::string> types;
        for (const auto& object : open_) types.emplace(object.entry().type);
        ResourceSchemas schemas;
        if (!types.empty() && context_.schemas)
            if (auto asked = context_.schemas({types.begin(), types.end()}))
                schemas = std::move(*asked);
        for (auto& object : open_) {
            const auto it = schemas.find(std::string(object.entry().type));
            const auto* schema = it == schemas.end() ? nullptr : &it->second;
            for (auto& leaf : object.leaves) {
                const bool isOpen = leaf.verdict == LeafVerdict::Open;
                if (needsSchema(leaf)) leaf.verdict = judgeBySchema(leaf, schema);
                if (isOpen && isOfAnswer(object.entry().type, leaf.difference.path))
                    leaf.verdict = LeafVerdict::Computed;
            }
            movement_.settleContent(object);
            rollUp(object);
        }
    }

    void rollUp(const PlannedObject& object) {
        const std::size_t before = out_.size();
        rollUpAll(object);
        movement_.rememberAsked(object, values_);
        // A new address is listed beside other noise; a drift that is told names it itself.
        const auto* change = object.change;
        if (change == nullptr || change->previousAddress.empty() ||
            change->action == PlanAction::Delete || change->action == PlanAction::Forget)
            return;
        const bool isSaid =
            std::any_of(out_.begin() + static_cast<std::ptrdiff_t>(before), out_.end(),
                        [](const Drift& drift) { return !isNoise(drift.cause); });
        if (!isSaid) tell(begin(object, Side::Git, Change::Modified, cause::moved), {});
    }

    void rollUpAll(const PlannedObject& object) {
        const auto action = object.action();
        if (action == PlanAction::Forget)
            return tell(begin(object, Side::Git, Change::Deleted, cause::forgotten), {});
        if (!object.entry().deposed.empty()) return rollUpDeposed(object);
        const bool isGone = object.drift != nullptr && object.drift->action == PlanAction::Delete;
        if (isExpired(object, plan_.timestamp))
            return tell(begin(object, Side::Live, isGone ? Change::Deleted : Change::Modified,
                              cause::expired),
                        {});
        if (isGone) return rollUpDeleted(object, action);
        if (action == PlanAction::Create)
            return tellExistence(object, Change::Created, object.leaves);
        for (const auto& [verdict, cause] : quietVerdicts)
            if (verdict != LeafVerdict::Computed || !changedOtherwise(object))
                tellNoise(object, Side::Live, cause, object.leavesOf(verdict));
        const auto cosmetic = object.leavesOf(LeafVerdict::Cosmetic);
        const bool read = std::ranges::any_of(cosmetic, isLive);
        tellNoise(object, read ? Side::Live : Side::Git, cause::cosmetic, cosmetic);
        tellNoise(object, Side::Git, cause::cosmetic, object.leavesOf(LeafVerdict::Place));
        if (action == PlanAction::Delete) return rollUpUnwanted(object);
        rollUpModified(object);
    }

    // What the provider computes follows the rest: it is news only when nothing else of the object
    // moved live.
    static bool changedOtherwise(const PlannedObject& object) {
        return object.has(LeafVerdict::Live) || object.has(LeafVerdict::Conflict) ||
               object.has(LeafVerdict::IgnoreChanges) || object.has(LeafVerdict::Converged);
    }

    void rollUpDeposed(const PlannedObject& object) {
        if (object.change->action != PlanAction::Delete) return;
        auto drift = begin(object, Side::Git, Change::Deleted, cause::unappliedCommit);
        drift.address += " (deposed " + std::string(object.entry().deposed) + ')';
        tell(std::move(drift), {});
    }

    // Somebody deleted it.
    void rollUpDeleted(const PlannedObject& object, PlanAction action) {
        const bool absent = action != PlanAction::Create && action != PlanAction::Replace &&
                            action != PlanAction::Update;
        // A plan that ends early need not hold what it says of this one; what has no block is
        // wanted by nobody.
        const bool planned = object.change != nullptr || (plan_.complete && !plan_.errored) ||
                             configuration_.find(object.entry().address) == nullptr;
        if (absent && planned)
            return tell(begin(object, Side::Live, Change::Deleted, cause::converged), {});
        const auto rules = reader_.rulesOf(object);
        std::vector<Leaf> otherwise;
        for (const auto& leaf : object.leaves) {
            const auto& difference = leaf.difference;
            if (leaf.verdict != LeafVerdict::Git || isIgnored(difference.path, rules)) continue;
            // What the provider fills in by itself is no wish of Git's.
            if (!mayBeSet(object.expressions, difference.path)) continue;
            // Providers read back zero values for what is not set.
            if (isZero(*difference.git) && isZero(*difference.live)) continue;
            auto& told = otherwise.emplace_back(leaf);
            told.difference.live = &null_;
        }
        if (otherwise.empty())
            return tell(begin(object, Side::Live, Change::Deleted, cause::outOfBand), {});
        tell(both(object, Change::Deleted, Change::Modified), otherwise);
    }

    // Git no longer has it.
    void rollUpUnwanted(const PlannedObject& object) {
        std::vector<Leaf> told;
        for (const auto& leaf : object.leaves) {
            if (leaf.verdict != LeafVerdict::Live) continue;
            auto& conflict = told.emplace_back(leaf);
            conflict.verdict = LeafVerdict::Conflict;  // Git wants none of it
            conflict.difference.git = &null_;
            conflict.difference.gitUnknown = false;
        }
        if (told.empty()) return tellExistence(object, Change::Deleted, {});
        tell(both(object, Change::Modified, Change::Deleted), told);
    }

    void rollUpModified(const PlannedObject& object) {
        const bool tainted =
            object.change != nullptr && object.change->reason == "replace_because_tainted";
        std::vector<Leaf> live;
        for (const auto& leaf : object.leaves)
            if (leaf.verdict == LeafVerdict::Live || leaf.verdict == LeafVerdict::Conflict)
                live.push_back(leaf);
        auto [answered, git] = tainted ? Following::Wanted{{}, object.leavesOf(LeafVerdict::Git)}
                                       : following_.wantedOf(object);
        tellNoise(object, Side::Live, cause::dataSource, answered);
        const auto unknown = following_.unknownOf(object);
        tellNoise(object, Side::Git, cause::cascade, unknown.following);
        if (!live.empty()) {
            const auto isGitsWish = [&](const Leaf& leaf) {
                // A replacement brings what the provider fills in by itself.
                const bool isFilledIn = object.action() == PlanAction::Replace &&
                                        !mayBeSet(object.expressions, leaf.difference.path);
                return !isFilledIn && !movement_.isAppliedElsewhere(object, leaf);
            };
            const bool conflicts = tainted || object.has(LeafVerdict::Conflict) ||
                                   std::ranges::any_of(git, isGitsWish);
            auto drift = conflicts ? both(object, Change::Modified, Change::Modified)
                                   : begin(object, Side::Live, Change::Modified, cause::outOfBand);
            live.insert(live.end(), git.begin(), git.end());
            return tell(std::move(drift), live);
        }
        git.insert(git.end(), unknown.own.begin(), unknown.own.end());
        if (tainted) return tell(begin(object, Side::Git, Change::Modified, cause::tainted), git);
        if (!git.empty()) return tellModified(object, git);
        if (answered.empty() && unknown.following.empty())
            rollUpWithoutKnownChange(object, unknown.unset);
    }

    // Nothing that the configuration sets differs: a marker, a new address, an import, or nothing.
    void rollUpWithoutKnownChange(const PlannedObject& object, const std::vector<Leaf>& unset) {
        const auto* change = object.change;
        if (change == nullptr) return;
        const auto tellCause = [&](std::string_view cause, const std::vector<Leaf>& leaves) {
            tell(begin(object, Side::Git, Change::Modified, cause), leaves);
        };
        if (change->action != PlanAction::Update && change->action != PlanAction::Replace) {
            if (change->importing) tellCause(cause::imported, {});
            return;
        }
        if (object.has(LeafVerdict::Place)) return;
        // Numbers that are equal and look different are no leaves.
        const auto& [before, after, mask] = object.planned;
        if (object.leaves.empty() && change->action == PlanAction::Update &&
            !object.sensitivityMoved && before != after)
            return tellCause(cause::cosmetic, {});
        if (object.has(LeafVerdict::Cosmetic) && change->action == PlanAction::Update) return;
        const bool quiet = std::ranges::any_of(
            quietVerdicts, [&](const auto& one) { return object.has(one.first); });
        if (quiet && unset.empty()) return;
        if (Following::isTriggered(object) ||
            (!unset.empty() && following_.followsAnotherChange(object, nullptr)))
            return tellCause(cause::cascade, unset);
        tellModified(object, unset);
    }

    // An object that Git wants and nobody has, or the other way round.
    void tellExistence(const PlannedObject& object, Change change,
                       const std::vector<Leaf>& leaves) {
        if (movement_.isAppliedElsewhere(object, change))
            return tell(begin(object, Side::Live, opposite(change), cause::appliedElsewhere), {});
        tellAsked(object, change, leaves);
    }

    // Git wants it otherwise than it was applied: each leaf knows which side moved.
    void tellModified(const PlannedObject& object, const std::vector<Leaf>& leaves) {
        const auto isElsewhere = [&](const Leaf& leaf) {
            return movement_.isAppliedElsewhere(object, leaf);
        };
        const auto elsewhere = std::ranges::count_if(leaves, isElsewhere);
        const bool isAll = static_cast<std::size_t>(elsewhere) == leaves.size();
        if (leaves.empty() ? context_.source == SourceSince::Unchanged : isAll)
            return tell(begin(object, Side::Live, Change::Modified, cause::appliedElsewhere),
                        leaves);
        if (elsewhere > 0) return tell(both(object, Change::Modified, Change::Modified), leaves);
        tellAsked(object, Change::Modified, leaves);
    }

    void tellAsked(const PlannedObject& object, Change change, const std::vector<Leaf>& leaves) {
        auto why = movement_.whyAsked(object, change == Change::Modified ? leaves : none());
        auto drift = begin(object, Side::Git, change, why.cause);
        drift.note = std::move(why.note);
        tell(std::move(drift), change == Change::Deleted ? none() : leaves);
    }

    Drift begin(const PlanEntry& entry, Side side, Change change, std::string_view cause) const {
        Drift drift;
        drift.address = entry.address;
        drift.previousAddress = entry.previousAddress;
        drift.type = entry.type;
        drift.id = entry.id;
        drift.side = side;
        drift.change = change;
        drift.cause = cause;
        drift.dependents = graph_.countDependents(entry.address);
        return drift;
    }

    Drift begin(const PlannedObject& object, Side side, Change change,
                std::string_view cause) const {
        auto drift = begin(object.entry(), side, change, cause);
        drift.replace = object.isReplaced();
        if (object.drift == nullptr) return drift;
        if (drift.previousAddress.empty()) drift.previousAddress = object.drift->previousAddress;
        if (drift.id.empty()) drift.id = object.drift->id;
        return drift;
    }

    Drift both(const PlannedObject& object, Change live, Change git) const {
        auto drift = begin(object, Side::Both, live, cause::conflict);
        drift.liveChange = live;
        drift.gitChange = git;
        return drift;
    }

    void tell(Drift drift, const std::vector<Leaf>& leaves) {
        for (const auto& leaf : leaves) {
            if (drift.attributes.size() == mostAttributes) break;
            const bool isCreated = drift.side == Side::Git && drift.change == Change::Created;
            if (isCreated && (leaf.difference.gitUnknown || leaf.difference.git->isNull() ||
                              isEmpty(*leaf.difference.git)))
                continue;
            drift.attributes.push_back(present(leaf, tags_));
        }
        std::ranges::sort(drift.attributes, {}, &AttributeDrift::path);
        out_.push_back(std::move(drift));
    }

    static bool isEmpty(const Json& value) {
        return (value.isArray() || value.isObject()) && value.items.empty();
    }
    static std::vector<Leaf> none() { return {}; }

    void tellNoise(const PlannedObject& object, Side side, std::string_view cause,
                   const std::vector<Leaf>& leaves) {
        if (!leaves.empty()) tell(begin(object, side, Change::Modified, cause), leaves);
    }

    // What is no managed resource, and what the plan says nothing more about.
    void listTheRest() {
        const auto tellEntry = [&](std::string address, std::string_view type, Side side,
                                   std::string_view cause) {
            PlanEntry entry;
            entry.address = std::move(address);
            entry.type = type;
            tell(begin(entry, side, Change::Modified, cause), {});
        };
        for (const auto& name : plan_.changedOutputs)
            tellEntry("output." + name, "output", Side::Git, cause::outputOnly);
        for (const auto& check : plan_.failedChecks)
            tellEntry(check, "check", Side::Live, cause::checkBlock);
        for (const auto& entry : plan_.deferred)
            tell(begin(entry, Side::Git, Change::Modified, cause::deferred), {});
    }

    const PlanDocument& plan_;
    PlannedConfiguration& configuration_;
    const ResourceGraph& graph_;
    const PlanContext& context_;
    const ValueTags& tags_;
    RememberedValues& values_;
    const Json null_;
    ObjectReader reader_;
    Siblings siblings_;
    Movement movement_;
    Following following_;
    std::deque<PlanEntry> unchanged_;  // of resources that drifted
    std::vector<PlannedObject> open_;
    std::vector<Drift> out_;
};

}  // namespace

Result<std::vector<Drift>> classify(const PlanDocument& plan, PlannedConfiguration& configuration,
                                    const ResourceGraph& graph, const PlanContext& context,
                                    const ValueTags& tags, RememberedValues& values) {
    return Classification(plan, configuration, graph, context, tags, values).run();
}

}  // namespace driftkeeper::terraform
