#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"
#include "providers/terraform/flavour.hpp"
#include "providers/terraform/local_state.hpp"
#include "providers/terraform/lock_keeper.hpp"
#include "providers/terraform/moving_modules.hpp"
#include "providers/terraform/observer.hpp"
#include "providers/terraform/program_versions.hpp"
#include "providers/terraform/sources.hpp"

namespace driftkeeper::terraform {

// What all looks of a provider know. Thread-safe.
struct Shared {
    ProgramVersions versions;
    MovingModules modules;
};

// One look at one stack, from top to bottom. Used once, by one thread.
//
// In the daemon the program runs in the checkout, or a copy of it: with what the last check has
// initialised, and after `init` when that does not fit any more. In a working tree it runs with
// what the tree has initialised, else with data of our own, else in a private copy of the stack.
class Look {
public:
    Look(const Flavour& flavour, Shared& shared, ToolRunner& runner, const ValueTags& tags,
         const Workspace& workspace, const std::optional<LastClean>& lastClean,
         std::stop_token stop);

    Report report();         // compares
    Report takeInventory();  // reads the state alone: `not_compared`

private:
    // A way to run the program; what makes it ready comes first.
    using Way = std::function<Outcome<void>()>;
    // What is done when it is ready; nullopt: init is needed first.
    using See = std::function<std::optional<Report>(Observer&)>;

    Report look(const See& see);
    Outcome<void> prepare();
    std::vector<Way> waysInDaemon();
    std::vector<Way> waysInWorkingTree();
    [[nodiscard]] std::filesystem::path ownData() const;
    Report tryInOrder(const std::vector<Way>& ways, const See& see);
    // nullopt: it did not work out, and `last` says why.
    std::optional<Report> tryOne(const Way& way, const See& see, Report& last);
    [[nodiscard]] bool mayChooseVersionsAgain() const;

    Outcome<void> chooseProgram();
    Outcome<void> checkVersion();

    Outcome<void> findLocalState();
    bool dropMovedModules();
    Outcome<void> initialiseExport();
    Outcome<void> useOwnData();
    Outcome<void> useOwnLock();
    Outcome<void> copyStack();
    Outcome<void> initialise(LockFileMode lockFile);

    [[nodiscard]] View view();
    [[nodiscard]] std::filesystem::path lockFile() const;
    [[nodiscard]] std::string lockText() const;
    void addLockWarning(Report& report) const;
    [[nodiscard]] Reason why(std::string_view code, std::string_view said = {}) const;
    [[nodiscard]] Report failed(const Reason& reason,
                                const std::vector<ToolDiagnostic>& diagnostics = {}) const;
    void progress(std::string_view phrase) const;

    const Flavour& flavour_;
    Shared& shared_;
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
    bool plans_ = true;            // else the state alone is read, which every backend gives
    bool versionsChosen_ = false;  // by init, for want of a lock file
    bool hasDevOverrides_ = false;
};

}  // namespace driftkeeper::terraform
