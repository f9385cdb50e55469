#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/overview.hpp"

namespace driftkeeper {

// What Prometheus scrapes. Counters and histograms are prometheus-cpp's; series of stacks and repositories are rendered
// from the overview at scrape time, because its families are slow to remove from. Thread-safe.
class Metrics {
public:
    explicit Metrics(const std::string& version);
    ~Metrics();

    // Its series of checks are there from now on, at 0: a rate needs a start.
    void expect(const std::string& provider) const;
    void checkStarted();
    void checkFinished(const std::string& provider, Verdict verdict, double seconds);
    void delivery(const std::string& channel, std::string_view outcome);
    void reloaded(bool successful);

    // Text format 0.0.4. `channels`: names that get a pending series even at 0.
    [[nodiscard]] std::string text(const Overview& overview, const StoreCounts& counts,
                                   const std::vector<std::string>& channels) const;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace driftkeeper
