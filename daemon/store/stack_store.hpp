#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// The stacks, and what is known of each now. Thread-safe; fails as sql.hpp says.
class StackStore {
public:
    explicit StackStore(sql::Database& database) : database_(database) {}

    // Gives the stack its id (a known one for a known repository + name, or for renamedFrom) and
    // keeps its properties. A stack that was removed earlier comes back with its history. What only
    // the settings know and may be secret (environment, environmentFile, secretOptions) and
    // renamedFrom are not kept: the answer holds them, later reads leave them empty.
    Result<Stack> keep(const Stack& stack);
    Result<void> remove(const std::string& id, TimePoint when);
    Result<std::vector<Stack>> list();  // those not removed

    Result<std::optional<StackStatus>> status(const std::string& id);  // also of a removed stack
    Result<std::vector<StackStatus>> statuses();                       // by full name

private:
    sql::Database& database_;
};

// Within the caller's transaction.
Result<std::optional<Stack>> readStack(sql::Connection& connection, const std::string& id);
// Of these stacks and of those with members in the incidents.
Result<std::vector<StackStatus>> readStatusesIn(sql::Connection& connection,
                                                const std::vector<std::string>& stackIds,
                                                const std::vector<std::string>& incidentIds);

}  // namespace driftkeeper
