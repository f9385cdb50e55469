#include "daemon/check/check_runner.hpp"

#include <algorithm>

#include "daemon/alert/decide/incidents.hpp"
#include "daemon/alert/decide/reconcilers.hpp"
#include "daemon/base/files.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"
#include "daemon/check/look_notes.hpp"
#include "daemon/check/workspace.hpp"
#include "daemon/judge/history.hpp"
#include "daemon/model/inventory_check.hpp"
#include "providers/catalog.hpp"
#include "providers/process/remove_tree.hpp"

namespace driftkeeper {
namespace {

constexpr int mostLooks = 3;            // a repository that moves faster is looked at when it rests
constexpr std::size_t recentLooks = 5;  // that may all have failed

const RepositorySettings* repositoryOf(const Settings& settings, const Stack& stack) {
    const auto it =
        std::ranges::find(settings.repositories, stack.repository, &RepositorySettings::name);
    return it == settings.repositories.end() ? nullptr : &*it;
}

// The stack as it is after the check: what the notices, the API and the metrics show.
StackStatus statusAfter(const Stack& stack, const Memory& memory, const Reconciled& reconciled) {
    const Check& check = *memory.check;
    StackStatus status;
    status.stack = stack;
    status.last = memory.check;
    if (check.complete())
        status.lastConclusive = LastConclusive{check.verdict(), check.commit, check.finished};
    for (const auto& finding : memory.findings) {
        const bool touched = std::ranges::any_of(
            reconciled.items,
            [&](const Reconciled::Item& item) { return item.finding.id == finding.id; });
        if (!touched && finding.isConfirmed()) status.open.push_back(finding);
    }
    for (const auto& item : reconciled.items)
        if (item.finding.isOpen() && item.finding.isConfirmed())
            status.open.push_back(item.finding);
    std::ranges::sort(status.open, {},
                      [](const Finding& finding) { return finding.drift.address; });
    return status;
}

void append(Decision& to, Decision from) {
    std::ranges::move(from.findings, std::back_inserter(to.findings));
    std::ranges::move(from.incidents, std::back_inserter(to.incidents));
    std::ranges::move(from.deliveries, std::back_inserter(to.deliveries));
}

Trouble staleness(const StackStatus& status) {
    Trouble trouble;
    trouble.kind = IncidentKind::Stale;
    trouble.subject = status.stack.id;
    trouble.shownName = status.stack.fullName();
    trouble.stacks = {status};
    return trouble;
}

Trouble orphanage(const StackStatus& status, std::size_t resources) {
    Trouble trouble = staleness(status);
    trouble.kind = IncidentKind::Orphaned;
    trouble.cause = "orphaned";
    trouble.text = "stack " + status.stack.fullName() +
                   " is gone from Git, and its state still holds " + std::to_string(resources) +
                   (resources == 1 ? " resource" : " resources");
    return trouble;
}

// Which check it was, without what it saw.
Check withoutReport(const Check& check) {
    Check same;
    same.id = check.id;
    same.stackId = check.stackId;
    same.commit = check.commit;
    same.sourceDigest = check.sourceDigest;
    same.started = check.started;
    same.finished = check.finished;
    return same;
}

// Two looks say so, for a state may be on its way from one backend to another.
Trouble lostState(const StackStatus& status) {
    Trouble trouble = staleness(status);
    trouble.cause = "state_lost";
    trouble.text = "stack " + status.stack.fullName() + ": " + status.last->report.reason->text;
    return trouble;
}

bool isLost(const Report& report) {
    return report.reason && report.reason->code == "state_lost";
}

bool keepsState(const Stack& stack) {
    const ProviderKind* kind = providerKind(stack.provider);
    return kind != nullptr && kind->keepsState;
}

void logCheck(const Stack& stack, const Check& check) {
    const bool decided = check.verdict() != Verdict::Inconclusive;
    log::info(decided ? log::event::checkFinished : log::event::checkInconclusive, "check finished",
              {{"stack", stack.fullName()},
               {"verdict", std::string(name(check.verdict()))},
               {"commit", check.commit.substr(0, 12)},
               {"drifts", std::to_string(check.report.drifts.size())},
               {"seconds", std::to_string(check.seconds()).substr(0, 6)},
               {"reason", check.report.reason ? check.report.reason->code : "none"}});
}

}  // namespace

CheckRunner::Outcome CheckRunner::run(const Stack& stack, std::stop_token stop) {
    Outcome outcome;
    world_.metrics.checkStarted();

    // Look at it; while somebody moves what is looked at, look again.
    Check check = look(stack, world_.repositories.commit(stack.repository), stop);
    for (int looks = 1; !stop.stop_requested() && sourceMoved(stack, check, stop); ++looks) {
        if (looks == mostLooks) {
            check.report = failedReport(
                "moving",
                "the repository changed during each of three looks; the next check tries again");
            break;
        }
        check = look(stack, world_.repositories.commit(stack.repository), stop);
    }
    world_.metrics.checkFinished(stack.provider, check.verdict(), check.seconds());

    // A look that the daemon's own end cut short says nothing about the stack.
    if (stop.stop_requested()) {
        outcome.stopped = true;
        return outcome;
    }
    logCheck(stack, check);

    // Remember it and decide who must know, all at once.
    auto unrecorded = withoutReport(check);
    const auto decision = remember(stack, std::move(check));
    if (!decision) {
        unrecorded.report = failedReport(decision.error().code, decision.error().message);
        world_.overview.keepUnrecorded(std::make_shared<const Check>(std::move(unrecorded)));
        log::error(log::event::stateTrouble, "a check could not be recorded; it runs again",
                   {{"stack", stack.fullName()},
                    {"code", decision.error().code},
                    {"reason", decision.error().message}});
        outcome.again = world_.settings.get()->checks.confirmAfter;
        return outcome;
    }
    outcome.again = decision->checkAgainAfter;

    // Show it.
    const auto status = world_.store.stacks.status(stack.id);
    if (!status || !*status) {
        log::error(log::event::stateTrouble, "a check was recorded and cannot be read",
                   {{"stack", stack.fullName()},
                    {"reason", status ? "not found" : status.error().message}});
        return outcome;
    }
    outcome.failures = (*status)->failures;
    world_.overview.keep(**status);
    world_.publish(**status);
    return outcome;
}

Check CheckRunner::look(const Stack& stack, const std::string& commit, std::stop_token stop) {
    const auto line = world_.overview.find(stack.fullName());
    const bool isFirst = !line || !line->lastChecked;
    Running::Look shown(world_.running,
                        {stack.fullName(),
                         stack.provider,
                         {},
                         "preparing the source",
                         isFirst ? std::nullopt : std::optional(line->lastSeconds)});
    Check check;
    check.id = makeUuid();
    check.stackId = stack.id;
    check.commit = commit;
    check.started = world_.clock.now();
    const BootTime began = world_.clock.boot();
    // What the last clean look knew tells which side moved.
    const auto clean = world_.store.checks.lastClean(stack.id);
    check.report = clean ? inspect(stack, *clean, check, shown, stop)
                         : failedReport(clean.error().code, clean.error().message);
    check.finished = check.started + (world_.clock.boot() - began);
    check.log = shown.log();
    judge(stack, clean ? *clean : std::nullopt, check);
    return check;
}

// What the provider says of the source at the check's commit. The check is told which source that
// was.
Report CheckRunner::inspect(const Stack& stack, const std::optional<CleanCheck>& clean,
                            Check& check, Running::Look& shown, std::stop_token stop) {
    const auto settings = world_.settings.get();
    const RepositorySettings* repository = repositoryOf(*settings, stack);
    if (repository == nullptr || check.commit.empty())
        return failedReport("not_checked_yet", "the repository was not read yet");
    const auto provider = world_.providers.find(stack.provider);
    if (provider == world_.providers.end())
        return failedReport("setup", "there is no provider \"" + stack.provider + "\"");

    // The source at one commit, at the same path every time.
    const auto shared = world_.checkouts.prepare(*repository, stack, check.commit);
    if (!shared) return failedReport(shared.error().code, shared.error().message);
    check.sourceDigest = shared->sourceDigest;

    auto workspace = workspaceFor(*repository, stack, *shared);
    if (!workspace) return failedReport(workspace.error().code, workspace.error().message);
    workspace->progress = [&](std::string_view phrase) { shown.step(phrase); };
    RefusedHosts refused;
    refused.watch(*workspace);
    std::optional<LastClean> lastClean;
    if (clean) lastClean = LastClean{clean->commit, clean->sourceDigest, clean->evidence};
    Report report = provider->second->inspect(*workspace, lastClean, stop);
    world_.checkouts.removeScratch(stack.id);
    // What was ended in the middle may have filled it.
    if (report.reason && report.reason->code == "resource_limit")
        removeTree(workspace->privateDirectory);
    if (report.completeness != Completeness::Complete)
        nameSopsFiles(report, world_.checkouts.sopsFiles(*repository, stack, check.commit));
    refused.nameIn(report);
    return report;
}

// What the looks before know of its causes, how much they weigh, what nobody wants to be told of,
// and who last touched the files.
void CheckRunner::judge(const Stack& stack, const std::optional<CleanCheck>& clean, Check& check) {
    if (check.report.completeness == Completeness::Failed) return;
    const auto history = world_.store.checks.history(stack.id, recentLooks);
    const Check* previous = nullptr;
    if (history)
        for (const auto& earlier : *history)
            if (previous == nullptr && earlier.report.completeness != Completeness::Failed)
                previous = &earlier;
    const CleanCheck* lastClean = clean ? &*clean : nullptr;
    if (keepsState(stack))
        if (const auto lost = stateLost(check.report, previous, lastClean)) {
            check.report = failedReport("state_lost", *lost);
            return;
        }
    settleByHistory(check, previous, lastClean);
    world_.rules.judge(check.report, stack, check.finished);
    if (check.report.drifts.empty()) return;
    if (previous != nullptr && previous->touch && previous->commit == check.commit) {
        check.touch = previous->touch;
        return;
    }
    const auto settings = world_.settings.get();
    if (const auto* repository = repositoryOf(*settings, stack))
        if (auto touch = world_.checkouts.lastTouchOf(*repository, stack, check.commit))
            check.touch = *std::move(touch);
}

Result<Workspace> CheckRunner::workspaceFor(const RepositorySettings& repository,
                                            const Stack& stack, const Export& source) const {
    const auto settings = world_.settings.get();
    auto workspace = daemonWorkspace(*settings, stack);
    if (!workspace) return workspace;
    if (auto placed =
            placeSource(*workspace, world_.checkouts, repository, stack, source, world_.laysOver);
        !placed)
        return std::unexpected(placed.error());
    for (const auto* folder : {&workspace->privateDirectory, &workspace->notesDirectory})
        if (auto made = makeDirectory(*folder); !made) return std::unexpected(made.error());
    return workspace;
}

// A drift may be nothing but a commit that came, and was applied, since the last poll. Only a drift
// is worth the fetch.
bool CheckRunner::sourceMoved(const Stack& stack, const Check& check, std::stop_token stop) {
    if (check.report.drifts.empty()) return false;
    const auto settings = world_.settings.get();
    const RepositorySettings* repository = repositoryOf(*settings, stack);
    if (repository == nullptr) return false;
    const auto commit = world_.repositories.latest(*repository, stop);
    if (!commit || *commit == check.commit) return false;
    const auto digest = world_.checkouts.sourceDigest(*repository, stack, *commit);
    return digest && *digest != check.sourceDigest;
}

Result<Decision> CheckRunner::remember(const Stack& stack, Check check) {
    bool isLostAgain = false;
    if (isLost(check.report))
        if (const auto before = world_.store.stacks.status(stack.id); before && *before)
            isLostAgain = (*before)->last && isLost((*before)->last->report);
    auto decision = world_.store.record(
        std::move(check), [&](const Memory& memory) { return decide(stack, memory, isLostAgain); });
    if (!decision) return decision;
    world_.alerter.publish(*decision, stack.fullName());
    return decision;
}

// Pure, but for new ids: what a check means for findings and incidents, and who must know.
Decision CheckRunner::decide(const Stack& stack, const Memory& memory, bool isLostAgain) const {
    const Check& check = *memory.check;
    // After a loss of the state a first look is not the first: what it sees is no baseline.
    const bool isFirst = !memory.everComplete && !world_.store.hasLost();
    const Remembered remembered{memory.findings, isFirst, memory.recentlyClosed};
    const auto policy = policyOf(world_.settings.get()->checks);
    const Reconciled reconciled = reconcile(remembered, check, policy, makeUuid);
    const StackStatus status = statusAfter(stack, memory, reconciled);
    return world_.alerter.with([&](const AlertContext& context) {
        Decision decided = alertDrifts(memory, reconciled, status, context);
        decided.checkAgainAfter = reconciled.checkAgainAfter;
        append(decided, alertReconcilers(memory, status, context));
        if (isLostAgain)
            append(decided, openTrouble(memory, lostState(status), context));
        else if (isLost(check.report))
            decided.checkAgainAfter = policy.confirmAfter;
        if (check.complete() || isInventory(check)) {
            append(decided, closeTrouble(memory, staleness(status), "checked", context));
            append(decided, closeTrouble(memory, orphanage(status, 0), "stack_returned", context));
        }
        return decided;
    });
}

// How much its state still holds that nobody looks after any more: one last look at the last commit
// that had it.
std::size_t CheckRunner::leftBehind(const StackStatus& status, std::stop_token stop) {
    if (!status.last || status.last->commit.empty()) return 0;
    const Check last = look(status.stack, status.last->commit, stop);
    std::string key;
    for (const auto& offer : last.report.graph.offers())
        if (offer.address.empty() && offer.key.starts_with("tfstate:")) key = offer.key;
    if (key.empty())
        if (const auto known = world_.store.estate.stateOf(status.stack.id); known && *known)
            key = **known;
    if (!key.empty())
        if (const auto heir = world_.store.estate.hasHeir(status.stack.id, key); heir && *heir)
            return 0;
    return last.report.completeness == Completeness::Failed ? status.last->report.resources
                                                            : last.report.resources;
}

// One of them may have the state of a stack that is gone.
bool CheckRunner::hasUnseenBeside(const Stack& stack) const {
    return std::ranges::any_of(world_.overview.stacks(), [&](const StackLine& line) {
        return line.repository == stack.repository && line.id != stack.id && !line.lastChecked;
    });
}

std::optional<Seconds> CheckRunner::remove(const Stack& stack, Retired why, std::stop_token stop) {
    const auto known = world_.store.stacks.status(stack.id);
    if (!known || !*known) return std::nullopt;
    StackStatus status = **known;
    status.stack = stack;  // with what the store does not keep
    if (why == Retired::GoneFromGit && hasUnseenBeside(stack))
        return world_.settings.get()->checks.confirmAfter;
    const std::size_t resources = why == Retired::GoneFromGit ? leftBehind(status, stop) : 0;
    if (stop.stop_requested()) return std::nullopt;

    status.open.clear();
    const auto decision =
        world_.store.decide(IncidentKind::Orphaned, stack.id, [&](const Memory& memory) {
            return world_.alerter.with([&](const AlertContext& context) {
                const Reconciled reconciled =
                    closeAll(memory.findings, context.now, "stack_removed");
                Decision decided = alertDrifts(memory, reconciled, status, context);
                append(decided, closeTrouble(memory, staleness(status), "stack_removed", context));
                append(decided,
                       closeTrouble(memory, reconcilerTrouble(status), "stack_removed", context));
                append(decided, resources > 0
                                    ? openTrouble(memory, orphanage(status, resources), context)
                                    : closeTrouble(memory, orphanage(status, 0),
                                                   why == Retired::TakenOut ? "stack_removed"
                                                                            : "state_empty",
                                                   context));
                return decided;
            });
        });
    if (!decision) {
        log::error(log::event::stateTrouble, "a removed stack could not be closed",
                   {{"stack", stack.fullName()}, {"reason", decision.error().message}});
        return world_.settings.get()->checks.confirmAfter;
    }
    world_.alerter.publish(*decision, stack.fullName());
    // While its state holds resources it is looked at again and again; it was removed the first
    // time.
    const auto line = world_.overview.find(stack.fullName());
    if (line && line->id == stack.id)
        log::info(log::event::stackGone, "stack removed",
                  {{"stack", stack.fullName()}, {"resources", std::to_string(resources)}});
    (void)world_.store.stacks.remove(stack.id, world_.clock.now());
    world_.overview.remove(stack.id);
    world_.checkouts.removeOwn(stack.id);
    return resources > 0 ? std::optional(stack.every) : std::nullopt;
}

}  // namespace driftkeeper
