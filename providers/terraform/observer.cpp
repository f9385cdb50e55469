#include "providers/terraform/observer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "parsers/graph/cause.hpp"
#include "parsers/terraform/emptied.hpp"
#include "parsers/terraform/lock_file.hpp"
#include "providers/look/files.hpp"
#include "providers/look/redacted.hpp"
#include "providers/terraform/reasons.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr int mostAttempts = 3;
constexpr std::size_t largestPlanFile = std::size_t{512} << 20;
constexpr std::size_t largestMemory = std::size_t{8} << 20;

// What is remembered of a look: the tag of the state that all of it was read from, or - when Git
// asked for some of it otherwise; a blank; the values.
constexpr std::string_view severalSources = "-";

std::string_view sourceOf(std::string_view remembered) {
    return remembered.substr(0, remembered.find(' '));
}

std::string_view valuesOf(std::string_view remembered) {
    return remembered.substr(std::min(remembered.find(' '), remembered.size() - 1) + 1);
}

// Hooks and commands of a wrapper print before what the tool prints.
void dropNoise(std::string& json) {
    if (json.starts_with('{')) return;
    const auto begin = json.find("\n{");
    if (begin != std::string::npos) json.erase(0, begin + 1);
}

}  // namespace

const Session& Observer::reader() {
    if (reader_ == nullptr && view_.reader) reader_ = view_.reader();
    if (reader_ == nullptr) reader_ = &view_.session;
    return *reader_;
}

Outcome<void> Observer::checkWorkspace() {
    if (view_.session.workspace.empty() || view_.session.workspace == "default") return {};
    const auto result = view_.runner.run(workspaceListCall(view_.session));
    if (!result) return std::unexpected(result.error());
    if (result->status != 0) {
        const auto errors = diagnosticsOfText(result->err + "\n" + result->out);
        if (needsInit(errors)) return {};  // the plan says so too, and then it is done
        return std::unexpected(reasonFor(errors, false, view_.secrets, view_.tool));
    }
    std::string_view text = result->out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.size() > 2 && line.substr(2) == view_.session.workspace) return {};
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::unexpected(why("workspace_missing", view_.session.workspace));
}

std::optional<Report> Observer::observe() {
    for (int attempt = 0; attempt < mostAttempts; ++attempt) {
        if (const auto holder = stateHolder()) return failed(why("state_locked", *holder));
        Outcome<Planned> planned = plan();
        if (!planned) return failed(planned.error());
        const bool needsOthers =
            view_.mayChooseVersionsAgain && needsNewerProvider(planned->stream.diagnostics());
        if (needsOthers || needsInit(planned->stream.diagnostics())) {
            errors_ = planned->stream.diagnostics();
            return std::nullopt;
        }
        Report report = read(*planned);
        if (const auto holder = stateHolder()) return failed(why("state_locked", *holder));
        const bool quiet = std::ranges::all_of(report.drifts, isNoise, &Drift::cause);
        if (quiet || !planned->states) return report;
        const Outcome<bool> moved = hasMoved(planned->states->after);
        if (!moved) return failed(moved.error(), planned->stream.diagnostics());
        if (!*moved) return report;
    }
    return failed(why("moving"));
}

Outcome<Observer::Planned> Observer::plan() {
    std::error_code error;
    fs::remove(view_.session.planFile(), error);
    progress("planning");
    Planned planned;
    ToolCall call = planCall(view_.session);
    std::size_t shown = 0;
    call.onOutput = [&](std::string_view bytes) {
        planned.stream.feed(bytes);
        if (planned.stream.refreshed() == shown) return;
        shown = planned.stream.refreshed();
        progress(fmt::format("{} resources read", shown));
    };
    const auto result = view_.runner.run(std::move(call));
    if (!result) return std::unexpected(result.error());
    planned.stream.finish();
    planned.status = result->status;
    planned.written = fs::exists(fs::symlink_status(view_.session.planFile(), error));
    readPlanFile(planned);
    if (view_.objection)
        if (auto objection = view_.objection(*result, planned.stream))
            return std::unexpected(*std::move(objection));
    if (planned.status != 0 && !planned.stream.hasErrors()) {
        // Flag errors and the like come as text.
        const auto errors = diagnosticsOfText(result->err);
        return std::unexpected(
            errors.empty()
                ? why("provider_error", fmt::format("plan ended with {}", planned.status))
                : reasonFor(errors, false, view_.secrets, view_.tool));
    }
    return planned;
}

