#pragma once

#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/store/sqlite.hpp"

// Findings and incidents as rows. Every function runs inside the caller's transaction and fails as store.hpp says.
namespace driftkeeper {

// The memory of a stack (its id), or of another subject of that kind.
Result<Memory> readMemory(sqlite::Connection& connection, IncidentKind kind, const std::string& subject);
Result<void> writeDecision(sqlite::Connection& connection, const Decision& decision);

// A row of the columns that `findingColumns` names, from `column` on.
inline constexpr std::string_view findingColumns =
    "id, stack_id, drift, first_seen, last_seen, sightings, baseline, told, closed, resolution";
Result<Finding> findingFrom(const sqlite::Row& row);

Result<std::vector<Finding>> readOpenFindings(sqlite::Connection& connection);  // told ones
Result<std::vector<Incident>> readIncidents(sqlite::Connection& connection, bool openOnly, std::size_t most);

}  // namespace driftkeeper
