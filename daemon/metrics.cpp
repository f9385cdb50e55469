#include "daemon/metrics.hpp"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
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

// A label value: it comes from repositories and settings, and one invalid byte would take the whole target down.
std::string labelValue(std::string_view raw) {
    std::string out;
    for (const char c : printable(raw)) {
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

// One family as text, for one scrape. The library's own families cost five times as much for thousands of series.
class Family {
public:
    Family(std::string_view name, std::string_view help, std::string_view type = "gauge")
        : name_(name), text_(fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type)) {}

    // `labels`: name="value",… with escaped values.
    void add(std::string_view labels, double value) {
        fmt::format_to(std::back_inserter(text_), "{}{}{}{} {}\n", name_, labels.empty() ? "" : "{", labels,
                       labels.empty() ? "" : "}", value);
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string_view name_;
    std::string text_;
};

void addStack(const StackLine& line, Family& verdict, Family& drifts, Family& oldest, Family& conclusive,
              Family& resources) {
    const std::string labels =
        fmt::format("repository=\"{}\",stack=\"{}\"", labelValue(line.repository), labelValue(line.stack));
    for (const auto one : verdicts)
        verdict.add(fmt::format("{},provider=\"{}\",verdict=\"{}\"", labels, labelValue(line.provider), name(one)),
                    line.verdict == one || (!line.verdict && one == Verdict::Inconclusive) ? 1 : 0);
    for (std::size_t side = 0; side < line.drifts.size(); ++side)
        for (std::size_t change = 0; change < line.drifts[side].size(); ++change) {
            const auto count = line.drifts[side][change];
            const bool always = side <= static_cast<std::size_t>(Side::Git);  // a series that is there resolves alerts
            if (count == 0 && !always) continue;
            drifts.add(fmt::format("{},side=\"{}\",change=\"{}\"", labels, name(static_cast<Side>(side)),
                                   name(static_cast<Change>(change))),
                       count);
        }
    if (line.oldestDrift) oldest.add(labels, unixSeconds(*line.oldestDrift));
    if (line.lastConclusive) conclusive.add(labels, unixSeconds(*line.lastConclusive));
    resources.add(labels, static_cast<double>(line.resources));
}

void addStacks(std::string& out, const Overview& overview) {
    Family verdict("driftkeeper_stack_verdict", "1 for the verdict of the stack's last check, 0 for the others.");
    Family drifts("driftkeeper_stack_drifts", "Confirmed open drifts.");
    Family oldest("driftkeeper_stack_oldest_drift_timestamp_seconds", "When the oldest open drift was first seen.");
    Family conclusive("driftkeeper_stack_last_conclusive_check_timestamp_seconds",
                      "When the last complete check ended.");
    Family resources("driftkeeper_stack_resources", "Managed resources that the last check saw.");
    for (const auto& line : overview.stacks()) addStack(line, verdict, drifts, oldest, conclusive, resources);
    for (const auto* family : {&verdict, &drifts, &oldest, &conclusive, &resources}) out += family->text();
}

void addCoverage(std::string& out, const Overview& overview) {
    std::map<std::string, Coverage> sums;
    for (const auto& line : overview.stacks()) {
        auto& sum = sums[line.provider];
        sum.checked += line.coverage.checked;
        sum.unsupported += line.coverage.unsupported;
        sum.unreadable += line.coverage.unreadable;
    }
    Family coverage("driftkeeper_provider_coverage", "Resources by how far the last checks of their stacks saw them.");
    for (const auto& [provider, sum] : sums) {
        const auto add = [&](std::string_view kind, std::size_t count) {
            coverage.add(fmt::format("provider=\"{}\",kind=\"{}\"", labelValue(provider), kind),
                         static_cast<double>(count));
        };
        add("checked", sum.checked);
        add("unsupported", sum.unsupported);
        add("unreadable", sum.unreadable);
    }
    out += coverage.text();
}

void addRepositories(std::string& out, const Overview& overview) {
    Family sync("driftkeeper_repository_last_sync_timestamp_seconds", "When the repository was last fetched.");
    Family failures("driftkeeper_repository_sync_failures_total", "Fetches that failed.", "counter");
    for (const auto& [repository, line] : overview.repositories()) {
        const std::string labels = fmt::format("repository=\"{}\"", labelValue(repository));
        if (line.lastSync) sync.add(labels, unixSeconds(*line.lastSync));
        failures.add(labels, static_cast<double>(line.failures));
    }
    out += sync.text() + failures.text();
}

void addCounts(std::string& out, const StoreCounts& counts, const std::vector<std::string>& channels) {
    Family incidents("driftkeeper_incidents_open", "Open incidents.");
    for (int kind = 0; kind <= static_cast<int>(IncidentKind::Overload); ++kind) {
        const std::string word(name(static_cast<IncidentKind>(kind)));
        const auto it = counts.incidentsOpen.find(word);
        incidents.add(fmt::format("kind=\"{}\"", word),
                      it == counts.incidentsOpen.end() ? 0 : static_cast<double>(it->second));
    }
    auto pendingBy = counts.outboxPending;
    for (const auto& channel : channels) pendingBy.try_emplace(channel, 0);
    Family pending("driftkeeper_outbox_pending", "Deliveries that wait or are being tried.");
    for (const auto& [channel, count] : pendingBy)
        pending.add(fmt::format("channel=\"{}\"", labelValue(channel)), static_cast<double>(count));
    Family oldest("driftkeeper_outbox_oldest_pending_timestamp_seconds",
                  "When the oldest waiting delivery was made; 0 when none waits.");
    oldest.add("", counts.oldestPending ? unixSeconds(*counts.oldestPending) : 0);
    out += incidents.text() + pending.text() + oldest.text();
}

void addProcess(std::string& out) {
    Family memory("process_resident_memory_bytes", "Resident memory size in bytes.");
    std::ifstream statm("/proc/self/statm");
    double size = 0;
    double resident = 0;
    if (statm >> size >> resident) memory.add("", resident * static_cast<double>(sysconf(_SC_PAGESIZE)));
    out += memory.text();
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
    }
};

Metrics::Metrics(const std::string& version) : families_(std::make_unique<Families>(version)) {}
Metrics::~Metrics() = default;

void Metrics::expect(const std::string& provider) const {
    for (const auto one : verdicts)
        families_->checks.Add({{"provider", provider}, {"outcome", std::string(name(one))}});
    families_->durations.Add({{"provider", provider}}, checkBuckets);
}

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
    std::set<std::string> providers;
    for (const auto& line : overview.stacks()) providers.insert(line.provider);
    for (const auto& provider : providers) expect(provider);
    for (const auto& channel : channels)
        for (const auto outcome : outcomes)
            families_->deliveries.Add({{"channel", printable(channel)}, {"outcome", std::string(outcome)}});
    std::ostringstream own;
    prometheus::TextSerializer().Serialize(own, families_->registry.Collect());
    std::string out = own.str();
    addStacks(out, overview);
    addCoverage(out, overview);
    addRepositories(out, overview);
    addCounts(out, counts, channels);
    addProcess(out);
    return out;
}

}  // namespace driftkeeper
