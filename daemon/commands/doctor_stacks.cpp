// The part of `doctor` that asks the running daemon how its stacks fare.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/commands/doctor.hpp"
#include "daemon/wording/drift_words.hpp"
#include "parsers/graph/reason_code.hpp"

namespace driftkeeper {
namespace {

using enum Diagnosis::Level;
using Group = std::vector<const StackObject*>;

constexpr std::size_t mostNamed = 3;  // stacks of one reason

std::string namesOf(const Group& group) {
    std::string text;
    for (std::size_t i = 0; i < std::min(group.size(), mostNamed); ++i)
        text += (i == 0 ? "" : ", ") + group[i]->stack;
    return group.size() > mostNamed ? fmt::format("{} and {} more", text, group.size() - mostNamed)
                                    : text;
}

Diagnoses lookAtStacks(const Patient& patient) {
    const Daemon daemon = daemonOf(patient, std::chrono::seconds(3));
    const Answer answer = ask(daemon, "GET", "/api/v1/stacks");
    if (answer.status != 200) return {};  // what is wrong there the daemon's probe says
    const auto stacks = stacksFromJson(answer.body);
    return stacks ? diagnoseStacks(*stacks) : Diagnoses();
}

}  // namespace

Diagnoses diagnoseStacks(const std::vector<StackObject>& stacks) {
    if (stacks.empty())
        return {{"stacks", Warning, "the daemon has found none in the repositories",
                 "see what the settings include: driftkeeper config show"}};
    std::map<Verdict, std::size_t> conclusive;
    std::map<std::string, Group> byReason;
    std::size_t waiting = 0;
    for (const StackObject& stack : stacks) {
        if (stack.verdict != Verdict::Inconclusive)
            ++conclusive[stack.verdict];
        else if (stack.reason && stack.reason->code == "not_checked_yet")
            ++waiting;
        else
            byReason[stack.reason ? stack.reason->code : "unknown"].push_back(&stack);
    }

    std::string text = counted(stacks.size(), "stack");
    for (const auto& [verdict, count] : conclusive)
        text += fmt::format(", {} {}", count, wordOf(verdict));
    if (waiting > 0) text += fmt::format(", {} not checked yet", waiting);
    Diagnoses found{{"stacks", Ok, text, {}}};

    const auto level = conclusive.empty() ? Problem : Warning;
    for (const auto& [code, group] : byReason) {
        const auto& reason = group.front()->reason;
        found.push_back({"stacks", level,
                         fmt::format("{} inconclusive, {}: {} ({})", group.size(), code,
                                     reason ? reason->text : "no reason is known", namesOf(group)),
                         std::string(adviceForReason(code))});
    }
    return found;
}

std::vector<Probe> stackProbes(const SharedPatient& patient) {
    return {{"stacks", [patient](const std::stop_token&) { return lookAtStacks(*patient); }}};
}

}  // namespace driftkeeper
