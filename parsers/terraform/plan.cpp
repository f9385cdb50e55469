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

namespace driftkeeper::terraform {
namespace {

// Above this many pairs of instances only equal keys are linked: a[7] uses b[7].
constexpr std::size_t mostPairs = 10'000;

Resource resourceOf(const PlanEntry& entry) {
    return {entry.address, std::string(entry.type), entry.id, std::string(entry.provider)};
}

// The current instances in the state that the plan has read.
void addRead(const PlanDocument& plan, ResourceGraph& graph) {
    for (const auto& entry : plan.changes)
        if (entry.managed && entry.deposed.empty() && entry.existed() && !entry.importing) graph.add(resourceOf(entry));
    for (const auto& entry : plan.drifts)
        if (entry.managed && entry.deposed.empty() && entry.existed()) graph.add(resourceOf(entry));
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

void linkAsState(const ResourceGraph& state, ResourceGraph& graph) {
    for (const auto& resource : state.resources())
        for (const auto& dependent : state.dependentsOf(resource.address)) graph.link(dependent, resource.address);
}

class ConfigurationLinks {
public:
    ConfigurationLinks(PlannedConfiguration& configuration, ResourceGraph& graph)
        : configuration_(configuration), graph_(graph) {
        for (const auto& resource : graph.resources()) {
            const auto* block = configuration.find(withoutKeys(resource.address));
            if (block != nullptr) instances_[block].push_back(resource.address);
        }
    }

    void link() {
        for (const auto& [block, dependents] : instances_)
            for (const auto* used : managedOf(*block)) linkInstances(dependents, *used);
    }

private:
    // What a block uses, through the data sources that it reads.
    std::set<const ConfiguredBlock*> managedOf(const ConfiguredBlock& block) {
        std::set<const ConfiguredBlock*> managed;
        std::set<std::size_t> seen;
        std::vector<const ConfiguredBlock*> open = {&block};
        while (!open.empty()) {
            const auto* next = open.back();
            open.pop_back();
            for (const auto index : configuration_.references(*next)) {
                const auto& used = configuration_.blocks()[index];
                if (used.managed) {
                    managed.insert(&used);
                } else if (seen.insert(index).second) {
                    open.push_back(&used);
                }
            }
        }
        return managed;
    }

    void linkInstances(const std::vector<std::string>& dependents, const ConfiguredBlock& used) {
        const auto it = instances_.find(&used);
        if (it == instances_.end()) return;
        const bool all = dependents.size() * it->second.size() <= mostPairs;
        const auto key = [](std::string_view address) {
            return address.ends_with(']') ? address.substr(std::min(address.rfind('['), address.size()))
                                          : std::string_view{};
        };
        std::unordered_map<std::string_view, std::string_view> byKey;
        if (!all)
            for (const auto& address : it->second) byKey.emplace(key(address), address);
        for (const auto& dependent : dependents) {
            if (all) {
                for (const auto& address : it->second) graph_.link(dependent, address);
            } else if (const auto same = byKey.find(key(dependent)); same != byKey.end()) {
                graph_.link(dependent, same->second);
            }
        }
    }

    PlannedConfiguration& configuration_;
    ResourceGraph& graph_;
    std::unordered_map<const ConfiguredBlock*, std::vector<std::string>> instances_;
};

}  // namespace

Result<Report> readPlan(std::string text, const PlanContext& context, const ValueTags& tags) {
    if (!isUtf8(text)) return failure(Remedy::Report, "invalid_plan", "the plan JSON is not UTF-8");
    const auto plan = readPlanDocument(text);
    if (!plan) return std::unexpected(plan.error());
    PlannedConfiguration configuration;
    if (!configuration.read(plan->configuration, context.locals))
        return failure(Remedy::Report, "invalid_plan", "the configuration in the plan JSON is broken");

    Report report;
    report.completeness = plan->errored || !plan->complete ? Completeness::Partial : Completeness::Complete;
    addRead(*plan, report.graph);
    report.coverage.checked = report.graph.resources().size();
    if (context.states != nullptr) {
        if (report.completeness == Completeness::Partial)
            report.coverage.unreadable = addUnread(*plan, context.states->before, report.graph);
        linkAsState(context.states->before.graph, report.graph);
    }
    report.resources = report.graph.resources().size();
    ConfigurationLinks(configuration, report.graph).link();

    auto classified = classify(*plan, configuration, report.graph, context, tags);
    if (!classified) return std::unexpected(classified.error());
    report.drifts = *std::move(classified);
    return report;
}

}  // namespace driftkeeper::terraform
