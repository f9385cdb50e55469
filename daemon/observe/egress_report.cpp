#include "daemon/observe/egress_report.hpp"

#include <fmt/format.h>

#include "daemon/base/log.hpp"

namespace driftkeeper {

void EgressReport::add(const std::string& host, std::uint16_t port, const std::string& allowedBy) {
    metrics_.toolConnection(allowedBy);
    if (!allowedBy.empty()) return;
    constexpr std::size_t most = 1000;  // a plan can ask for any number of names
    {
        const std::lock_guard lock(mutex_);
        if (refused_.size() == most || !refused_.emplace(host, port).second) return;
    }
    log::warning(log::event::hostRefused,
                 "a tool asked for a host that network.allow does not name",
                 {{"host", fmt::format("{}:{}", host, port)}});
}

}  // namespace driftkeeper
