#include "daemon/store/rows.hpp"

#include <utility>

#include "daemon/store/report_json.hpp"

namespace driftkeeper {

using sql::Row;
using sql::unreadable;

Result<Stack> stackFrom(const Row& row) {
    auto variableFiles = listFromJson(row.view(6));
    auto closure = listFromJson(row.view(11));
    auto codeOwners = listFromJson(row.view(12));
    auto options = listsFromJson(row.view(13));
    if (!variableFiles || !closure || !codeOwners || !options) return unreadable("stack");
    Stack stack;
    stack.id = row.text(0);
    stack.repository = row.text(1);
    stack.name = row.text(2);
    stack.path = row.text(3);
    stack.provider = row.text(4);
    stack.every = Seconds(row.integer(7));
    stack.timeout = Seconds(row.integer(8));
    stack.staleAfter = Seconds(row.integer(9));
    stack.owner = row.text(10);
    stack.closure = *std::move(closure);
    stack.codeOwners = *std::move(codeOwners);
    stack.options = *std::move(options);
    // Rows from before these were options.
    if (!variableFiles->empty())
        stack.options.try_emplace("variable_files", *std::move(variableFiles));
    if (row.text(5) != "default") stack.options.try_emplace("workspace", std::vector{row.text(5)});
    return stack;
}

Result<Check> checkFrom(const Row& row, int first) {
    auto report = reportFromJson(row.view(first + 6));
    const bool isTouched = !row.view(first + 7).empty();
    auto touch = isTouched ? touchFromJson(row.view(first + 7)) : std::nullopt;
    auto log = logFromJson(row.view(first + 8));
    if (!report || isTouched != touch.has_value() || !log) return unreadable("check");
    Check check;
    check.id = row.text(first);
    check.stackId = row.text(first + 1);
    check.commit = row.text(first + 2);
    check.sourceDigest = row.text(first + 3);
    check.started = row.time(first + 4);
    check.finished = row.time(first + 5);
    check.report = *std::move(report);
    check.touch = std::move(touch);
    check.log = *std::move(log);
    return check;
}

Result<Finding> findingFrom(const Row& row) {
    auto drift = driftFromJson(row.view(2));
    if (!drift) return unreadable("finding");
    Finding finding;
    finding.id = row.text(0);
    finding.stackId = row.text(1);
    finding.drift = *std::move(drift);
    finding.firstSeen = row.time(3);
    finding.lastSeen = row.time(4);
    finding.sightings = static_cast<int>(row.integer(5));
    finding.baseline = row.truth(6);
    finding.confirmedAt = row.optionalTime(7);
    finding.closed = row.optionalTime(8);
    finding.resolution = row.text(9);
    finding.flapping = row.truth(10);
    finding.cleanChecks = static_cast<int>(row.integer(11));
    finding.deferredUntil = row.optionalTime(12);
    return finding;
}

Result<Incident> incidentFrom(const Row& row) {
    const auto kind = incidentKindFrom(row.view(1));
    auto channels = listFromJson(row.view(5));
    if (!kind || !channels) return unreadable("incident");
    Incident incident;
    incident.id = row.text(0);
    incident.kind = *kind;
    incident.cause = row.text(2);
    incident.subject = row.text(3);
    incident.route = row.text(4);
    incident.channels = *std::move(channels);
    incident.opened = row.time(6);
    incident.closed = row.optionalTime(7);
    incident.text = row.text(8);
    incident.owesChange = row.truth(9);
    incident.announcedAt = row.time(10);
    return incident;
}

Result<Member> memberFrom(const Row& row) {
    const auto side = sideFrom(row.view(4));
    const auto change = changeFrom(row.view(5));
    const auto severity = severityFrom(row.view(6));
    if (!side || !change || !severity) return unreadable("member of an incident");
    return Member{row.text(0), row.text(1), row.text(2), row.text(3),
                  *side,       *change,     *severity,   row.time(7)};
}

}  // namespace driftkeeper
