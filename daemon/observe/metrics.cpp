#include "daemon/observe/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <set>
#include <sstream>

#include "daemon/wording/check_text.hpp"

namespace driftkeeper {
namespace {

const prometheus::Histogram::BucketBoundaries checkBuckets = {0.1, 0.5, 1,   2,   5,   10,
                                                              30,  60,  120, 300, 600, 1800};
constexpr std::array<std::string_view, 7> outcomes = {"delivered",  "accepted",  "throttled",
                                                      "transient",  "ambiguous", "bad_destination",
                                                      "bad_payload"};

using Counters = prometheus::Family<prometheus::Counter>;

Counters& counters(prometheus::Registry& registry, const std::string& name,
                   const std::string& help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const std::string& name,
                         const std::string& help, const prometheus::Labels& labels = {}) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    Counters& checks = counters(registry, "driftkeeper_checks_total", "Checks that ended.");
    prometheus::Family<prometheus::Histogram>& durations =
        prometheus::BuildHistogram()
            .Name("driftkeeper_check_duration_seconds")
            .Help("How long a check took.")
            .Register(registry);
    Counters& deliveries = counters(registry, "driftkeeper_deliveries_total",
                                    "Attempts to deliver an alert, by outcome.");
    Counters& dead = counters(registry, "driftkeeper_deliveries_dead_total",
                              "Deliveries that were given up and are kept as dead.");
    prometheus::Gauge& running =
        gauge(registry, "driftkeeper_checks_running", "Checks that run now.");
    prometheus::Gauge& parallel =
        gauge(registry, "driftkeeper_checks_parallel", "Checks that may run at a time.");
    prometheus::Family<prometheus::Gauge>& sandbox =
        prometheus::BuildGauge()
            .Name("driftkeeper_sandbox")
            .Help("1 for what confines the tools, 0 for the others.")
            .Register(registry);
    Counters& connections =
        counters(registry, "driftkeeper_tool_connections_total",
                 "Connections that tools asked for where network.allow names hosts.");
    prometheus::Gauge& reload = gauge(registry, "driftkeeper_settings_last_reload_successful",
                                      "1 when the last reload of the settings was successful.");
    prometheus::Gauge& controlGroups =
        gauge(registry, "driftkeeper_check_control_groups",
              "1 when each check has a control group that holds its limits, 0 when the daemon "
              "measures now and then what it uses.");
    prometheus::Gauge& reloadTime =
        gauge(registry, "driftkeeper_settings_last_reload_success_timestamp_seconds",
              "When settings were last taken: at the start, or by a successful reload.");

    explicit Families(const std::string& version) {
        gauge(registry, "driftkeeper_build_info", "The version that runs.", {{"version", version}})
            .Set(1);
        gauge(registry, "process_start_time_seconds",
              "Start time of the process since unix epoch in seconds.")
            .SetToCurrentTime();
        connections.Add({{"host", ""}, {"result", "refused"}});
        reload.Set(1);
        reloadTime.SetToCurrentTime();
    }
};

Metrics::Metrics(const std::string& version) : families_(std::make_unique<Families>(version)) {}
Metrics::~Metrics() = default;

void Metrics::expect(const std::string& provider) const {
    for (const auto one : allVerdicts)
        families_->checks.Add({{"provider", provider}, {"outcome", std::string(name(one))}});
    families_->durations.Add({{"provider", provider}}, checkBuckets);
}

void Metrics::sandbox(std::string_view mode) {
    for (const std::string_view one : {"strict", "landlock", "off"})
        families_->sandbox.Add({{"mode", std::string(one)}}).Set(one == mode ? 1 : 0);
}

void Metrics::toolConnection(const std::string& allowedBy) {
    const bool isRefused = allowedBy.empty();
    families_->connections
        .Add({{"host", isRefused ? std::string() : printable(allowedBy)},
              {"result", isRefused ? "refused" : "allowed"}})
        .Increment();
}

void Metrics::limitsHeldByKernel(bool yes) {
    families_->controlGroups.Set(yes ? 1 : 0);
}

void Metrics::workers(unsigned count) {
    families_->parallel.Set(count);
}

void Metrics::checkStarted() {
    families_->running.Increment();
}

void Metrics::checkFinished(const std::string& provider, Verdict verdict, double seconds) {
    families_->running.Decrement();
    families_->checks.Add({{"provider", provider}, {"outcome", std::string(name(verdict))}})
        .Increment();
    families_->durations.Add({{"provider", provider}}, checkBuckets).Observe(seconds);
}

void Metrics::delivery(const std::string& channel, std::string_view outcome) {
    families_->deliveries.Add({{"channel", printable(channel)}, {"outcome", std::string(outcome)}})
        .Increment();
}

void Metrics::gaveUp(const std::string& channel) {
    families_->dead.Add({{"channel", printable(channel)}}).Increment();
}

void Metrics::reloaded(bool successful) {
    families_->reload.Set(successful ? 1 : 0);
    if (successful) families_->reloadTime.SetToCurrentTime();
}

std::string Metrics::text(const Scrape& scrape) const {
    std::set<std::string> providers;
    for (const auto& line : scrape.overview.stacks()) providers.insert(line.provider);
    for (const auto& provider : providers) expect(provider);
    for (const auto& channel : scrape.channels) {
        families_->dead.Add({{"channel", printable(channel)}});
        for (const auto outcome : outcomes)
            families_->deliveries.Add(
                {{"channel", printable(channel)}, {"outcome", std::string(outcome)}});
    }
    std::ostringstream own;
    prometheus::TextSerializer().Serialize(own, families_->registry.Collect());
    return own.str() + exposition(scrape);
}

}  // namespace driftkeeper
