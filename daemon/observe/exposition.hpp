#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/model/alert.hpp"
#include "daemon/model/check_queue.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/observe/overview.hpp"

namespace driftkeeper {

// What one scrape is rendered from.
struct Scrape {
    const Overview& overview;
    StoreCounts counts;
    CheckQueue queue;
    std::vector<std::string> channels;  // names that have series even at 0
    std::array<std::size_t, alertStates.size()> findings{};
    std::filesystem::path stateDirectory;
    std::uint64_t checkoutBytes = 0;
    std::uint64_t checkoutLimit = 0;
    std::size_t mostStacks = 10'000;  // that get series of their own, the first by name
};

// Stacks, repositories, incidents, the outbox, the queue and the process, each family with help and
// type, in the text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Nothing is
// kept between scrapes, so what is gone leaves no series behind.
std::string exposition(const Scrape& scrape);

}  // namespace driftkeeper
