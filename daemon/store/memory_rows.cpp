#include "daemon/store/memory_rows.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <utility>

#include "daemon/store/delivery_store.hpp"
#include "daemon/store/incident_store.hpp"
#include "daemon/store/report_json.hpp"
#include "daemon/store/rows.hpp"
#include "daemon/store/stack_store.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

constexpr std::chrono::hours aDay{24};  // in it, coming and going is flapping

Result<std::vector<Finding>> readOpenFindings(Connection& connection, const std::string& stackId) {
    constexpr std::string_view query = R"(
        SELECT {} FROM findings WHERE stack_id = $1 AND closed IS NULL ORDER BY address)";
    return connection.rows(fmt::format(query, findingColumns), {stackId}, findingFrom);
}

Result<std::map<std::string, int>> readRecentlyClosed(Connection& connection,
                                                      const std::string& stackId) {
    using Closing = std::pair<std::string, int>;
    constexpr std::string_view query = R"(
        SELECT address, count(*) FROM findings
        WHERE stack_id = $1 AND told IS NOT NULL AND resolution = 'in_sync'
          AND closed > (SELECT coalesce(max(finished), 0) FROM checks WHERE stack_id = $1) - $2
        GROUP BY address)";
    const auto closings =
        connection.rows(query, {stackId, std::int64_t{std::chrono::microseconds(aDay).count()}},
                        [](const Row& row) -> Result<Closing> {
                            return Closing(row.text(0), static_cast<int>(row.integer(1)));
                        });
    if (!closings) return std::unexpected(closings.error());
    return std::map<std::string, int>(closings->begin(), closings->end());
}

Result<bool> wasEverComplete(Connection& connection, const std::string& stackId) {
    const auto count =
        connection.number("SELECT count(conclusive_time) FROM stacks WHERE id = $1", {stackId});
    if (!count) return std::unexpected(count.error());
    return *count > 0;
}

Result<Memory> readMemoryOf(Connection& connection, const Stack& stack) {
    Memory memory;
    auto findings = readOpenFindings(connection, stack.id);
    if (!findings) return std::unexpected(findings.error());
    memory.findings = *std::move(findings);
    constexpr std::string_view which = R"(
        WHERE closed IS NULL
          AND (subject = $1 OR id IN (SELECT incident_id FROM members WHERE stack_id = $1)
               OR (subject = $2 AND kind = 'drift' AND cause = 'baseline'))
        ORDER BY opened, id)";
    auto incidents = readIncidentsWhere(connection, which, {stack.id, stack.repository});
    if (!incidents) return std::unexpected(incidents.error());
    memory.incidents = *std::move(incidents);
    const auto everComplete = wasEverComplete(connection, stack.id);
    if (!everComplete) return std::unexpected(everComplete.error());
    memory.everComplete = *everComplete;
    auto closed = readRecentlyClosed(connection, stack.id);
    if (!closed) return std::unexpected(closed.error());
    memory.recentlyClosed = *std::move(closed);
    return memory;
}

Result<Memory> memoryOf(Result<std::vector<Incident>> incidents) {
    if (!incidents) return std::unexpected(incidents.error());
    Memory memory;
    memory.incidents = *std::move(incidents);
    return memory;
}

Result<void> writeFinding(Connection& connection, const Finding& finding) {
    constexpr std::string_view upsert = R"(
        INSERT INTO findings (id, stack_id, address, drift, first_seen, last_seen, sightings, baseline,
                              told, closed, resolution, flapping, clean_checks, waits_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (id) DO UPDATE SET
            address = excluded.address, drift = excluded.drift, first_seen = excluded.first_seen,
            last_seen = excluded.last_seen, sightings = excluded.sightings,
            baseline = excluded.baseline, told = excluded.told, closed = excluded.closed,
            resolution = excluded.resolution, flapping = excluded.flapping,
            clean_checks = excluded.clean_checks, waits_until = excluded.waits_until)";
    return sql::done(connection.run(
        upsert, {finding.id, finding.stackId, finding.drift.address, driftJson(finding.drift),
                 finding.firstSeen, finding.lastSeen, finding.sightings, finding.baseline,
                 finding.confirmedAt, finding.closed, finding.resolution, finding.flapping,
                 finding.cleanChecks, finding.deferredUntil}));
}