void Observer::readPlanFile(Planned& planned) const {
    const bool isQuiet = planned.status == 0 && planned.stream.provesNoChange();
    const bool mayBeQuiet =
        !isQuiet && planned.status == 0 && planned.stream.provesOnlyOtherReadings();
    std::optional<std::string_view> knownTag;
    if (!view_.workspace.workingTree) knownTag = "";
    if (knownTag && isQuiet && view_.lastClean)
        knownTag = sourceOf(view_.lastClean->evidence.remembered);
    const auto bytes = fileBelow(view_.session.runDirectory, "plan", largestPlanFile);
    if (!bytes) return;
    auto states = readPlanFileStates(*bytes, view_.tags, knownTag,
                                     mayBeQuiet ? StateTexts::Kept : StateTexts::Dropped);
    if (!states) return;
    planned.states = *std::move(states);
    if (isQuiet)
        planned.quiet.emplace();
    else if (mayBeQuiet)
        planned.quiet =
            emptiedOnly(planned.states->beforeText, planned.states->afterText, view_.tags);
    planned.states->beforeText.clear();
    planned.states->afterText.clear();
}

Report Observer::read(Planned& planned) {
    const auto& diagnostics = planned.stream.diagnostics();
    if (!planned.written)
        return failed(planned.stream.hasErrors()
                          ? reasonFor(diagnostics, false, view_.secrets, view_.tool)
                          : why("output_unreadable", "there is no plan file"),
                      diagnostics);
    Report report;
    inputs_ = inputsOf(view_.workspace, view_.session,
                       installedModules(view_.session.dataDirectory), view_.tags);
    if (planned.quiet) {
        report.completeness = Completeness::Complete;
        report.graph = planned.states->after.graph;
        report.resources = report.coverage.checked = report.graph.resources().size();
        report.drifts = *std::move(planned.quiet);
        for (Drift& drift : report.drifts)
            drift.dependents = report.graph.countDependents(drift.address);
    } else {
        report = readChanges(planned);
    }
    if (report.completeness != Completeness::Failed)
        addStateTies(report.graph, view_.sources.modules, view_.place);
    sayWhatWasLeftOut(report, planned);
    report.diagnostics = told(diagnostics, view_.secrets);
    addEvidence(report, planned);
    return report;
}

// Arguments of a wrapper or of a settings file may keep a plan from looking at what it plans.
void Observer::sayWhatWasLeftOut(Report& report, const Planned& planned) const {
    if (report.completeness != Completeness::Complete || !planned.states) return;
    const auto there = planned.states->before.graph.resources().size();
    const auto& stream = planned.stream;
    // Of a call of our own every word is known; nothing is concluded from what it does not print.
    const bool mayHaveOthersWords = !view_.session.prefix.empty();
    const bool isUnread = mayHaveOthersWords && stream.refreshed() == 0 && there > stream.letGo();
    const bool isTargeted = std::ranges::any_of(
        stream.diagnostics(),
        [](const ToolDiagnostic& one) { return one.summary == "Resource targeting is in effect"; });
    if (!isUnread && !isTargeted) return;
    report.completeness = Completeness::Partial;
    report.reason = why("plan_narrowed", isUnread ? "-refresh=false" : "-target or -exclude");
    if (!isUnread) return;
    report.coverage.unreadable = there;
    report.coverage.checked -= std::min(report.coverage.checked, there);
}

