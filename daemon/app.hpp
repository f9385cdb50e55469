#pragma once

#include "daemon/cli/options.hpp"

namespace driftkeeper {

// `driftkeeper serve`: builds the world, runs until SIGTERM or SIGINT, and takes it down in reverse
// order. Returns the exit status: 0 after a signal, 2 for bad settings, 4 for a database that a
// restart does not repair, 1 for anything else.
int serve(const Options& options);

}  // namespace driftkeeper