Result<void> writeMember(Connection& connection, const std::string& incidentId,
                         const Member& member) {
    constexpr std::string_view upsert = R"(
        INSERT INTO members (incident_id, finding_id, stack_id, stack, address, side, change, severity,
                             joined)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (incident_id, finding_id) DO UPDATE SET
            stack_id = excluded.stack_id, stack = excluded.stack, address = excluded.address,
            side = excluded.side, change = excluded.change, severity = excluded.severity
        WHERE (members.stack_id, members.stack, members.address, members.side, members.change,
               members.severity)
              <> (excluded.stack_id, excluded.stack, excluded.address, excluded.side, excluded.change,
                  excluded.severity))";
    return sql::done(connection.run(
        upsert, {incidentId, member.findingId, member.stackId, member.stack, member.address,
                 name(member.side), name(member.change), name(member.severity), member.joined}));
}

// A baseline can hold thousands of members: only those that moved are written.
Result<void> writeMembers(Connection& connection, const Incident& incident) {
    const auto ids = connection.rows("SELECT finding_id FROM members WHERE incident_id = $1",
                                     {incident.id}, sql::firstText);
    if (!ids) return std::unexpected(ids.error());
    std::set<std::string> gone(ids->begin(), ids->end());
    for (const Member& member : incident.members) {
        gone.erase(member.findingId);
        if (auto written = writeMember(connection, incident.id, member); !written) return written;
    }
    for (const std::string& id : gone) {
        const auto deleted = connection.run(
            "DELETE FROM members WHERE incident_id = $1 AND finding_id = $2", {incident.id, id});
        if (!deleted) return std::unexpected(deleted.error());
    }
    return {};
}

Result<void> writeIncident(Connection& connection, const Incident& incident) {
    constexpr std::string_view upsert = R"(
        INSERT INTO incidents (id, kind, cause, subject, route, channels, opened, closed, text,
                               owes_change, told)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO UPDATE SET
            kind = excluded.kind, cause = excluded.cause, subject = excluded.subject,
            route = excluded.route, channels = excluded.channels, opened = excluded.opened,
            closed = excluded.closed, text = excluded.text, owes_change = excluded.owes_change,
            told = excluded.told)";
    auto written = sql::done(connection.run(
        upsert, {incident.id, name(incident.kind), incident.cause, incident.subject, incident.route,
                 listJson(incident.channels), incident.opened, incident.closed, incident.text,
                 incident.owesChange, incident.announcedAt}));
    if (!written) return written;
    return writeMembers(connection, incident);
}

}  // namespace

Result<Memory> readMemory(Connection& connection, IncidentKind kind, const std::string& subject) {
    const auto stack = readStack(connection, subject);
    if (!stack) return std::unexpected(stack.error());
    if (*stack) return readMemoryOf(connection, **stack);
    constexpr std::string_view which =
        "WHERE closed IS NULL AND subject = $1 AND kind = $2 ORDER BY opened, id";
    return memoryOf(readIncidentsWhere(connection, which, {subject, name(kind)}));
}

// Who waits may join its stack's incident, its repository's baseline, or one of a shared cause.
Result<Memory> readWaiting(Connection& connection) {
    constexpr std::string_view waiting = R"(
        SELECT {} FROM findings
        WHERE closed IS NULL AND (waits_until IS NOT NULL OR told IS NULL)
        ORDER BY waits_until, stack_id, address)";
    constexpr std::string_view which = R"(
        WHERE closed IS NULL AND kind = 'drift'
          AND (cause <> '' OR owes_change <> 0
               OR subject IN (SELECT stack_id FROM findings
                              WHERE closed IS NULL AND waits_until IS NOT NULL))
        ORDER BY opened, id)";
    auto findings = connection.rows(fmt::format(waiting, findingColumns), {}, findingFrom);
    if (!findings) return std::unexpected(findings.error());
    auto memory = memoryOf(readIncidentsWhere(connection, which, {}));
    if (memory) memory->findings = *std::move(findings);
    return memory;
}

Result<Memory> readUnmentioned(Connection& connection, TimePoint since) {
    constexpr std::string_view which =
        "WHERE closed IS NULL AND told <= $1 AND channels <> '[]' ORDER BY opened, id";
    return memoryOf(readIncidentsWhere(connection, which, {since}));
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

Result<void> writeDecision(Connection& connection, const Decision& decision) {
    for (const Finding& finding : decision.findings)
        if (auto written = writeFinding(connection, finding); !written) return written;
    for (const Incident& incident : decision.incidents)
        if (auto written = writeIncident(connection, incident); !written) return written;
    for (const Delivery& delivery : decision.deliveries)
        if (auto written = writeDelivery(connection, delivery); !written) return written;
    return {};
}

}  // namespace driftkeeper
