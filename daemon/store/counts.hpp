#pragma once

#include "daemon/model/memory.hpp"
#include "daemon/store/sqlite.hpp"

namespace driftkeeper {

// What a scrape asks for, from indexes alone. Runs inside the caller's transaction.
Result<StoreCounts> readCounts(sqlite::Connection& connection);

}  // namespace driftkeeper
