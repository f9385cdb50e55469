#pragma once

#include <string_view>

#include "daemon/model/check.hpp"
#include "daemon/model/finding.hpp"
#include "daemon/model/incident.hpp"
#include "daemon/model/stack.hpp"
#include "daemon/store/sql.hpp"

// How rows become values: each function reads the columns that stand above it, from `first` on.
namespace driftkeeper {

inline constexpr std::string_view stackColumns =
    "s.id, s.repository, s.name, s.path, s.provider, s.workspace, s.variable_files, s.every, "
    "s.timeout, s.stale_after, s.owner, s.closure, s.code_owners, s.options";
inline constexpr int stackWidth = 14;
Result<Stack> stackFrom(const sql::Row& row);

inline constexpr std::string_view checkColumns =
    "c.id, c.stack_id, c.commit_id, c.source_digest, c.started, c.finished, c.report, c.touch, "
    "c.log";
inline constexpr int checkWidth = 9;
Result<Check> checkFrom(const sql::Row& row, int first);

inline constexpr std::string_view findingColumns =
    "id, stack_id, drift, first_seen, last_seen, sightings, baseline, told, closed, resolution, "
    "flapping, clean_checks, waits_until";
Result<Finding> findingFrom(const sql::Row& row);

// Without its members.
inline constexpr std::string_view incidentColumns =
    "id, kind, cause, subject, route, channels, opened, closed, text, owes_change, told";
Result<Incident> incidentFrom(const sql::Row& row);

inline constexpr std::string_view memberColumns =
    "finding_id, stack_id, stack, address, side, change, severity, joined";
Result<Member> memberFrom(const sql::Row& row);

}  // namespace driftkeeper
