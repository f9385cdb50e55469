#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// What checks saw; Store::record writes them. Newest first. Thread-safe; fails as sql.hpp says.
class CheckStore {
public:
    explicit CheckStore(sql::Database& database) : database_(database) {}

    Result<std::optional<CleanCheck>> lastClean(const std::string& stackId);
    Result<std::vector<Check>> history(const std::string& stackId, std::size_t most);
    Result<std::vector<Check>> historySince(const std::string& stackId, TimePoint since);
    Result<std::optional<Check>> find(const std::string& id);
    Result<PageOf<CheckLine>> lines(const std::string& stackId, Slice slice);

private:
    sql::Database& database_;
};

// Within the caller's transaction: writes the check, what the stack knows of it, its graph and what
// that has to do with other stacks; drops the middle one of three equal in_sync checks.
Result<void> writeCheck(sql::Connection& connection, const Check& check);

}  // namespace driftkeeper
