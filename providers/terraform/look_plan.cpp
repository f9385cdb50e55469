// The part of a look that plans and reads what came out.
#include <fmt/format.h>

#include <algorithm>

#include "parsers/graph/cause.hpp"
#include "providers/terraform/files.hpp"
#include "providers/terraform/look.hpp"
#include "providers/terraform/reasons.hpp"

namespace driftkeeper::terraform {
namespace {

namespace fs = std::filesystem;

constexpr int mostAttempts = 3;
constexpr std::size_t largestPlanFile = std::size_t{512} << 20;

}  // namespace

std::optional<Report> Look::observe() {
    addInstalledModules(sources_, session_.directory, session_.dataDirectory);
    for (int attempt = 0; attempt < mostAttempts; ++attempt) {
        if (const auto holder = stateHolder()) return failed(reason("state_locked", *holder));
        const Outcome<Planned> planned = plan();
        if (!planned) return failed(planned.error());
        if (needsInit(planned->stream.diagnostics())) {
            initErrors_ = planned->stream.diagnostics();
            return std::nullopt;
        }
        Report report = read(*planned);
        if (const auto holder = stateHolder()) return failed(reason("state_locked", *holder));
        const bool quiet = std::ranges::all_of(report.drifts, isNoise, &Drift::cause);
        if (quiet || !planned->states) return report;
        const Outcome<bool> moved = hasMoved(planned->states->after);
        if (!moved) return failed(moved.error(), planned->stream.diagnostics());
        if (!*moved) return report;
    }
    return failed(reason("moving"));
}

Outcome<Look::Planned> Look::plan() {
    std::error_code error;
    fs::remove(session_.planFile(), error);
    progress("planning");
    Planned planned;
    ToolCall call = planCall(session_);
    std::size_t shown = 0;
    call.onOutput = [&](std::string_view bytes) {
        planned.stream.feed(bytes);
        if (planned.stream.refreshed() == shown) return;
        shown = planned.stream.refreshed();
        progress(fmt::format("{} resources read", shown));
    };
    const auto result = runner_.run(std::move(call));
    if (!result) return std::unexpected(result.error());
    planned.stream.finish();
    planned.status = result->status;
    planned.written = fs::exists(session_.planFile(), error);
    if (const auto bytes = readFile(session_.planFile(), largestPlanFile))
        if (auto states = readPlanFileStates(*bytes, tags_)) planned.states = *std::move(states);
    if (planned.status != 0 && !planned.stream.hasErrors()) {
        // Flag errors and the like come as text.
        const auto errors = diagnosticsOfText(result->err);
        return std::unexpected(errors.empty()
                                   ? reason("provider_error", fmt::format("plan ended with {}", planned.status))
                                   : reasonFor(errors, false, secrets_));
    }
    return planned;
}

Report Look::read(const Planned& planned) {
    const auto& diagnostics = planned.stream.diagnostics();
    if (!planned.written)
        return failed(planned.stream.hasErrors() ? reasonFor(diagnostics, false, secrets_)
                                                 : reason("output_unreadable", "there is no plan file"),
                      diagnostics);
    Report report;
    if (planned.states && planned.status == 0 && planned.stream.provesNoChange()) {
        report.completeness = Completeness::Complete;
        report.graph = planned.states->after.graph;
        report.resources = report.coverage.checked = report.graph.resources().size();
    } else {
        report = readChanges(planned);
    }
    addDiagnostics(report, diagnostics);
    addEvidence(report, planned);
    return report;
}

Report Look::readChanges(const Planned& planned) {
    progress("reading the plan");
    const auto& diagnostics = planned.stream.diagnostics();
    auto shown = runner_.run(showCall(session_));
    if (!shown) return failed(shown.error());
    if (shown->status != 0) {
        const auto errors = diagnosticsOfText(shown->err);
        return failed(planned.stream.hasErrors() ? reasonFor(diagnostics, true, secrets_)
                                                 : reasonFor(errors, true, secrets_));
    }
    PlanContext context;
    context.source = sourceSince();
    context.ignoreChanges = sources_.ignoreChanges;
    context.locals = sources_.locals;
    context.states = planned.states ? &*planned.states : nullptr;
    context.schemas = [this](const std::vector<std::string>& types) { return schemas(types); };
    auto report = readPlan(std::move(shown->out), context, tags_);
    if (!report) return failed(reason("output_unreadable", report.error().message));
    // Whatever the exit status says: an error means that something was not seen.
    if (planned.stream.hasErrors()) {
        if (report->completeness == Completeness::Complete) report->completeness = Completeness::Partial;
        report->reason = reasonFor(diagnostics, true, secrets_);
    } else if (report->completeness != Completeness::Complete && !report->reason) {
        report->reason = reason("unreadable_resources", "the plan does not cover all of them");
    }
    return *std::move(report);
}

void Look::addEvidence(Report& report, const Planned& planned) const {
    Evidence& evidence = report.evidence;
    evidence.toolVersion = planned.stream.toolVersion();
    if (planned.states) {  // only the refreshed one carries the serial of the stored state
        evidence.stateLineage = planned.states->after.lineage;
        evidence.stateSerial = planned.states->after.serial;
    }
    evidence.lockDigest = lockDigest();
    for (const auto& [address, provider] : readLockFile(lockText()))
        evidence.providerVersions.emplace(address, provider.version);
}

// Commit and lock file cannot move: they are ours. The state can, by an apply from elsewhere.
Outcome<bool> Look::hasMoved(const State& planned) {
    const auto differs = [&](const State& now) {
        return now.lineage != planned.lineage || now.serial != planned.serial;
    };
    if (localState_) {
        const std::string text = readFile(localState_->path, largestPlanFile).value_or("");
        if (const auto now = parseState(text, tags_)) return differs(*now);
        // An encrypted one: only the tool can read it.
    }
    const auto pulled = runner_.run(statePullCall(session_));
    if (!pulled) return std::unexpected(pulled.error());
    if (pulled->status != 0)
        return std::unexpected(
            reasonFor(diagnosticsOfText(pulled->err + "\nError: error loading state\n"), false, secrets_));
    const auto now = parseState(pulled->out, tags_);
    if (!now) return std::unexpected(reason("state_unreadable", now.error().message));
    return differs(*now);
}

Result<ResourceSchemas> Look::schemas(const std::vector<std::string>& types) {
    std::string name = tags_.tag(lockText());
    std::ranges::replace(name, ':', '-');
    const fs::path kept = workspace_.privateDirectory / "schemas" / (name + "-2");  // 2: it knows what is a set
    ResourceSchemas known;
    if (const auto text = readFile(kept))
        if (auto before = schemasFromText(*text)) known = *std::move(before);
    if (std::ranges::all_of(types, [&](const std::string& type) { return known.contains(type); })) return known;

    progress("reading the schemas");
    const auto result = runner_.run(schemasCall(session_));
    if (!result) return failure(Remedy::Retry, result.error().code, result.error().text);
    if (result->status != 0) return failure(Remedy::Report, "provider_error", "the schemas cannot be read");
    auto answer = parseSchemas(result->out, types);
    if (!answer) return answer;
    known.merge(*answer);
    for (const std::string& type : types) known.try_emplace(type);  // nothing more will ever be known of these
    // Another lock file, another schema: only one is kept. That it could not be kept costs time, nothing else.
    if (emptyFolder(kept.parent_path())) (void)writeFile(kept, toText(known));
    return known;
}

}  // namespace driftkeeper::terraform
