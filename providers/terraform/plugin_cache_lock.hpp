#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>

#include "providers/look/timed_runner.hpp"
#include "providers/process/descriptor.hpp"

namespace driftkeeper::terraform {

// Parallel inits may not share a plugin cache: one lock a folder, between threads and processes.
// Made for the time of one init; an empty path locks nothing. Waits at most as long as the look has
// time left.
Outcome<Descriptor> lockPluginCache(const std::filesystem::path& pluginCache,
                                    const TimedRunner& runner);

}  // namespace driftkeeper::terraform
