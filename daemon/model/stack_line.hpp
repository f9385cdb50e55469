#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/time.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// Confirmed open findings of one kind: how many, and since when.
struct OpenDrifts {
    std::uint32_t count = 0;
    std::optional<TimePoint> since;  // the oldest was first seen
};

// One stack in numbers: what the metrics and the lists need, without its drifts.
struct StackLine {
    std::string id;
    std::string repository;
    std::string stack;  // full name
    std::string provider;
    std::vector<std::string> owners;
    std::optional<Verdict> verdict;  // of the last check; empty: never checked
    std::optional<Reason> reason;    // why the last check was not complete
    // Confirmed open findings by side and change.
    std::array<std::array<std::uint32_t, 3>, 4> drifts{};
    std::array<std::array<OpenDrifts, 3>, 4> open{};  // the same by side and severity
    std::optional<TimePoint> oldestDrift;
    std::optional<TimePoint> lastChecked;  // the last check's start
    double lastSeconds = 0;                // how long it took
    std::optional<TimePoint> lastConclusive;
    Seconds staleAfter{0};  // without a conclusive check
    std::size_t resources = 0;
    Coverage coverage;           // of the last check
    std::size_t suppressed = 0;  // differences that the last check saw and a rule takes out
};

struct RepositoryLine {
    std::optional<TimePoint> lastSync;
    std::uint64_t failures = 0;
    std::string commit;
    std::map<std::string, std::size_t> leftOut;  // reason -> how much is not looked at
};

}  // namespace driftkeeper
