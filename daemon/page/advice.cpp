#include "daemon/page/advice.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "parsers/graph/cause.hpp"

namespace driftkeeper::page {
namespace {

using Line = std::pair<std::string_view, std::string_view>;

constexpr std::string_view seeSettings = "Correct the stack's settings or its code; the next check tries again.";

constexpr std::array<Line, 31> reasons = {
    {{"not_checked_yet", "It is checked as soon as its turn comes. “Check now” puts it first."},
     {"state_locked",
      "Somebody holds the state, usually an apply that runs. The next check looks again; if nothing "
      "runs, the lock was left behind and the tool's own force-unlock removes it."},
     {"moving", "The repository or the state changed while it was looked at, three times. The next check tries again."},
     {"timeout", "Raise `timeout` for this stack, or split it into smaller ones."},
     {"tool_missing", "Install the program, or say where it is with providers.NAME.program."},
     {"tool_not_started", "The program could not be started: look at its permissions and the host's memory."},
     {"tool_too_old", "Install a newer version of the program."},
     {"tool_crashed", "The program crashed: look at the host's memory, then at the program's version."},
     {"no_fitting_version",
      "Add a version of the program that the stack's required_version allows to providers.NAME.programs."},
     {"init_failed", "Modules or providers cannot be had: look at the registry, the network and the plugin cache."},
     {"lock_file_changed", "Commit the dependency lock file with the versions that the configuration asks for."},
     {"credentials", "The stack's credentials were refused: renew them, or give the ones it needs in its environment."},
     {"access_denied", "The credentials lack a permission that reading needs; the sentence above names it."},
     {"provider_crashed", "A provider crashed. The next check tries again; if it stays, try another version of it."},
     {"provider_error", "A provider answered with an error; what it said is below."},
     {"unreadable_resources",
      "Some resources could not be read, so nothing is resolved by this check. Their errors are below."},
     {"broken_configuration", "The code in Git is not valid: correct it and commit. What the tool said is below."},
     {"missing_variable", "Give the variable a value: variable_files or environment of the stack."},
     {"workspace_missing", "The workspace does not exist: create it, or correct `workspace` in the settings."},
     {"no_state_in_checkout", "The state is a local file that Git does not hold: use a backend, or an absolute path."},
     {"remote_execution", "The backend runs plans itself: have it watched there, or use local execution."},
     {"not_compared", "This provider lists what there is and compares it with nothing."},
     {"git_unreachable", "The repository cannot be reached: look at the network and the server. It is tried again."},
     {"git_credentials", "The repository refused the credentials: renew them in the settings."},
     {"disk_full", "Make room on the host's disk."},
     {"forbidden", "The cluster refuses the account a permission; the sentence above names it."},
     {"throttled", "The service limits requests. The next check tries again, a longer interval helps."},
     {"unreachable", "The service cannot be reached: look at the network. The next check tries again."},
     {"setup", seeSettings},
     {"mock_outputs", "Apply the units that this one depends on: what it would plan with is made up."},
     {"dependency_unapplied", "Apply the units that this one depends on first."}}};

constexpr std::array<Line, 9> causes = {
    {{cause::outOfBand, "Apply what Git says to undo the change, or bring it into Git to keep it."},
     {cause::appliedElsewhere, "Find out which code was applied: merge that, or apply what Git says."},
     {cause::unappliedCommit, "Apply the commit, or revert it."},
     {cause::tainted, "Apply: the tool replaces the object. If it is healthy, untaint it."},
     {cause::conflict, "Look before you apply: that would overwrite what was changed live with a third thing."},
     {cause::perpetual,
      "The code asks for something that never comes to rest, such as timestamp(): correct it, or ignore the "
      "attribute."},
     {cause::providerUpgrade, "Apply once with the new version, or pin the old one."},
     {cause::unmanaged, "Take it into the code (import), or delete it."},
     {cause::imported, "Apply to take it in."}}};

std::string_view find(std::span<const Line> lines, std::string_view word) noexcept {
    const auto found = std::ranges::find(lines, word, &Line::first);
    return found == lines.end() ? std::string_view() : found->second;
}

}  // namespace

std::string_view adviceForReason(std::string_view code) noexcept {
    if (const auto known = find(reasons, code); !known.empty()) return known;
    if (code.starts_with("git_")) return "Look at the repository's settings: URL, ref, path and credentials.";
    return "What the tool said is below; the next check tries again.";
}

std::string_view adviceForCause(std::string_view cause) noexcept {
    return find(causes, cause);
}

std::string adviceFor(const StackObject& stack) {
    if (stack.reason) return std::string(adviceForReason(stack.reason->code));
    switch (stack.verdict) {
        case Verdict::InSync:
            return stack.drifts.empty() ? "Nothing to do." : "The last check no longer saw what is listed below.";
        case Verdict::Drifted:
            return "Live is not what Git asks for. What differs, and what to do about each, is below.";
        case Verdict::Unapplied:
            return "Git asks for something that was not applied yet: apply it, or revert the commit.";
        case Verdict::Inconclusive:
            break;
    }
    return "The next check tries again.";
}

}  // namespace driftkeeper::page