Report Observer::readChanges(Planned& planned) {
    progress("reading the plan");
    const auto& diagnostics = planned.stream.diagnostics();
    auto shown = view_.runner.run(showCall(reader()));
    if (!shown) return failed(shown.error());
    dropNoise(shown->out);
    if (shown->status != 0) {
        const auto errors = diagnosticsOfText(shown->err);
        return failed(planned.stream.hasErrors()
                          ? reasonFor(diagnostics, true, view_.secrets, view_.tool)
                          : reasonFor(errors, true, view_.secrets, view_.tool));
    }
    PlanContext context;
    context.source = sourceSince();
    context.sinceClean = sinceClean(planned);
    context.ignoreChanges = view_.sources.ignoreChanges;
    context.locals = view_.sources.locals;
    if (!view_.workspace.workingTree) context.place = view_.workspace.root.string();
    context.states = planned.states ? &*planned.states : nullptr;
    context.schemas = [this](const std::vector<std::string>& types) { return schemas(types); };
    RememberedValues values;
    if (planned.states) values = std::move(planned.states->values);
    auto report = readPlan(std::move(shown->out), context, view_.tags,
                           view_.workspace.workingTree ? nullptr : &values);
    if (!report) return failed(why("output_unreadable", report.error().message));
    if (!view_.workspace.workingTree)
        report->evidence.remembered = fmt::format("{} {}", severalSources, values.toText());
    // Whatever the exit status says: an error means that something was not seen.
    if (planned.stream.hasErrors()) {
        if (report->completeness == Completeness::Complete)
            report->completeness = Completeness::Partial;
        report->reason = reasonFor(diagnostics, true, view_.secrets, view_.tool);
    } else if (report->completeness != Completeness::Complete && !report->reason) {
        report->reason = why("unreadable_resources", "the plan does not cover all of them");
    }
    return *std::move(report);
}

void Observer::addEvidence(Report& report, const Planned& planned) const {
    Evidence& evidence = report.evidence;
    evidence.toolVersion = planned.stream.toolVersion();
    if (planned.states) {  // only the refreshed one carries the serial of the stored state
        evidence.stateLineage = planned.states->after.lineage;
        evidence.stateSerial = planned.states->after.serial;
    }
    const std::string lock = lockText();
    evidence.lockDigest = lock.empty() ? "" : view_.tags.tag(lock);
    for (const auto& [address, provider] : readLockFile(lock))
        evidence.providerVersions.emplace(address, provider.version);
    evidence.inputs = inputs_;
    if (evidence.remembered.empty()) evidence.remembered = remembered(planned);
    if (evidence.remembered.size() > largestMemory) evidence.remembered.clear();
}

// Of a look that proved that nothing changes.
std::string Observer::remembered(const Planned& planned) const {
    if (!planned.states || planned.states->afterTag.empty()) return {};
    const bool isKnown = view_.lastClean &&
                         sourceOf(view_.lastClean->evidence.remembered) == planned.states->afterTag;
    return isKnown ? view_.lastClean->evidence.remembered
                   : planned.states->afterTag + ' ' + planned.states->values.toText();
}

std::optional<SinceClean> Observer::sinceClean(const Planned& planned) const {
    const auto& last = view_.lastClean;
    if (!last || last->evidence.remembered.empty()) return std::nullopt;
    auto then = RememberedValues::fromText(valuesOf(last->evidence.remembered));
    if (!then) return std::nullopt;
    SinceClean since{*std::move(then)};
    since.inputs = movedInputs(last->evidence.inputs, inputs_);
    since.isSameCommit = !view_.workspace.commit.empty() && view_.workspace.commit == last->commit;
    since.isAppliedSince = !planned.states ||
                           planned.states->after.lineage != last->evidence.stateLineage ||
                           planned.states->after.serial != last->evidence.stateSerial;
    return since;
}

// Commit and lock file cannot move: they are ours. The state can, by an apply from elsewhere.
Outcome<bool> Observer::hasMoved(const State& planned) {
    const auto differs = [&](const State& now) {
        return now.lineage != planned.lineage || now.serial != planned.serial;
    };
    if (view_.localState) {
        const std::string text = fileText(view_.localState->path, largestPlanFile).value_or("");
        if (const auto now = parseState(text, view_.tags)) return differs(*now);
        // An encrypted one: only the tool can read it.
    }
    const auto now = pull();
    if (!now) return std::unexpected(now.error());
    return differs(*now);
}

