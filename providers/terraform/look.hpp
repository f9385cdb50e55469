#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/plan_stream.hpp"
#include "providers/provider.hpp"
#include "providers/terraform/calls.hpp"
#include "providers/terraform/local_state.hpp"
#include "providers/terraform/lock_keeper.hpp"
#include "providers/terraform/sources.hpp"
#include "providers/terraform/timed_runner.hpp"

namespace driftkeeper::terraform {

// One look at one stack, from top to bottom. Used once, by one thread.
//
// In the daemon terraform runs in the export of the stack: with what the last check has initialised, and after `init`
// when that does not fit any more. In a working tree it runs with what the tree has initialised, else with data of our
// own, else in a private copy of the stack.
class Look {
public:
    Look(ToolRunner& runner, const ValueTags& tags, const Workspace& workspace,
         const std::optional<LastClean>& lastClean, std::stop_token stop);

    Report report();

private:
    // One `plan`: what it said, and what it left.
    struct Planned {
        PlanStream stream;
        int status = 0;
        bool written = false;                  // a plan file
        std::optional<PlanFileStates> states;  // in it; none: a format that we do not know
    };
    // A way to run terraform; what makes it ready comes first.
    using Way = std::function<Outcome<void>()>;

    Outcome<void> prepare();
    Outcome<void> placeTemporaryDirectory();
    std::vector<Way> waysInDaemon();
    std::vector<Way> waysInWorkingTree();
    Report tryInOrder(const std::vector<Way>& ways);

    Outcome<void> checkBackend();
    Outcome<void> initialiseExport();
    Outcome<void> useOwnData();
    Outcome<void> useCopy();
    Outcome<void> initialise(LockFileMode lockFile);
    Outcome<void> checkVersion();
    Outcome<void> checkWorkspace();

    std::optional<Report> observe();  // nullopt: init is needed first
    Outcome<Planned> plan();
    Report read(const Planned& planned);
    Report readChanges(const Planned& planned);
    Outcome<bool> hasMoved(const State& planned);
    Result<ResourceSchemas> schemas(const std::vector<std::string>& types);

    [[nodiscard]] SourceSince sourceSince() const;
    [[nodiscard]] std::optional<std::string> stateHolder() const;
    [[nodiscard]] std::string lockText() const;
    [[nodiscard]] std::string lockDigest() const;
    void addEvidence(Report& report, const Planned& planned) const;
    void addDiagnostics(Report& report, const std::vector<ToolDiagnostic>& diagnostics) const;
    Report failed(const Reason& reason, const std::vector<ToolDiagnostic>& diagnostics = {}) const;
    void progress(std::string_view phrase) const;

    const ValueTags& tags_;
    const Workspace& workspace_;
    const std::optional<LastClean>& lastClean_;
    TimedRunner runner_;
    Session session_;
    Sources sources_;
    std::optional<LocalState> localState_;
    std::optional<LockKeeper> lockKeeper_;  // only in the daemon
    std::vector<std::string> secrets_;
    std::vector<ToolDiagnostic> initErrors_;
    bool versionsChosen_ = false;  // by init, for want of a lock file
};

}  // namespace driftkeeper::terraform
