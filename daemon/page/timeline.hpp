#pragma once

#include <vector>

#include "daemon/model/page_of.hpp"
#include "daemon/page/html.hpp"

namespace driftkeeper::page {

// Checks in a row that said the same of the same commit.
struct TimelineStep {
    CheckLine newest;
    TimePoint since{};       // start of the oldest
    std::size_t checks = 1;  // that are kept: of equal in_sync ones only the first and the last are
    double seconds = 0;      // the longest
};
std::vector<TimelineStep> foldChecks(const std::vector<CheckLine>& newestFirst);

// The steps as a list, newest first, each with a link to its newest run.
Html timeline(const std::vector<CheckLine>& newestFirst, std::string_view stack, TimePoint now);

}  // namespace driftkeeper::page
