#include "parsers/terraform/classify.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "parsers/graph/cause.hpp"
#include "parsers/terraform/leaf.hpp"

namespace driftkeeper::terraform {
namespace {

constexpr std::size_t mostAttributes = 200;

// The values of one entry; leaves point into them.
struct Values {
    Json before, after, unknown;
};

// One object of the plan: what drifted, what Git changes, and what its leaves say.
struct Object {
    const PlanEntry* drift = nullptr;
    const PlanEntry* change = nullptr;
    Values drifted;
    Values planned;
    Json expressions;
    std::vector<Leaf> leaves;

    [[nodiscard]] const PlanEntry& entry() const noexcept { return change != nullptr ? *change : *drift; }
    [[nodiscard]] bool has(LeafVerdict verdict) const noexcept {
        return std::ranges::any_of(leaves, [&](const Leaf& leaf) { return leaf.verdict == verdict; });
    }
    [[nodiscard]] bool isReplaced() const noexcept {
        return change != nullptr && change->action == PlanAction::Replace && change->destroys;
    }
};

Severity severityOf(const Drift& drift) {
    if (drift.replace || drift.change == Change::Deleted || drift.gitChange == Change::Deleted)
        return Severity::Critical;
    return drift.side == Side::Git ? Severity::Info : Severity::Warning;
}

bool saysNothing(const Json& value) {
    return value.isNull() || value.text == "false" ||
           (value.kind == Json::Kind::Number && sameNumber(value.text, "0")) ||
           (value.text.empty() && value.items.empty());
}

class Classification {
public:
    Classification(const PlanDocument& plan, PlannedConfiguration& configuration, const ResourceGraph& graph,
                   const PlanContext& context, const ValueTags& tags)
        : plan_(plan), configuration_(configuration), graph_(graph), context_(context), tags_(tags) {}

    Result<Classified> run() {
        for (const auto& [drift, change] : collect()) {
            Object object;
            object.drift = drift;
            object.change = change;
            if (!compare(object))
                return failure(Remedy::Report, "invalid_plan",
                               "the plan holds a resource whose values are no valid JSON");
            settleFollowing(object);
            // Values are held only as long as the schema has something to say about them.
            if (object.has(LeafVerdict::Open)) {
                open_.push_back(std::move(object));
            } else {
                rollUp(object);
            }
        }
        settleOpen();
        listTheRest();
        std::ranges::sort(out_.drifts, {}, &Drift::address);
        std::ranges::sort(out_.notTold, {}, [](const NotTold& one) { return std::tie(one.drift.address, one.drift.cause); });
        return std::move(out_);
    }

private:
    using Pair = std::pair<const PlanEntry*, const PlanEntry*>;  // drift, change; one of them may be missing

    // Pairs resource_drift with resource_changes; resources without any difference are left out.
    std::vector<Pair> collect() {
        std::vector<Pair> pairs;
        std::unordered_map<std::string_view, const PlanEntry*> drifted;
        for (const auto& entry : plan_.drifts)
            if (entry.managed && entry.action != PlanAction::NoOp) drifted.emplace(entry.address, &entry);
        for (const auto& entry : plan_.changes) {
            if (entry.action != PlanAction::NoOp) changing_.insert(withoutKeys(entry.address));
            if (!entry.managed) {
                if (entry.action == PlanAction::Read) tellNot(entry.address, cause::dataSource);
                continue;
            }
            auto drift = entry.deposed.empty() ? drifted.extract(entry.address) : decltype(drifted)::node_type{};
            const bool plain = entry.action == PlanAction::NoOp && entry.previousAddress.empty() && !entry.importing;
            if (plain && drift.empty()) continue;
            pairs.emplace_back(drift.empty() ? nullptr : drift.mapped(), &entry);
        }
        for (const auto& [address, entry] : drifted) pairs.emplace_back(entry, nullptr);
        return pairs;
    }

    bool read(std::string_view text, Json& value) {
        if (text.empty()) return true;
        auto result = reader_.read(text);
        if (!result) return false;
        value = std::move(*result);
        return true;
    }

    bool read(const PlanEntry* entry, Values& values, Sensitivity& sensitivity) {
        if (entry == nullptr) return true;
        for (const auto mask : {entry->beforeSensitive, entry->afterSensitive}) {
            Json json;
            if (!read(mask, json)) return false;
            sensitivity.add(json);
        }
        return read(entry->before, values.before) && read(entry->after, values.after) &&
               read(entry->afterUnknown, values.unknown);
    }

    LeafRules rulesOf(const Object& object) const {
        LeafRules rules{&object.expressions, nullptr};
        const auto it = context_.ignoreChanges.find(withoutKeys(object.entry().address));
        if (it != context_.ignoreChanges.end()) rules.ignored = &it->second;
        return rules;
    }

