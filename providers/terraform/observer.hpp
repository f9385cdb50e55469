#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "parsers/json/value_tags.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/plan_stream.hpp"
#include "parsers/terraform/state_ties.hpp"
#include "providers/look/provider.hpp"
#include "providers/look/timed_runner.hpp"
#include "providers/terraform/calls.hpp"
#include "providers/terraform/inputs.hpp"
#include "providers/terraform/local_state.hpp"
#include "providers/terraform/sources.hpp"

namespace driftkeeper::terraform {

// What an observer looks with and at. All of it outlives the observer.
struct View {
    TimedRunner& runner;
    const Session& session;
    const Sources& sources;
    const Workspace& workspace;
    const std::optional<LastClean>& lastClean;
    const ValueTags& tags;
    const std::vector<std::string>& secrets;
    ToolName tool;
    std::filesystem::path lockFile;        // the dependency lock file that counts
    std::optional<LocalState> localState;  // nullopt: in another backend
    StatePlace place;
    // What the end of a plan says against using it, beside what terraform's own words say; may be
    // empty.
    std::function<std::optional<Reason>(const ToolResult& ended, const PlanStream& stream)>
        objection;
    // A state that a newer provider wrote is not the end: init chooses again.
    bool mayChooseVersionsAgain = false;
    // How the tool itself reads what a plan left, where another program made it; may be empty.
    // nullptr: by the session, as all.
    std::function<const Session*()> reader{};
    // The closure may lack a file that counts: only the commit says that nothing moved in Git.
    bool isClosureCertain = true;
};

// Plans, and reads what came out: the same for every program that leaves Terraform's plan files,
// whether it is terraform, tofu or one that runs these. Used once, by one thread.
class Observer {
public:
    explicit Observer(View view) : view_(std::move(view)) {}

    // Whether the session's workspace exists. No failure when init is needed first: the plan says
    // so too.
    Outcome<void> checkWorkspace();

    // nullopt: init is needed first, and errors() say why.
    std::optional<Report> observe();

    // The state alone, as `state pull` gives it: an inventory that nothing was compared with.
    Report takeInventory();

    [[nodiscard]] const std::vector<ToolDiagnostic>& errors() const noexcept { return errors_; }

private:
    // One `plan`: what it said, and what it left.
    struct Planned {
        PlanStream stream;
        int status = 0;
        bool written = false;                  // a plan file
        std::optional<PlanFileStates> states;  // in it; none: a format that we do not know
        // All that there is, when the plan file says it whole: nothing, or other spellings.
        std::optional<std::vector<Drift>> quiet;
    };

    Outcome<Planned> plan();
    void readPlanFile(Planned& planned) const;
    Report read(Planned& planned);
    void sayWhatWasLeftOut(Report& report, const Planned& planned) const;
    Report readChanges(Planned& planned);
    Outcome<State> pull();
    Outcome<bool> hasMoved(const State& planned);
    Result<ResourceSchemas> schemas(const std::vector<std::string>& types);

    [[nodiscard]] const Session& reader();
    Outcome<State> pullBy(const Session& session);
    [[nodiscard]] SourceSince sourceSince() const;
    [[nodiscard]] std::optional<SinceClean> sinceClean(const Planned& planned) const;
    [[nodiscard]] std::optional<std::string> stateHolder() const;
    [[nodiscard]] std::string lockText() const;
    void addEvidence(Report& report, const Planned& planned) const;
    [[nodiscard]] std::string remembered(const Planned& planned) const;
    [[nodiscard]] Reason why(std::string_view code, std::string_view said = {}) const;
    [[nodiscard]] Report failed(const Reason& reason,
                                const std::vector<ToolDiagnostic>& diagnostics = {}) const;
    void progress(std::string_view phrase) const;

    View view_;
    const Session* reader_ = nullptr;  // once it was asked for
    Inputs inputs_;
    std::vector<ToolDiagnostic> errors_;
};

// A look at a state that compared it with nothing: partial, `not_compared`, so that it is never
// in_sync.
Report inventoryOf(const State& state);

}  // namespace driftkeeper::terraform
