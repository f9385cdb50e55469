#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "parsers/cloudformation/git_since.hpp"
#include "parsers/cloudformation/stack_sides.hpp"
#include "parsers/json/value_tags.hpp"
#include "providers/cloudformation/calls.hpp"
#include "providers/cloudformation/git_source.hpp"
#include "providers/cloudformation/known_versions.hpp"
#include "providers/cloudformation/request_budget.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"

namespace driftkeeper::cloudformation {

// One look at one stack and those nested in it, from top to bottom. Used once, by one thread.
class Look {
public:
    Look(ToolRunner& runner, const ValueTags& tags, RequestBudget& budget, KnownVersions& versions,
         const Pace& pace, const Workspace& workspace, const std::optional<LastClean>& lastClean,
         std::stop_token stop);

    Report report();

private:
    // A stack that is there, and where it stands in Git; no file: Git does not hold it.
    struct Place {
        std::string prefix;
        std::filesystem::path file;
    };

    Outcome<void> prepare();
    Outcome<std::string> version();
    Report missing(const GitSource& git) const;
    Report assembled();
    void addTroubles(Report& report);
    Outcome<void> checkUnmoved(const StackDescription& before);

    // look_stack.cpp
    Outcome<StackDescription> describe(const std::string& stack);
    Outcome<void> visit(StackDescription stack, const Place& place, Template git,
                        StackSettings settings);
    Outcome<void> visitNested(const StackSides& parent, const Place& place);
    Outcome<void> visitOneNested(const StackSides& parent, const StackResource& resource,
                                 const Place& place);
    Outcome<std::vector<ResourceDrift>> detect(const StackSides& sides);
    Outcome<std::string> startDetection(const std::string& stack, Pace::Time deadline);
    Outcome<Detection> awaitDetection(const std::string& id, Pace::Time deadline);
    Outcome<std::vector<ResourceDrift>> fetchDrifts(const std::string& stack);
    void noteFailure(const StackSides& sides, const Detection& detection,
                     std::vector<ResourceDrift>& drifts);
    Outcome<void> rest(Pace::Time deadline, std::string_view codeAtTheEnd);
    Outcome<std::string> ask(const ToolCall& call);
    Outcome<void> orTrouble(const Reason& reason);

    [[nodiscard]] GitSince gitSince() const;
    [[nodiscard]] bool wasThere() const;
    Report failed(const Reason& reason) const;
    void progress(const std::string& phrase) const;

    const ValueTags& tags_;
    RequestBudget& budget_;
    KnownVersions& versions_;
    const Pace& pace_;
    const Workspace& workspace_;
    const std::optional<LastClean>& lastClean_;
    TimedRunner runner_;
    Session session_;
    std::string budgetPlace_;
    std::vector<std::string> secrets_;
    std::deque<StackSides> stacks_;  // the root first
    std::vector<Reason> troubles_;   // what could not be seen
    std::size_t unseen_ = 0;         // nested stacks of which nothing is known
    std::string toolVersion_;
};

}  // namespace driftkeeper::cloudformation
