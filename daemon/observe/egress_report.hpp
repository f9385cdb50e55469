#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "daemon/observe/metrics.hpp"

namespace driftkeeper {

// What tools connect to where the settings name the hosts that they may: counted in the metrics,
// and a refused host is logged once per run of the daemon. Thread-safe.
class EgressReport {
public:
    explicit EgressReport(Metrics& metrics) : metrics_(metrics) {}

    // `allowedBy` is the entry of the settings; empty: it was refused.
    void add(const std::string& host, std::uint16_t port, const std::string& allowedBy);

private:
    Metrics& metrics_;
    std::mutex mutex_;
    std::set<std::pair<std::string, std::uint16_t>> refused_;
};

}  // namespace driftkeeper
