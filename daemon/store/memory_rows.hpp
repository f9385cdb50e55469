#pragma once

#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/store/sql.hpp"

// What decisions start from and leave behind. Every function runs inside the caller's transaction.
namespace driftkeeper {

// The memory of a stack (its id), or of another subject of that kind; of all findings that wait.
// `others` and `check` of it are not set: they are the caller's.
Result<Memory> readMemory(sql::Connection& connection, IncidentKind kind,
                          const std::string& subject);
Result<Memory> readWaiting(sql::Connection& connection);
// The open incidents with channels that were told last at `since` or before.
Result<Memory> readUnmentioned(sql::Connection& connection, TimePoint since);
// What Memory::others gives.
Result<std::vector<StackStatus>> readOthers(sql::Connection& connection, const Memory& memory);

Result<void> writeDecision(sql::Connection& connection, const Decision& decision);

}  // namespace driftkeeper
