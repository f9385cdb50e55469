#pragma once

#include "daemon/model/time.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// Deletes up to `most` rows of each kind whose time is over, inside the caller's transaction:
// checks, and findings that nobody was told of, after 90 days (the newest check of each stack
// stays); deliveries that have ended after 30 (the last one that an open incident sent through a
// channel stays); closed findings and incidents, and removed stacks, after 400.
Result<void> deleteOld(sql::Connection& connection, TimePoint now, std::size_t most);

}  // namespace driftkeeper
