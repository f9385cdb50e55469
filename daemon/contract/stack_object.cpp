#include "daemon/contract/stack_object.hpp"

#include <algorithm>
#include <cmath>

namespace driftkeeper {
namespace {

StackObject propertiesOf(const Stack& stack) {
    StackObject object;
    object.stack = stack.fullName();
    object.repository = stack.repository;
    object.path = stack.path;
    object.provider = stack.provider;
    object.workspace = stack.workspace();
    object.owners = stack.owners();
    return object;
}

void addCheck(StackObject& object, const Check& check) {
    object.commit = check.commit;
    object.touch = check.touch;
    object.started = check.started;
    object.durationSeconds = std::round(check.seconds() * 1000) / 1000;
    object.verdict = check.verdict();
    object.complete = check.complete();
    if (!object.complete) object.reason = check.report.reason;
    object.resources = check.report.resources;
    object.coverage = check.report.coverage;
    object.notTold = check.report.notTold;
    object.diagnostics = check.report.diagnostics;
}

}  // namespace

StackObject stackObject(const StackStatus& status) {
    auto object = propertiesOf(status.stack);
    if (status.last)
        addCheck(object, *status.last);
    else
        object.reason = Reason{"not_checked_yet", "The stack was not checked yet."};
    for (const auto& finding : status.open)
        if (finding.isOpen() && finding.isConfirmed())
            object.drifts.push_back({finding.drift, finding.firstSeen});
    std::ranges::stable_sort(object.drifts, {},
                             [](const ShownDrift& shown) { return shown.drift.address; });
    object.lastConclusive = status.lastConclusive;
    return object;
}

StackObject stackObject(const Stack& stack, const Check& check) {
    auto object = propertiesOf(stack);
    addCheck(object, check);
    for (const auto& drift : check.report.drifts) object.drifts.push_back({drift, std::nullopt});
    return object;
}

}  // namespace driftkeeper
