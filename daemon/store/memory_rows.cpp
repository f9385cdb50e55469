#include "daemon/store/memory_rows.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <utility>

#include "daemon/store/delivery_rows.hpp"
#include "daemon/store/report_json.hpp"
#include "daemon/store/stack_rows.hpp"

namespace driftkeeper {
namespace {

using sqlite::Connection;
using sqlite::Row;
using sqlite::unreadable;
using sqlite::Values;

constexpr std::chrono::hours aDay{24};  // in it, coming and going is flapping

// `which` is what follows FROM incidents.
Result<std::vector<Incident>> readIncidentsWhere(Connection& connection, std::string_view which, Values values) {
    auto incidents =
        connection.rows(fmt::format("SELECT {} FROM incidents {}", incidentColumns, which), values, incidentFrom);
    if (!incidents) return incidents;
    for (Incident& incident : *incidents) {
        auto members = connection.rows(
            "SELECT finding_id, stack_id, stack, address, side, change, severity FROM members WHERE incident_id = ? "
            "ORDER BY stack, address, finding_id",
            {incident.id}, memberFrom);
        if (!members) return std::unexpected(members.error());
        incident.members = *std::move(members);
    }
    return incidents;
}

Result<Memory> readMemoryOf(Connection& connection, const Stack& stack) {
    Memory memory;
    auto findings = connection.rows(
        fmt::format("SELECT {} FROM findings WHERE stack_id = ? AND closed IS NULL ORDER BY address", findingColumns),
        {stack.id}, findingFrom);
    if (!findings) return std::unexpected(findings.error());
    memory.findings = *std::move(findings);
    auto incidents = readIncidentsWhere(
        connection,
        "WHERE closed IS NULL AND (subject = ?1 OR id IN (SELECT incident_id FROM members WHERE stack_id = ?1) "
        "OR (subject = ?2 AND kind = 'drift' AND cause = 'baseline')) ORDER BY opened, id",
        {stack.id, stack.repository});
    if (!incidents) return std::unexpected(incidents.error());
    memory.incidents = *std::move(incidents);
    const auto everComplete = wasEverComplete(connection, stack.id);
    if (!everComplete) return std::unexpected(everComplete.error());
    memory.everComplete = *everComplete;
    const auto closings = connection.rows(
        "SELECT address, count(*) FROM findings WHERE stack_id = ?1 AND told IS NOT NULL AND resolution = 'in_sync' "
        "AND "
        "closed > (SELECT coalesce(max(finished), 0) FROM checks WHERE stack_id = ?1) - ?2 GROUP BY address",
        {stack.id, std::chrono::microseconds(aDay).count()}, [](const Row& row) -> Result<std::pair<std::string, int>> {
            return std::pair(row.text(0), static_cast<int>(row.integer(1)));
        });
    if (!closings) return std::unexpected(closings.error());
    memory.recentlyClosed.insert(closings->begin(), closings->end());
    return memory;
}

Result<Memory> readMemoryOf(Connection& connection, IncidentKind kind, const std::string& subject) {
    Memory memory;
    auto incidents = readIncidentsWhere(
        connection, "WHERE closed IS NULL AND subject = ? AND kind = ? ORDER BY opened, id", {subject, name(kind)});
    if (!incidents) return std::unexpected(incidents.error());
    memory.incidents = *std::move(incidents);
    return memory;
}

Result<void> writeFinding(Connection& connection, const Finding& finding) {
    const auto written = connection.run(
        "INSERT INTO findings (id, stack_id, address, drift, first_seen, last_seen, sightings, baseline, told, closed, "
        "resolution, flapping, clean_checks, waits_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET address = excluded.address, drift = excluded.drift, "
        "first_seen = excluded.first_seen, last_seen = excluded.last_seen, sightings = excluded.sightings, "
        "baseline = excluded.baseline, told = excluded.told, closed = excluded.closed, resolution = "
        "excluded.resolution, flapping = excluded.flapping, clean_checks = excluded.clean_checks, "
        "waits_until = excluded.waits_until",
        {finding.id, finding.stackId, finding.drift.address, driftJson(finding.drift), finding.firstSeen,
         finding.lastSeen, finding.sightings, finding.baseline, finding.confirmedAt, finding.closed, finding.resolution,
         finding.flapping, finding.cleanChecks, finding.deferredUntil});
    if (!written) return std::unexpected(written.error());
    return {};
}

// A baseline can hold thousands of members: only those that moved are written.
Result<void> writeMembers(Connection& connection, const Incident& incident) {
    const auto ids = connection.rows("SELECT finding_id FROM members WHERE incident_id = ?", {incident.id},
                                     [](const Row& row) -> Result<std::string> { return row.text(0); });
    if (!ids) return std::unexpected(ids.error());
    std::set<std::string> gone(ids->begin(), ids->end());
    for (const Member& member : incident.members) {
        gone.erase(member.findingId);
        const auto written = connection.run(
            "INSERT INTO members (incident_id, finding_id, stack_id, stack, address, side, change, severity) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (incident_id, finding_id) DO UPDATE SET stack_id = excluded.stack_id, stack = excluded.stack, "
            "address = excluded.address, side = excluded.side, change = excluded.change, severity = excluded.severity "
            "WHERE (stack_id, stack, address, side, change, severity) <> (excluded.stack_id, excluded.stack, "
            "excluded.address, excluded.side, excluded.change, excluded.severity)",
            {incident.id, member.findingId, member.stackId, member.stack, member.address, name(member.side),
             name(member.change), name(member.severity)});
        if (!written) return std::unexpected(written.error());
    }
    for (const std::string& id : gone) {
        const auto deleted =
            connection.run("DELETE FROM members WHERE incident_id = ? AND finding_id = ?", {incident.id, id});
        if (!deleted) return std::unexpected(deleted.error());
    }
    return {};
}

Result<void> writeIncident(Connection& connection, const Incident& incident) {
    const auto written = connection.run(
        "INSERT INTO incidents (id, kind, cause, subject, route, channels, opened, closed, text, owes_change, told) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, cause = excluded.cause, subject = excluded.subject, "
        "route = excluded.route, channels = excluded.channels, opened = excluded.opened, closed = excluded.closed, "
        "text = excluded.text, owes_change = excluded.owes_change, told = excluded.told",
        {incident.id, name(incident.kind), incident.cause, incident.subject, incident.route,
         listJson(incident.channels), incident.opened, incident.closed, incident.text, incident.owesChange,
         incident.announcedAt});
    if (!written) return std::unexpected(written.error());
    return writeMembers(connection, incident);
}

}  // namespace

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
    return Member{row.text(0), row.text(1), row.text(2), row.text(3), *side, *change, *severity};
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

Result<Memory> readMemory(Connection& connection, IncidentKind kind, const std::string& subject) {
    const auto stack = readStack(connection, subject);
    if (!stack) return std::unexpected(stack.error());
    return *stack ? readMemoryOf(connection, **stack) : readMemoryOf(connection, kind, subject);
}

// Who waits may join its stack's incident, its repository's baseline, or one of a shared cause.
Result<Memory> readWaiting(Connection& connection) {
    Memory memory;
    auto findings = connection.rows(
        fmt::format("SELECT {} FROM findings WHERE closed IS NULL AND (waits_until IS NOT NULL OR told IS NULL) "
                    "ORDER BY waits_until, stack_id, address",
                    findingColumns),
        {}, findingFrom);
    if (!findings) return std::unexpected(findings.error());
    memory.findings = *std::move(findings);
    auto incidents = readIncidentsWhere(
        connection,
        "WHERE closed IS NULL AND kind = 'drift' AND (cause <> '' OR owes_change OR subject IN "
        "(SELECT stack_id FROM findings WHERE closed IS NULL AND waits_until IS NOT NULL)) ORDER BY opened, id",
        {});
    if (!incidents) return std::unexpected(incidents.error());
    memory.incidents = *std::move(incidents);
    return memory;
}

Result<Memory> readUnmentioned(Connection& connection, TimePoint since) {
    Memory memory;
    auto incidents = readIncidentsWhere(
        connection, "WHERE closed IS NULL AND told <= ? AND channels <> '[]' ORDER BY opened, id", {since});
    if (!incidents) return std::unexpected(incidents.error());
    memory.incidents = *std::move(incidents);
    return memory;
}

Result<std::vector<StackStatus>> readOthers(Connection& connection, const Memory& memory) {
    std::vector<std::string> stacks;
    std::vector<std::string> incidents;
    for (const Finding& finding : memory.findings) stacks.push_back(finding.stackId);
    for (const Incident& incident : memory.incidents) {
        incidents.push_back(incident.id);
        if (incident.members.empty()) stacks.push_back(incident.subject);  // a trouble of a stack
    }
    return readStatusesIn(connection, stacks, incidents);
}

Result<std::optional<TimePoint>> readNextWaiting(Connection& connection) {
    const auto row = connection.row(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM incidents WHERE closed IS NULL AND owes_change) THEN 0 ELSE "
        "(SELECT min(waits_until) FROM findings WHERE closed IS NULL AND waits_until IS NOT NULL) END",
        {}, [](const Row& one) -> Result<std::optional<TimePoint>> { return one.optionalTime(0); });
    if (!row) return std::unexpected(row.error());
    return row->value_or(std::nullopt);
}

Result<void> writeDecision(Connection& connection, const Decision& decision) {
    for (const Finding& finding : decision.findings)
        if (auto written = writeFinding(connection, finding); !written) return written;
    for (const Incident& incident : decision.incidents)
        if (auto written = writeIncident(connection, incident); !written) return written;
    for (const Delivery& delivery : decision.deliveries)
        if (auto written = writeDelivery(connection, delivery); !written) return written;
    return {};
}

Result<std::vector<Finding>> readClosedSince(Connection& connection, TimePoint since) {
    return connection.rows(
        fmt::format("SELECT {} FROM findings WHERE closed >= ? AND told IS NOT NULL ORDER BY closed, id",
                    findingColumns),
        {since}, findingFrom);
}

Result<std::vector<Incident>> readIncidents(Connection& connection, bool openOnly, std::size_t most) {
    return readIncidentsWhere(
        connection,
        openOnly ? "WHERE closed IS NULL ORDER BY opened DESC, id LIMIT ?" : "ORDER BY opened DESC, id LIMIT ?",
        {most});
}

}  // namespace driftkeeper