    bool compare(Object& object) {
        Sensitivity sensitivity;
        if (!read(object.drift, object.drifted, sensitivity) || !read(object.change, object.planned, sensitivity))
            return false;
        if (const auto* block = configuration_.find(withoutKeys(object.entry().address)))
            if (!read(block->expressions, object.expressions)) return false;
        const auto rules = rulesOf(object);
        for (auto& difference : differences(object, sensitivity)) {
            const auto verdict = judge(difference, rules);
            object.leaves.push_back({std::move(difference), verdict});
        }
        return true;
    }

    std::vector<AttributeDifference> differences(const Object& object, const Sensitivity& sensitivity) const {
        static const Json wholly{Json::Kind::Bool, "true", {}, {}};
        const bool drifted = object.drift != nullptr;
        const auto& live = drifted ? object.drifted.after : object.planned.before;
        const auto& state = drifted ? object.drifted.before : live;
        const bool gone = object.change == nullptr || object.change->action == PlanAction::Delete ||
                          object.change->action == PlanAction::Forget;
        if (gone && (!drifted || live.isNull())) return {};
        if (gone) return attributeDifferences(state, live, live, wholly, sensitivity);
        // Deleted behind the back and created again: only what Git wants otherwise than it was is a difference.
        const auto& compared = live.isNull() ? state : live;
        return attributeDifferences(state, compared, object.planned.after, object.planned.unknown, sensitivity);
    }

    // A value that is not set by Git, changed live beside one that Git undoes, and not known until the apply, is what
    // the provider computes from the other: no need to ask for the schema.
    static void settleFollowing(Object& object) {
        const bool undone = object.has(LeafVerdict::Live) || object.has(LeafVerdict::Conflict);
        if (!undone || object.change == nullptr || object.change->action == PlanAction::Delete) return;
        for (auto& leaf : object.leaves)
            if (leaf.verdict == LeafVerdict::Open && leaf.difference.gitUnknown) leaf.verdict = LeafVerdict::Computed;
    }

    // What the configuration leaves open needs the schema, which costs a call of the tool: asked for at most once.
    void settleOpen() {
        std::set<std::string> types;
        for (const auto& object : open_) types.emplace(object.entry().type);
        ResourceSchemas schemas;
        if (!types.empty() && context_.schemas)
            if (auto asked = context_.schemas({types.begin(), types.end()})) schemas = std::move(*asked);
        for (auto& object : open_) {
            const auto it = schemas.find(std::string(object.entry().type));
            const auto* schema = it == schemas.end() ? nullptr : &it->second;
            for (auto& leaf : object.leaves)
                if (leaf.verdict == LeafVerdict::Open) leaf.verdict = judgeOpen(leaf.difference, schema);
            rollUp(object);
        }
    }

    void rollUp(const Object& object) {
        const auto action = object.change == nullptr ? PlanAction::NoOp : object.change->action;
        if (action == PlanAction::Forget) return tellNot(object.entry().address, cause::forgotten);
        if (!object.entry().deposed.empty()) return rollUpDeposed(object);
        if (object.drift != nullptr && object.drift->action == PlanAction::Delete) return rollUpDeleted(object, action);
        if (action == PlanAction::Delete) return rollUpUnwanted(object);
        if (action == PlanAction::Create) return tellBySource(object, Change::Created, object.leaves);
        rollUpModified(object);
    }

    void rollUpDeposed(const Object& object) {
        if (object.change->action != PlanAction::Delete) return;
        auto drift = begin(object, Side::Git, Change::Deleted, cause::unappliedCommit);
        drift.address += " (deposed " + std::string(object.entry().deposed) + ')';
        tell(std::move(drift), {});
    }

    // Somebody deleted it.
    void rollUpDeleted(const Object& object, PlanAction action) {
        const bool absent =
            action != PlanAction::Create && action != PlanAction::Replace && action != PlanAction::Update;
        const bool planned = object.change != nullptr || (plan_.complete && !plan_.errored);
        if (absent && planned) return tellNot(object.entry().address, cause::converged);
        const auto rules = rulesOf(object);
        std::vector<Leaf> otherwise;
        for (const auto& leaf : object.leaves) {
            const auto& difference = leaf.difference;
            if (leaf.verdict != LeafVerdict::Git || isIgnored(difference.path, rules)) continue;
            // Providers read back zero values for what is not set.
            if (saysNothing(*difference.git) && saysNothing(*difference.live)) continue;
            auto& told = otherwise.emplace_back(leaf);
            told.difference.live = &null_;
        }
        if (otherwise.empty()) return tell(begin(object, Side::Live, Change::Deleted, cause::outOfBand), {});
        tell(both(object, Change::Deleted, Change::Modified), otherwise);
    }