Outcome<State> Observer::pull() {
    auto state = pullBy(reader());
    // What makes the program find the credentials may be the wrapper's.
    if (!state && &reader() != &view_.session) state = pullBy(view_.session);
    return state;
}

Outcome<State> Observer::pullBy(const Session& session) {
    auto pulled = view_.runner.run(statePullCall(session));
    if (!pulled) return std::unexpected(pulled.error());
    if (pulled->status != 0) {
        errors_ = diagnosticsOfText(pulled->err);
        return std::unexpected(
            reasonFor(diagnosticsOfText(pulled->err + "\nError: error loading state\n"), false,
                      view_.secrets, view_.tool));
    }
    dropNoise(pulled->out);
    auto state = parseState(pulled->out, view_.tags);
    if (!state) return std::unexpected(why("state_unreadable", state.error().message));
    return *std::move(state);
}

Report Observer::takeInventory() {
    progress("reading the state");
    const auto state = pull();
    if (!state) return failed(state.error(), errors_);
    Report report = inventoryOf(*state);
    addStateTies(report.graph, view_.sources.modules, view_.place);
    return report;
}

Result<ResourceSchemas> Observer::schemas(const std::vector<std::string>& types) {
    std::string name = view_.tags.tag(lockText());
    std::ranges::replace(name, ':', '-');
    const fs::path kept =
        view_.workspace.notesDirectory / "schemas" / (name + "-2");  // 2: it knows what is a set
    ResourceSchemas known;
    if (const auto text = fileText(kept))
        if (auto before = schemasFromText(*text)) known = *std::move(before);
    if (std::ranges::all_of(types, [&](const std::string& type) { return known.contains(type); }))
        return known;

    progress("reading the schemas");
    auto result = view_.runner.run(schemasCall(reader()));
    if (result) dropNoise(result->out);
    if (!result) return failure(Remedy::Retry, result.error().code, result.error().text);
    if (result->status != 0)
        return failure(Remedy::Report, "provider_error", "the schemas cannot be read");
    auto answer = parseSchemas(result->out, types);
    if (!answer) return answer;
    known.merge(*answer);
    for (const std::string& type : types)
        known.try_emplace(type);  // nothing more will ever be known of these
    // Another lock file, another schema: only one is kept. That it could not be kept costs time,
    // nothing else.
    if (emptyFolder(kept.parent_path())) (void)writeFile(kept, toText(known));
    return known;
}

SourceSince Observer::sourceSince() const {
    const auto& last = view_.lastClean;
    if (!last) return SourceSince::NoCleanCheck;
    const bool isDigestKnown = view_.isClosureCertain && !view_.workspace.sourceDigest.empty() &&
                               !last->sourceDigest.empty();
    const bool isSame =
        !isDigestKnown ? !view_.workspace.commit.empty() && view_.workspace.commit == last->commit
                       : view_.workspace.sourceDigest == last->sourceDigest;
    return isSame ? SourceSince::Unchanged : SourceSince::Changed;
}

std::optional<std::string> Observer::stateHolder() const {
    return view_.localState ? lockHolder(view_.localState->path) : std::nullopt;
}

std::string Observer::lockText() const {
    return fileText(view_.workspace.sight.onHost(view_.lockFile)).value_or("");
}

Reason Observer::why(std::string_view code, std::string_view said) const {
    return reason(code, said, view_.tool);
}

Report Observer::failed(const Reason& reason,
                        const std::vector<ToolDiagnostic>& diagnostics) const {
    Report report = failedReport(reason.code, redacted(reason.text, view_.secrets));
    report.diagnostics = told(diagnostics, view_.secrets);
    return report;
}

void Observer::progress(std::string_view phrase) const {
    if (view_.workspace.progress) view_.workspace.progress(phrase);
}

Report inventoryOf(const State& state) {
    Report report;
    report.completeness = Completeness::Partial;
    report.reason = reason("not_compared");
    report.graph = state.graph;
    report.resources = report.coverage.unsupported = state.graph.resources().size();
    report.evidence.toolVersion = state.terraformVersion;
    report.evidence.stateLineage = state.lineage;
    report.evidence.stateSerial = state.serial;
    return report;
}

}  // namespace driftkeeper::terraform
