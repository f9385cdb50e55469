#pragma once

#include "daemon/cli/options.hpp"

// The commands that are no daemon. Each prints its result on stdout, everything else on stderr, and returns the exit
// status of the contract.
namespace driftkeeper {

int checkTree(const Options& options);        // one_shot.cpp
int checkConfigured(const Options& options);  // one_shot.cpp
int checkConfig(const Options& options);      // config_check.cpp
int askDaemon(const Options& options);        // client.cpp
int runStack(const Options& options);         // client.cpp

}  // namespace driftkeeper
