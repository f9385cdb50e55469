#include "providers/cloudformation/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "parsers/cloudformation/classify.hpp"
#include "parsers/cloudformation/graph.hpp"
#include "parsers/graph/cause.hpp"
#include "providers/cloudformation/reasons.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/process/find_program.hpp"

namespace driftkeeper::cloudformation {
namespace {

// AWS CloudFormation User Guide, "Detect drift on an entire stack": the states in which it can be
// asked.
constexpr std::array comparable = {
    std::string_view("CREATE_COMPLETE"),          std::string_view("UPDATE_COMPLETE"),
    std::string_view("UPDATE_ROLLBACK_COMPLETE"), std::string_view("UPDATE_ROLLBACK_FAILED"),
    std::string_view("IMPORT_COMPLETE"),          std::string_view("IMPORT_ROLLBACK_COMPLETE")};

// Reviewed and never created, or deleted: nothing of it exists.
bool isNothing(std::string_view status) {
    return status == "REVIEW_IN_PROGRESS" || status == "DELETE_COMPLETE";
}

std::optional<Reason> whyNot(const StackDescription& stack) {
    if (std::ranges::find(comparable, stack.status) != comparable.end()) return std::nullopt;
    const bool isBusy = stack.status.ends_with("_IN_PROGRESS");
    return reason(isBusy ? "stack_busy" : "stack_failed", stack.status);
}

// Whoever has the same credentials asks in the same account.
std::string placeOf(const Session& session) {
    const auto value = [&](const char* name) { return valueOf(session.environment, name); };
    std::string region = session.region;
    if (region.empty()) region = value("AWS_REGION");
    if (region.empty()) region = value("AWS_DEFAULT_REGION");
    return fmt::format("{} {} {} {} {}", value("AWS_PROFILE"), value("AWS_ACCESS_KEY_ID"),
                       value("AWS_ROLE_ARN"), region, session.endpointUrl);
}

void addSorted(std::vector<Drift>& all, std::vector<Drift> more) {
    for (auto& drift : more) all.push_back(std::move(drift));
    std::ranges::stable_sort(all, [](const Drift& a, const Drift& b) {
        return std::pair(std::string_view(a.address), isNoise(a.cause)) <
               std::pair(std::string_view(b.address), isNoise(b.cause));
    });
}

}  // namespace

Look::Look(ToolRunner& runner, const ValueTags& tags, RequestBudget& budget,
           KnownVersions& versions, const Pace& pace, const Workspace& workspace,
           const std::optional<LastClean>& lastClean, std::stop_token stop)
    : tags_(tags),
      budget_(budget),
      versions_(versions),
      pace_(pace),
      workspace_(workspace),
      lastClean_(lastClean),
      runner_(runner, workspace.timeout, std::move(stop), toolName),
      session_(sessionFor(workspace, callerEnvironment())),
      budgetPlace_(placeOf(session_)) {}

Report Look::report() {
    if (auto ready = prepare(); !ready) return failed(ready.error());
    auto git = readGitSource(workspace_);
    if (!git) return failed(git.error());
    for (const auto& [name, value] : git->settings.parameters)
        if (const auto found = git->source.parameters.find(name);
            found != git->source.parameters.end() && found->second.noEcho)
            secrets_.push_back(value);
    // What is deployed under that name.
    auto stack = describe(git->stackName);
    if (!stack && stack.error().code == "stack_missing") return missing(*git);
    if (!stack) return failed(stack.error());
    if (isNothing(stack->status)) return missing(*git);
    if (const auto why = whyNot(*stack)) return failed(*why);
    // How it and what is nested in it look.
    const StackDescription before = *stack;
    auto seen =
        visit(*std::move(stack), {"", git->file}, std::move(git->source), std::move(git->settings));
    if (!seen) return failed(seen.error());
    if (auto unmoved = checkUnmoved(before); !unmoved) return failed(unmoved.error());
    return assembled();
}

Outcome<void> Look::prepare() {
    secrets_ = secretsIn(session_.environment);
    if (auto made = makeFolder(workspace_.privateDirectory / "home"); !made)
        return because(made.error(), toolName);
    if (auto made = emptyFolder(workspace_.privateDirectory / "run"); !made)
        return because(made.error(), toolName);
    auto asked = version();
    if (!asked) return std::unexpected(asked.error());
    toolVersion_ = *std::move(asked);
    return {};
}

Outcome<std::string> Look::version() {
    const auto path =
        findProgram(session_.program, valueOf(session_.environment, "PATH"), session_.directory);
    std::error_code error;
    const auto written =
        path ? std::filesystem::last_write_time(*path, error) : std::filesystem::file_time_type();
    const auto key = fmt::format("{} {}", path.value_or(session_.program).string(),
                                 written.time_since_epoch().count());
    if (auto known = versions_.find(key)) return *std::move(known);
    const auto said = runner_.run(versionCall(session_));
    if (!said) return std::unexpected(said.error());
    auto version = versionIn(said->out.empty() ? said->err : said->out);
    versions_.note(key, version);
    return version;
}

GitSince Look::gitSince() const {
    if (!lastClean_) return true;
    const bool isSameCommit = !workspace_.commit.empty() && workspace_.commit == lastClean_->commit;
    const bool filesMoved = workspace_.sourceDigest.empty() || lastClean_->sourceDigest.empty()
                                ? !isSameCommit
                                : workspace_.sourceDigest != lastClean_->sourceDigest;
    auto then = RememberedValues::fromText(lastClean_->evidence.remembered);
    return {filesMoved, isSameCommit, then ? *std::move(then) : RememberedValues()};
}

bool Look::wasThere() const {
    return lastClean_ && !lastClean_->evidence.stateLineage.empty();
}

Report Look::missing(const GitSource& git) const {
    Report report;
    report.completeness = Completeness::Complete;
    report.drifts = classifyMissing(git.source, git.settings.parameters, wasThere());
    for (auto& drift : report.drifts)
        drift.note = fmt::format("the stack {} does not exist", redacted(git.stackName, secrets_));
    report.evidence.toolVersion = toolVersion_;
    return report;
}

// A deployment in the middle of a look makes what was seen before it worthless.
Outcome<void> Look::checkUnmoved(const StackDescription& before) {
    const auto now = describe(before.id);
    if (!now && now.error().code != "stack_missing") return orTrouble(now.error());
    if (now && now->status == before.status && now->lastUpdated == before.lastUpdated) return {};
    return std::unexpected(reason("moving"));
}

Report Look::assembled() {
    Report report;
    report.completeness = Completeness::Complete;
    report.evidence.toolVersion = toolVersion_;
    report.evidence.stateLineage = stacks_.front().stack.id;
    const GitSince since = gitSince();
    RememberedValues asked;
    for (const auto& sides : stacks_) {
        const Coverage coverage = coverageOf(sides);
        report.coverage.checked += coverage.checked;
        report.coverage.unsupported += coverage.unsupported;
        report.coverage.unreadable += coverage.unreadable;
        report.resources += sides.resources.size();
        addToGraph(report.graph, sides);
        addSorted(report.drifts, classify(sides, since, tags_));
        rememberAsked(sides, asked, tags_);
    }
    report.evidence.remembered = asked.toText();
    report.coverage.unreadable += unseen_;
    for (auto& drift : report.drifts)
        drift.dependents = report.graph.countDependents(drift.address);
    addTroubles(report);
    if (stacks_.front().stack.status.starts_with("UPDATE_ROLLBACK"))
        report.diagnostics.push_back(
            {Diagnostic::Level::Warning, "the last update of the stack was rolled back", ""});
    return report;
}

void Look::addTroubles(Report& report) {
    std::string names;
    for (const auto& sides : stacks_)
        for (const auto& one : sides.checked)
            if (seen(one) == Seen::Unreadable && names.size() < 200)
                names += (names.empty() ? "" : ", ") + sides.prefix + one.logicalId;
    if (!names.empty())
        troubles_.push_back(reason("unreadable_resources", redacted(names, secrets_)));
    if (troubles_.empty()) return;
    report.completeness = Completeness::Partial;
    report.reason = troubles_.front();
    for (const auto& trouble : troubles_) {
        const Diagnostic diagnostic{Diagnostic::Level::Error, trouble.text, ""};
        if (std::ranges::find(report.diagnostics, diagnostic) == report.diagnostics.end())
            report.diagnostics.push_back(diagnostic);
    }
}

Report Look::failed(const Reason& why) const {
    Report report = failedReport(why.code, redacted(why.text, secrets_));
    report.evidence.toolVersion = toolVersion_;
    return report;
}

void Look::progress(const std::string& phrase) const {
    if (workspace_.progress) workspace_.progress(phrase);
}

}  // namespace driftkeeper::cloudformation
