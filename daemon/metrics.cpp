#include "daemon/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <sstream>

#include "daemon/present/text.hpp"

namespace driftkeeper {
namespace {

const prometheus::Histogram::BucketBoundaries checkBuckets = {0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800};
constexpr std::array<Verdict, 4> verdicts = {Verdict::InSync, Verdict::Drifted, Verdict::Unapplied,
                                             Verdict::Inconclusive};
constexpr std::array<std::string_view, 7> outcomes = {"delivered", "accepted",        "throttled",  "transient",
                                                      "ambiguous", "bad_destination", "bad_payload"};

double unixSeconds(TimePoint time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// A gauge family that exists for one scrape only.
class GaugeFamily {
public:
    GaugeFamily(const char* name, const char* help) {
        family_.name = name;
        family_.help = help;
        family_.type = prometheus::MetricType::Gauge;
    }
    GaugeFamily& counts() {
        family_.type = prometheus::MetricType::Counter;
        return *this;
    }
    // Label values come from repositories and settings: one invalid byte would take the whole target down.
    void add(std::initializer_list<std::pair<const char*, std::string>> labels, double value) {
        prometheus::ClientMetric metric;
        for (const auto& [name, text] : labels) metric.label.push_back({name, printable(text)});
        (family_.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
        family_.metric.push_back(std::move(metric));
    }
    [[nodiscard]] prometheus::MetricFamily take() { return std::move(family_); }

private:
    prometheus::MetricFamily family_;
};

void addStacks(std::vector<prometheus::MetricFamily>& out, const Overview& overview) {
    GaugeFamily verdict("driftkeeper_stack_verdict", "1 for the verdict of the stack's last check, 0 for the others.");
    GaugeFamily drifts("driftkeeper_stack_drifts", "Confirmed open drifts.");
    GaugeFamily oldest("driftkeeper_stack_oldest_drift_timestamp_seconds",
                       "When the oldest open drift was first seen.");
    GaugeFamily conclusive("driftkeeper_stack_last_conclusive_check_timestamp_seconds",
                           "When the last complete check ended.");
    GaugeFamily resources("driftkeeper_stack_resources", "Managed resources that the last check saw.");
    for (const auto& line : overview.stacks()) {
        for (const auto one : verdicts)
            verdict.add({{"repository", line.repository},
                         {"stack", line.stack},
                         {"provider", line.provider},
                         {"verdict", std::string(name(one))}},
                        line.verdict == one || (!line.verdict && one == Verdict::Inconclusive) ? 1 : 0);
        for (std::size_t side = 0; side < line.drifts.size(); ++side)
            for (std::size_t change = 0; change < line.drifts[side].size(); ++change) {
                const auto count = line.drifts[side][change];
                const bool always =
                    side <= static_cast<std::size_t>(Side::Git);  // a series that is there resolves alerts
                if (count == 0 && !always) continue;
                drifts.add({{"repository", line.repository},
                            {"stack", line.stack},
                            {"side", std::string(name(static_cast<Side>(side)))},
                            {"change", std::string(name(static_cast<Change>(change)))}},
                           count);
            }
        if (line.oldestDrift)
            oldest.add({{"repository", line.repository}, {"stack", line.stack}}, unixSeconds(*line.oldestDrift));
        if (line.lastConclusive)
            conclusive.add({{"repository", line.repository}, {"stack", line.stack}}, unixSeconds(*line.lastConclusive));
        resources.add({{"repository", line.repository}, {"stack", line.stack}}, static_cast<double>(line.resources));
    }
    for (auto* family : {&verdict, &drifts, &oldest, &conclusive, &resources}) out.push_back(family->take());
}

void addRepositories(std::vector<prometheus::MetricFamily>& out, const Overview& overview) {
    GaugeFamily sync("driftkeeper_repository_last_sync_timestamp_seconds", "When the repository was last fetched.");
    GaugeFamily failures("driftkeeper_repository_sync_failures_total", "Fetches that failed.");
    failures.counts();
    for (const auto& [repository, line] : overview.repositories()) {
        if (line.lastSync) sync.add({{"repository", repository}}, unixSeconds(*line.lastSync));
        failures.add({{"repository", repository}}, static_cast<double>(line.failures));
    }
    out.push_back(sync.take());
    out.push_back(failures.take());
}

void addCounts(std::vector<prometheus::MetricFamily>& out, const StoreCounts& counts,
               const std::vector<std::string>& channels) {
    GaugeFamily incidents("driftkeeper_incidents_open", "Open incidents.");
    for (int kind = 0; kind <= static_cast<int>(IncidentKind::Overload); ++kind) {
        const std::string word(name(static_cast<IncidentKind>(kind)));
        const auto it = counts.incidentsOpen.find(word);
        incidents.add({{"kind", word}}, it == counts.incidentsOpen.end() ? 0 : static_cast<double>(it->second));
    }
    auto pendingBy = counts.outboxPending;
    for (const auto& channel : channels) pendingBy.try_emplace(channel, 0);
    GaugeFamily pending("driftkeeper_outbox_pending", "Deliveries that wait or are being tried.");
    for (const auto& [channel, count] : pendingBy) pending.add({{"channel", channel}}, static_cast<double>(count));
    GaugeFamily oldest("driftkeeper_outbox_oldest_pending_timestamp_seconds",
                       "When the oldest waiting delivery was made; 0 when none waits.");
    oldest.add({}, counts.oldestPending ? unixSeconds(*counts.oldestPending) : 0);
    for (auto* family : {&incidents, &pending, &oldest}) out.push_back(family->take());
}

void addProcess(std::vector<prometheus::MetricFamily>& out) {
    GaugeFamily memory("process_resident_memory_bytes", "Resident memory size in bytes.");
    std::ifstream statm("/proc/self/statm");
    double size = 0;
    double resident = 0;
    if (statm >> size >> resident) memory.add({}, resident * static_cast<double>(sysconf(_SC_PAGESIZE)));
    out.push_back(memory.take());
}

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& checks;
    prometheus::Family<prometheus::Histogram>& durations;
    prometheus::Family<prometheus::Counter>& deliveries;
    prometheus::Gauge& running;
    prometheus::Gauge& reload;

    explicit Families(const std::string& version)
        : checks(prometheus::BuildCounter()
                     .Name("driftkeeper_checks_total")
                     .Help("Checks that ended.")
                     .Register(registry)),
          durations(prometheus::BuildHistogram()
                        .Name("driftkeeper_check_duration_seconds")
                        .Help("How long a check took.")
                        .Register(registry)),
          deliveries(prometheus::BuildCounter()
                         .Name("driftkeeper_deliveries_total")
                         .Help("Attempts to deliver an alert, by outcome.")
                         .Register(registry)),
          running(prometheus::BuildGauge()
                      .Name("driftkeeper_checks_running")
                      .Help("Checks that run now.")
                      .Register(registry)
                      .Add({})),
          reload(prometheus::BuildGauge()
                     .Name("driftkeeper_settings_last_reload_successful")
                     .Help("1 when the last reload of the settings was successful.")
                     .Register(registry)
                     .Add({})) {
        prometheus::BuildGauge()
            .Name("driftkeeper_build_info")
            .Help("The version that runs.")
            .Register(registry)
            .Add({{"version", version}})
            .Set(1);
        reload.Set(1);
        for (const auto one : verdicts) checks.Add({{"provider", "terraform"}, {"outcome", std::string(name(one))}});
        durations.Add({{"provider", "terraform"}}, checkBuckets);
    }
};

Metrics::Metrics(const std::string& version) : families_(std::make_unique<Families>(version)) {}
Metrics::~Metrics() = default;

void Metrics::checkStarted() {
    families_->running.Increment();
}

void Metrics::checkFinished(const std::string& provider, Verdict verdict, double seconds) {
    families_->running.Decrement();
    families_->checks.Add({{"provider", provider}, {"outcome", std::string(name(verdict))}}).Increment();
    families_->durations.Add({{"provider", provider}}, checkBuckets).Observe(seconds);
}

void Metrics::delivery(const std::string& channel, std::string_view outcome) {
    families_->deliveries.Add({{"channel", printable(channel)}, {"outcome", std::string(outcome)}}).Increment();
}

void Metrics::reloaded(bool successful) {
    families_->reload.Set(successful ? 1 : 0);
}

std::string Metrics::text(const Overview& overview, const StoreCounts& counts,
                          const std::vector<std::string>& channels) const {
    for (const auto& channel : channels)
        for (const auto outcome : outcomes)
            families_->deliveries.Add({{"channel", printable(channel)}, {"outcome", std::string(outcome)}});
    auto all = families_->registry.Collect();
    addStacks(all, overview);
    addRepositories(all, overview);
    addCounts(all, counts, channels);
    addProcess(all);
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, all);
    return out.str();
}

}  // namespace driftkeeper
