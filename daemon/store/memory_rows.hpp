#pragma once

#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/store/sqlite.hpp"

// Findings and incidents as rows. Every function runs inside the caller's transaction and fails as store.hpp says.
namespace driftkeeper {

// The memory of a stack (its id), or of another subject of that kind; of all findings that wait. `others` of it is not
// set: it is the caller's, who knows how long the connection lives.
Result<Memory> readMemory(sqlite::Connection& connection, IncidentKind kind, const std::string& subject);
Result<Memory> readWaiting(sqlite::Connection& connection);
// The open incidents with channels that were told last at `since` or before.
Result<Memory> readUnmentioned(sqlite::Connection& connection, TimePoint since);
Result<std::vector<StackStatus>> readOthers(sqlite::Connection& connection, const Memory& memory);

// The earliest end of a wait; at once (the epoch) while an incident owes a change.
Result<std::optional<TimePoint>> readNextWaiting(sqlite::Connection& connection);
Result<void> writeDecision(sqlite::Connection& connection, const Decision& decision);

// A row of the columns that `findingColumns` names, from `column` on.
inline constexpr std::string_view findingColumns =
    "id, stack_id, drift, first_seen, last_seen, sightings, baseline, told, closed, resolution, flapping, "
    "clean_checks, "
    "waits_until";
Result<Finding> findingFrom(const sqlite::Row& row);

// The same of incidents, which come without their members, and of those.
inline constexpr std::string_view incidentColumns =
    "id, kind, cause, subject, route, channels, opened, closed, text, owes_change, told";
inline constexpr std::string_view memberColumns = "finding_id, stack_id, stack, address, side, change, severity";
Result<Incident> incidentFrom(const sqlite::Row& row);
Result<Member> memberFrom(const sqlite::Row& row);

Result<std::vector<Finding>> readClosedSince(sqlite::Connection& connection, TimePoint since);
Result<std::vector<Incident>> readIncidents(sqlite::Connection& connection, bool openOnly, std::size_t most);

}  // namespace driftkeeper
