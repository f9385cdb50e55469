#include "parsers/terraform/plan.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "parsers/json/json.hpp"
#include "parsers/terraform/classify.hpp"
#include "parsers/terraform/plan_document.hpp"
#include "parsers/terraform/planned_configuration.hpp"
#include "parsers/text/utf8.hpp"

namespace driftkeeper::terraform {
namespace {

// Above this many pairs of instances only equal keys are linked: a[7] uses b[7].
constexpr std::size_t mostPairs = 10'000;

// Only the states know identities: the plan's values are read where something changes.
class Identities {
public:
    explicit Identities(const PlanFileStates* states) {
        if (states == nullptr) return;
        for (const auto* state : {&states->after, &states->before})
            for (const auto& resource : state->graph.resources())
                known_.try_emplace(resource.address, &resource);
    }

    [[nodiscard]] std::string of(const std::string& address) const {
        const auto found = known_.find(address);
        return found == known_.end() ? std::string() : found->second->identity;
    }

private:
    std::unordered_map<std::string_view, const Resource*> known_;
};

template <class Entry>
Resource resourceOf(const Entry& entry, const Identities& identities) {
    return {entry.address, std::string(entry.type), entry.id, std::string(entry.provider),
            identities.of(entry.address)};
}

// The current instances in the state that the plan has read.
void addRead(const PlanDocument& plan, const Identities& identities, ResourceGraph& graph) {
    graph.reserve(plan.changes.size() + plan.unchanged.size());
    for (const auto& entry : plan.unchanged) graph.add(resourceOf(entry, identities));
    for (const auto& entry : plan.changes)
        if (entry.managed && entry.deposed.empty() && entry.existed() && !entry.importing)
            graph.add(resourceOf(entry, identities));
    for (const auto& entry : plan.drifts)
        if (entry.managed && entry.deposed.empty() && entry.existed())
            graph.add(resourceOf(entry, identities));
}

// The instances of the state that a plan which is not whole says nothing about.
std::size_t addUnread(const PlanDocument& plan, const State& before, ResourceGraph& graph) {
    std::unordered_set<std::string_view> moved;
    for (const auto* entries : {&plan.changes, &plan.drifts})
        for (const auto& entry : *entries) moved.insert(entry.previousAddress);
    const auto read = graph.resources().size();
    for (const auto& resource : before.graph.resources())
        if (!moved.contains(resource.address)) graph.add(resource);
    return graph.resources().size() - read;
}

// What the plan itself says was read: for want of a state that we can read.
void remember(const PlanDocument& plan, RememberedValues& values, const ValueTags& tags) {
    const auto add = [&](const std::string& address, std::string_view text) {
        if (const auto value = readJson(text); value && !value->isNull())
            values.add(address, *value, tags);
    };
    for (const auto& entry : plan.unchanged) add(entry.address, planEntry(entry.text).before);
    for (const auto& entry : plan.changes)
        if (entry.managed && entry.deposed.empty() && entry.existed())
            add(entry.address, entry.before);
}

void linkAsState(const ResourceGraph& state, ResourceGraph& graph) {
    for (const auto& resource : state.resources())
        for (const auto& dependent : state.dependentsOf(resource.address))
            graph.link(dependent, resource.address);
    for (const auto& need : state.needs())
        if (graph.contains(need.address)) graph.need(need.address, need.key);
}

class ConfigurationLinks {
public:
    ConfigurationLinks(PlannedConfiguration& configuration, ResourceGraph& graph)
        : configuration_(configuration), graph_(graph), instances_(configuration.blocks().size()) {
        for (std::size_t i = 0; i < graph.resources().size(); ++i)
            if (const auto block = configuration.indexOf(graph.resources()[i].address))
                instances_[*block].push_back(i);
    }

    void link() {
        for (std::size_t block = 0; block < instances_.size(); ++block)
            if (!instances_[block].empty())
                for (const auto used : managedOf(block))
                    linkInstances(instances_[block], instances_[used]);
    }

private:
    using Blocks = PlannedConfiguration::Blocks;
    using Instances = std::vector<std::size_t>;  // positions in the graph

    [[nodiscard]] bool isManaged(std::size_t block) const {
        return configuration_.blocks()[block].managed;
    }

    // What a block uses, through the data sources that it reads.
    Blocks managedOf(std::size_t block) {
        auto open = configuration_.references(configuration_.blocks()[block]);
        if (std::ranges::all_of(open, [&](std::size_t used) { return isManaged(used); }))
            return open;
        Blocks managed;
        std::set<std::size_t> seen(open.begin(), open.end());
        while (!open.empty()) {
            const auto next = open.back();
            open.pop_back();
            if (isManaged(next)) {
                managed.push_back(next);
                continue;
            }
            for (const auto used : configuration_.references(configuration_.blocks()[next]))
                if (seen.insert(used).second) open.push_back(used);
        }
        return managed;
    }

    void linkInstances(const Instances& dependents, const Instances& used) {
        if (dependents.size() * used.size() <= mostPairs) {
            for (const auto dependent : dependents)
                for (const auto one : used) graph_.link(dependent, one);
            return;
        }
        std::unordered_map<std::string_view, std::size_t> byKey;
        for (const auto one : used) byKey.emplace(keyOf(one), one);
        for (const auto dependent : dependents)
            if (const auto same = byKey.find(keyOf(dependent)); same != byKey.end())
                graph_.link(dependent, same->second);
    }

    [[nodiscard]] std::string_view keyOf(std::size_t instance) const {
        const std::string_view address = graph_.resources()[instance].address;
        return address.ends_with(']') ? address.substr(std::min(address.rfind('['), address.size()))
                                      : std::string_view{};
    }

    PlannedConfiguration& configuration_;
    ResourceGraph& graph_;
    std::vector<Instances> instances_;  // parallel to the blocks
};

}  // namespace

Result<Report> readPlan(std::string text, const PlanContext& context, const ValueTags& tags,
                        RememberedValues* values) {
    if (!isUtf8(text)) return failure(Remedy::Report, "invalid_plan", "the plan JSON is not UTF-8");
    const auto plan = readPlanDocument(text);
    if (!plan) return std::unexpected(plan.error());
    PlannedConfiguration configuration;
    if (!configuration.read(plan->configuration, context.locals))
        return failure(Remedy::Report, "invalid_plan",
                       "the configuration in the plan JSON is broken");

    Report report;
    report.completeness =
        plan->errored || !plan->complete ? Completeness::Partial : Completeness::Complete;
    addRead(*plan, Identities(context.states), report.graph);
    report.coverage.checked = report.graph.resources().size();
    if (context.states != nullptr) {
        if (report.completeness == Completeness::Partial)
            report.coverage.unreadable = addUnread(*plan, context.states->before, report.graph);
        linkAsState(context.states->before.graph, report.graph);
    }
    report.resources = report.graph.resources().size();
    ConfigurationLinks(configuration, report.graph).link();

    RememberedValues own;
    RememberedValues& read = values == nullptr ? own : *values;
    if (values != nullptr && context.states == nullptr) remember(*plan, read, tags);
    auto classified = classify(*plan, configuration, report.graph, context, tags, read);
    if (!classified) return std::unexpected(classified.error());
    report.drifts = *std::move(classified);
    return report;
}

}  // namespace driftkeeper::terraform