    // Git no longer has it.
    void rollUpUnwanted(const Object& object) {
        std::vector<Leaf> told;
        for (const auto& leaf : object.leaves) {
            if (leaf.verdict != LeafVerdict::Live) continue;
            auto& conflict = told.emplace_back(leaf);
            conflict.verdict = LeafVerdict::Conflict;  // Git wants none of it
            conflict.difference.git = &null_;
            conflict.difference.gitUnknown = false;
        }
        if (told.empty()) return tellBySource(object, Change::Deleted, {});
        tell(both(object, Change::Modified, Change::Deleted), told);
    }

    void rollUpModified(const Object& object) {
        const bool tainted = object.change != nullptr && object.change->reason == "replace_because_tainted";
        std::vector<Leaf> live;
        std::vector<Leaf> git;
        bool answered = false;  // a data source explains a difference
        for (const auto& leaf : object.leaves) {
            if (leaf.verdict == LeafVerdict::Live || leaf.verdict == LeafVerdict::Conflict) live.push_back(leaf);
            if (leaf.verdict != LeafVerdict::Git) continue;
            if (!tainted && isDataSourcesAnswer(object, leaf)) {
                answered = true;
            } else {
                git.push_back(leaf);
            }
        }
        listQuietCauses(object, !live.empty());
        if (answered) tellNot(object.entry().address, cause::dataSource);
        if (!live.empty()) {
            const bool conflicts = !git.empty() || tainted || object.has(LeafVerdict::Conflict);
            auto drift = conflicts ? both(object, Change::Modified, Change::Modified)
                                   : begin(object, Side::Live, Change::Modified, cause::outOfBand);
            live.insert(live.end(), git.begin(), git.end());
            return tell(std::move(drift), live);
        }
        if (tainted) return tell(begin(object, Side::Git, Change::Modified, cause::tainted), git);
        if (!git.empty()) return tellBySource(object, Change::Modified, git);
        if (answered) return;
        rollUpWithoutKnownChange(object);
    }

    // No known value differs: unknown ones, a marker, a new address, an import, or nothing.
    void rollUpWithoutKnownChange(const Object& object) {
        const auto* change = object.change;
        const bool acts =
            change != nullptr && (change->action == PlanAction::Update || change->action == PlanAction::Replace);
        if (!acts) {
            if (change != nullptr && change->importing) tellNot(change->address, cause::imported);
            if (change != nullptr && !change->previousAddress.empty()) tellNot(change->address, cause::moved);
            return;
        }
        std::vector<Leaf> unknown;
        std::vector<Leaf> set;
        for (const auto& leaf : object.leaves) {
            if (leaf.verdict != LeafVerdict::Unknown) continue;
            unknown.push_back(leaf);
            if (sets(object.expressions, leaf.difference.path)) set.push_back(leaf);
        }
        const bool quiet = object.has(LeafVerdict::IgnoreChanges) || object.has(LeafVerdict::Converged) ||
                           object.has(LeafVerdict::Computed);
        if (quiet && unknown.empty()) return;
        const bool triggered = change->reason == "replace_by_triggers";
        if (triggered || (!unknown.empty() && followsAnotherChange(object, set)))
            return tellNot(change->address, cause::cascade);
        tellBySource(object, Change::Modified, set.empty() ? unknown : set);
    }

    void listQuietCauses(const Object& object, bool told) {
        const auto& address = object.entry().address;
        const bool ignored = object.has(LeafVerdict::IgnoreChanges);
        const bool converged = object.has(LeafVerdict::Converged);
        if (ignored) tellNot(address, cause::ignoreChanges);
        if (converged) tellNot(address, cause::converged);
        // What the provider computes follows the others; it is a cause of its own only when nothing else moved.
        if (object.has(LeafVerdict::Computed) && !told && !ignored && !converged) tellNot(address, cause::computed);
    }

    bool followsAnotherChange(const Object& object, const std::vector<Leaf>& set) {
        const auto* block = configuration_.find(withoutKeys(object.entry().address));
        if (block == nullptr) return false;
        PlannedConfiguration::Blocks blocks;
        for (const auto& leaf : set) blocks.merge(configuration_.references(*block, leaf.difference.path.front().text));
        if (set.empty()) blocks = configuration_.references(*block);
        return std::ranges::any_of(blocks, [&](std::size_t index) {
            const auto& used = configuration_.blocks()[index];
            return used.address != block->address && changing_.contains(used.address);
        });
    }

