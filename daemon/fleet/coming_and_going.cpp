// The part of Repositories that has stacks come and go: renamed, taken out, left behind.
#include <algorithm>

#include "daemon/fleet/repositories.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostIncidents = 100'000;

bool isOurs(const Settings& settings, const Stack& stack) {
    return std::ranges::any_of(settings.repositories, [&](const RepositorySettings& repository) {
        return repository.name == stack.repository;
    });
}

}  // namespace

// The scheduler's own copy of a stack has the environment that its last look needs; the store keeps
// none.
void Repositories::retire(const Stack& stack, Retired why) {
    if (!scheduler_.find(stack.id)) scheduler_.keep(stack, std::nullopt, 0, false);
    scheduler_.retire(stack.id, why);
}

// A folder that was renamed keeps its state: whoever comes with the state of a stack that goes is
// that stack.
void Repositories::noteRenamed(const RepositorySettings& repository, Inventory& inventory,
                               const std::vector<SourceFile>& files) {
    const auto before = store_.stacks.list();
    if (!before) return;
    const auto isOf = [&](const std::vector<Stack>& some, const Stack& stack) {
        return std::ranges::any_of(
            some, [&](const Stack& one) { return one.fullName() == stack.fullName(); });
    };
    std::vector<Stack*> fresh;
    for (auto& stack : inventory.stacks)
        if (!isOf(*before, stack) && stack.renamedFrom.empty()) fresh.push_back(&stack);
    for (const auto& gone : *before) {
        if (fresh.empty()) return;
        if (gone.repository != repository.name || isOf(inventory.stacks, gone)) continue;
        const auto key = store_.estate.stateOf(gone.id);
        if (!key || !*key) continue;
        const auto heir = std::ranges::find_if(
            fresh, [&](const Stack* stack) { return stateKeyOf(*stack, files) == **key; });
        if (heir == fresh.end()) continue;
        (*heir)->renamedFrom = gone.name;
        fresh.erase(heir);
    }
}

void Repositories::watchOrphans() {
    const auto open = store_.incidents.list(true, mostIncidents);
    if (!open) return;
    for (const auto& incident : *open) {
        if (incident.kind != IncidentKind::Orphaned) continue;
        const auto status = store_.stacks.status(incident.subject);
        if (!status || !*status) continue;
        const auto& stack = (*status)->stack;
        retire(stack, isOurs(*settings_.get(), stack) ? Retired::GoneFromGit : Retired::TakenOut);
    }
}

void Repositories::settingsChanged() {
    const auto settings = settings_.get();
    const auto stacks = store_.stacks.list();
    if (stacks) {
        for (const auto& stack : *stacks)
            if (!isOurs(*settings, stack)) retire(stack, Retired::TakenOut);
    }
    const std::scoped_lock lock(mutex_);
    for (auto& [name, state] : repositories_) {
        state.due = {};
        state.followed = false;
    }
    woken_ = true;
    changed_.notify_all();
}

}  // namespace driftkeeper
