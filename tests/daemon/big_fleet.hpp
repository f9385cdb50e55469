#pragma once

#include <cstddef>

#include "daemon/observe/overview.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper::tests {

// Fills an empty store with a fleet as it may be after some weeks: one stack in five drifted, some
// inconclusive or unapplied, one in a hundred with 200 findings, histories of some length,
// incidents, deliveries, ties between stacks. Always the same for the same `stacks` and `now`.
// Aborts on a failure of the store.
void fillFleet(Store& store, std::size_t stacks, TimePoint now);

// What the daemon does at its start.
void loadOverview(Store& store, Overview& overview);

}  // namespace driftkeeper::tests