    // True when the value that Git wants now comes from a data source that answered anew since the last apply.
    bool isDataSourcesAnswer(const Object& object, const Leaf& leaf) {
        const auto* block = configuration_.find(withoutKeys(object.entry().address));
        if (block == nullptr || leaf.difference.path.empty() || object.entry().importing) return false;
        const auto blocks = configuration_.references(*block, leaf.difference.path.front().text);
        const auto isData = [&](std::size_t index) { return !configuration_.blocks()[index].managed; };
        if (context_.states == nullptr)
            return !blocks.empty() && std::ranges::all_of(blocks, isData) && context_.source == SourceSince::Unchanged;
        return std::ranges::any_of(blocks, [&](std::size_t index) {
            const auto& address = configuration_.blocks()[index].address;
            return isData(index) && (answeredAnew().contains(address) || changing_.contains(address));
        });
    }

    const std::unordered_set<std::string>& answeredAnew() {
        if (answeredKnown_) return answeredAnew_;
        answeredKnown_ = true;
        for (const auto& [address, tag] : context_.states->after.dataSources) {
            const auto before = context_.states->before.dataSources.find(address);
            const bool isNew = before != context_.states->before.dataSources.end() && before->second != tag;
            if (isNew) answeredAnew_.insert(withoutKeys(address));
        }
        return answeredAnew_;
    }

    // Git wants something that is not there. Whether Git moved or somebody applied other code, the files tell: when
    // they are the ones of the last look that was in sync, it was not Git.
    void tellBySource(const Object& object, Change change, const std::vector<Leaf>& leaves) {
        if (context_.source != SourceSince::Unchanged || object.entry().importing)
            return tell(begin(object, Side::Git, change, cause::unappliedCommit),
                        change == Change::Deleted ? none() : leaves);
        const auto happened = change == Change::Created   ? Change::Deleted
                              : change == Change::Deleted ? Change::Created
                                                          : Change::Modified;
        tell(begin(object, Side::Live, happened, cause::appliedElsewhere),
             change == Change::Modified ? leaves : none());
    }

    Drift begin(const Object& object, Side side, Change change, std::string_view cause) const {
        const auto& entry = object.entry();
        Drift drift;
        drift.address = entry.address;
        drift.previousAddress = entry.previousAddress;
        if (drift.previousAddress.empty() && object.drift != nullptr)
            drift.previousAddress = object.drift->previousAddress;
        drift.type = entry.type;
        drift.id = entry.id.empty() && object.drift != nullptr ? object.drift->id : entry.id;
        drift.side = side;
        drift.change = change;
        drift.cause = cause;
        drift.replace = object.isReplaced();
        drift.dependents = graph_.countDependents(entry.address);
        return drift;
    }

    Drift both(const Object& object, Change live, Change git) const {
        auto drift = begin(object, Side::Both, live, cause::conflict);
        drift.liveChange = live;
        drift.gitChange = git;
        return drift;
    }

    void tell(Drift drift, const std::vector<Leaf>& leaves) {
        drift.severity = severityOf(drift);
        for (const auto& leaf : leaves) {
            if (drift.attributes.size() == mostAttributes) break;
            const bool isCreated = drift.side == Side::Git && drift.change == Change::Created;
            if (isCreated &&
                (leaf.difference.gitUnknown || leaf.difference.git->isNull() || isEmpty(*leaf.difference.git)))
                continue;
            drift.attributes.push_back(present(leaf, tags_));
        }
        std::ranges::sort(drift.attributes, {}, &AttributeDrift::path);
        out_.drifts.push_back(std::move(drift));
    }

    static bool isEmpty(const Json& value) { return (value.isArray() || value.isObject()) && value.items.empty(); }
    static std::vector<Leaf> none() { return {}; }

    void tellNot(std::string address, std::string_view cause) {
        NotTold& quiet = out_.notTold.emplace_back();
        quiet.drift.address = std::move(address);
        quiet.drift.cause = cause;
        quiet.rule = "builtin/" + std::string(cause);
    }

    void listTheRest() {
        for (const auto& name : plan_.changedOutputs) tellNot("output." + name, cause::outputOnly);
        for (const auto& check : plan_.failedChecks) tellNot(check, cause::checkBlock);
        for (const auto& address : plan_.deferred) tellNot(address, cause::deferred);
    }

    const PlanDocument& plan_;
    PlannedConfiguration& configuration_;
    const ResourceGraph& graph_;
    const PlanContext& context_;
    const ValueTags& tags_;
    const Json null_;
    JsonReader reader_;
    std::vector<Object> open_;
    std::unordered_set<std::string> changing_;  // configuration addresses that a plan acts on
    std::unordered_set<std::string> answeredAnew_;
    bool answeredKnown_ = false;
    Classified out_;
};

}  // namespace

Result<Classified> classify(const PlanDocument& plan, PlannedConfiguration& configuration, const ResourceGraph& graph,
                            const PlanContext& context, const ValueTags& tags) {
    return Classification(plan, configuration, graph, context, tags).run();
}

}  // namespace driftkeeper::terraform
