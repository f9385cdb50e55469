#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/model/memory.hpp"

namespace driftkeeper {

// One stack in numbers: what the metrics and the lists need, without its drifts.
struct StackLine {
    std::string id;
    std::string repository;
    std::string stack;  // full name
    std::string provider;
    std::optional<Verdict> verdict;                        // of the last check; empty: never checked
    std::array<std::array<std::uint32_t, 3>, 4> drifts{};  // told open findings by side and change
    std::optional<TimePoint> oldestDrift;
    std::optional<TimePoint> lastChecked;  // the last check's start
    std::optional<TimePoint> lastConclusive;
    std::size_t resources = 0;
    Coverage coverage;  // of the last check
};

struct RepositoryLine {
    std::optional<TimePoint> lastSync;
    std::uint64_t failures = 0;
    std::string commit;
};

// The whole fleet in numbers, kept in memory so that a scrape costs no query. Thread-safe.
class Overview {
public:
    void keep(const StackStatus& status);
    void remove(const std::string& stackId);
    void synced(const std::string& repository, TimePoint when, const std::string& commit);
    void syncFailed(const std::string& repository);

    [[nodiscard]] std::vector<StackLine> stacks() const;  // by full name
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool allCheckedSince(TimePoint since) const;  // every stack's last check began after it
    [[nodiscard]] std::map<std::string, RepositoryLine> repositories() const;

private:
    struct Lines {
        std::map<std::string, StackLine> stacks;  // by full name
        std::map<std::string, RepositoryLine> repositories;
    };
    Guarded<Lines> lines_;
};

}  // namespace driftkeeper
