#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/store/sqlite.hpp"

// Stacks and their checks as rows. Every function runs inside the caller's transaction and fails as store.hpp says.
namespace driftkeeper {

Result<Stack> keepStack(sqlite::Connection& connection, const Stack& stack);
Result<void> removeStack(sqlite::Connection& connection, const std::string& stackId, TimePoint when);
Result<std::vector<Stack>> readStacks(sqlite::Connection& connection);
Result<std::optional<Stack>> readStack(sqlite::Connection& connection, const std::string& stackId);

// Writes the check, what the stack knows of it, its graph and what that has to do with other stacks; drops the middle
// one of three equal in_sync checks.
Result<void> writeCheck(sqlite::Connection& connection, const Check& check);

Result<bool> wasEverComplete(sqlite::Connection& connection, const std::string& stackId);
Result<std::optional<CleanCheck>> readLastClean(sqlite::Connection& connection, const std::string& stackId);
Result<std::vector<Check>> readHistory(sqlite::Connection& connection, const std::string& stackId, std::size_t most);
Result<std::vector<Check>> readHistorySince(sqlite::Connection& connection, const std::string& stackId,
                                            TimePoint since);
Result<std::optional<Check>> readCheck(sqlite::Connection& connection, const std::string& checkId);
Result<std::optional<ResourceGraph>> readGraph(sqlite::Connection& connection, const std::string& stackId);

// Of one stack (removed or not), of all stacks not removed by full name, of these stacks and those with members in the
// incidents.
Result<std::optional<StackStatus>> readStatus(sqlite::Connection& connection, const std::string& stackId);
Result<std::vector<StackStatus>> readStatuses(sqlite::Connection& connection);
Result<std::vector<StackStatus>> readStatusesIn(sqlite::Connection& connection,
                                                const std::vector<std::string>& stackIds,
                                                const std::vector<std::string>& incidentIds);

}  // namespace driftkeeper
