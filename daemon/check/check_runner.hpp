#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "daemon/alert/alerter.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/check/providers.hpp"
#include "daemon/check/running.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/fleet/repositories.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/judge/reconcile.hpp"
#include "daemon/judge/rule_book.hpp"
#include "daemon/observe/metrics.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// One check from top to bottom. Thread-safe for different stacks.
class CheckRunner {
public:
    struct World {
        const CurrentSettings& settings;
        Checkouts& checkouts;
        Repositories& repositories;
        Providers& providers;
        Store& store;
        Overview& overview;
        Metrics& metrics;
        const Alerter& alerter;
        const RuleBook& rules;
        const Clock& clock;
        Running& running;
        LaysOver laysOver;
        std::function<void(const StackStatus&)> publish;  // tells who follows the event stream
    };
    explicit CheckRunner(World world) : world_(std::move(world)) {}

    struct Outcome {
        bool stopped = false;  // the daemon stops: nothing was recorded
        int failures = 0;      // checks in a row that were not complete
        std::optional<Seconds> again;
    };
    Outcome run(const Stack& stack, std::stop_token stop);

    // The stack is gone: closes its findings, and when it is gone from Git says so when its state
    // still holds resources, unless another stack has that state now. While it does, the answer is
    // when to look again; nullopt: nothing is left of it.
    std::optional<Seconds> remove(const Stack& stack, Retired why, std::stop_token stop);

private:
    Check look(const Stack& stack, const std::string& commit, std::stop_token stop);
    Report inspect(const Stack& stack, const std::optional<CleanCheck>& clean, Check& check,
                   Running::Look& shown, std::stop_token stop);
    void judge(const Stack& stack, const std::optional<CleanCheck>& clean, Check& check);
    Result<Workspace> workspaceFor(const RepositorySettings& repository, const Stack& stack,
                                   const Export& source) const;
    bool sourceMoved(const Stack& stack, const Check& check, std::stop_token stop);
    Result<Decision> remember(const Stack& stack, Check check);
    Decision decide(const Stack& stack, const Memory& memory, bool isLostAgain) const;
    std::size_t leftBehind(const StackStatus& status, std::stop_token stop);
    [[nodiscard]] bool hasUnseenBeside(const Stack& stack) const;

    World world_;
};

}  // namespace driftkeeper
