#include "daemon/observe/exposition.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <span>

#include "daemon/wording/check_text.hpp"

namespace driftkeeper {
namespace {

constexpr std::array sides = {Side::Live, Side::Git, Side::Both, Side::Unknown};
constexpr std::array changes = {Change::Modified, Change::Deleted, Change::Created};
constexpr std::array severities = {Severity::Info, Severity::Warning, Severity::Critical};

double unixSeconds(TimePoint time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// 0 stands for "none": a series that is always there lets an alert end.
double unixSeconds(const std::optional<TimePoint>& time) {
    return time ? unixSeconds(*time) : 0;
}

// A label value: it comes from repositories and settings, and one invalid byte would take the whole
// target down.
std::string labelValue(std::string_view raw) {
    std::string out;
    for (const char c : printable(raw)) {
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out;
}

// One family as text, for one scrape. The library's own families cost five times as much for
// thousands of series.
class Family {
public:
    Family(std::string_view name, std::string_view help, std::string_view type = "gauge")
        : name_(name), text_(fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type)) {}

    // `labels`: name="value",… with escaped values.
    void add(std::string_view labels, double value) {
        fmt::format_to(std::back_inserter(text_), "{}{}{}{} {}\n", name_, labels.empty() ? "" : "{",
                       labels, labels.empty() ? "" : "}", value);
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string_view name_;
    std::string text_;
};

// A family of one series.
std::string single(std::string_view name, std::string_view help, double value,
                   std::string_view type = "gauge") {
    Family family(name, help, type);
    family.add("", value);
    return family.text();
}

// The word of a stack's last check; one that was never checked is inconclusive.
Verdict verdictOf(const StackLine& line) {
    return line.verdict.value_or(Verdict::Inconclusive);
}

// The families that have series for each stack.
struct StackFamilies {
    Family verdict{"driftkeeper_stack_verdict",
                   "1 for the verdict of the stack's last check, 0 for the others."};
    Family drifts{"driftkeeper_stack_drifts", "Confirmed open drifts."};
    Family since{"driftkeeper_stack_drifts_since_timestamp_seconds",
                 "When the oldest open drift of this side and severity was first seen."};
    Family oldest{"driftkeeper_stack_oldest_drift_timestamp_seconds",
                  "When the oldest open drift was first seen."};
    Family conclusive{"driftkeeper_stack_last_conclusive_check_timestamp_seconds",
                      "When the last complete check ended."};
    Family staleAfter{"driftkeeper_stack_stale_after_seconds",
                      "How old the last complete check may become before the stack is stale."};
    Family resources{"driftkeeper_stack_resources", "Managed resources that the last check saw."};

    void add(const StackLine& line);
    void addDrifts(const StackLine& line, const std::string& labels);
    [[nodiscard]] std::string text() const {
        return verdict.text() + drifts.text() + since.text() + oldest.text() + conclusive.text() +
               staleAfter.text() + resources.text();
    }
};

void StackFamilies::add(const StackLine& line) {
    const std::string labels = fmt::format("repository=\"{}\",stack=\"{}\"",
                                           labelValue(line.repository), labelValue(line.stack));
    for (const auto one : allVerdicts)
        verdict.add(fmt::format("{},provider=\"{}\",verdict=\"{}\"", labels,
                                labelValue(line.provider), name(one)),
                    verdictOf(line) == one ? 1 : 0);
    addDrifts(line, labels);
    if (line.oldestDrift) oldest.add(labels, unixSeconds(*line.oldestDrift));
    if (line.lastConclusive) conclusive.add(labels, unixSeconds(*line.lastConclusive));
    staleAfter.add(labels, static_cast<double>(line.staleAfter.count()));
    resources.add(labels, static_cast<double>(line.resources));
}

void StackFamilies::addDrifts(const StackLine& line, const std::string& labels) {
    for (const auto side : sides) {
        const bool always =
            side == Side::Live || side == Side::Git;  // a series that is there resolves alerts
        for (const auto change : changes) {
            const auto count =
                line.drifts[static_cast<std::size_t>(side)][static_cast<std::size_t>(change)];
            if (count > 0 || always)
                drifts.add(
                    fmt::format("{},side=\"{}\",change=\"{}\"", labels, name(side), name(change)),
                    count);
        }
        for (const auto severity : severities) {
            const auto& open =
                line.open[static_cast<std::size_t>(side)][static_cast<std::size_t>(severity)];
            if (open.since)
                since.add(fmt::format("{},side=\"{}\",severity=\"{}\"", labels, name(side),
                                      name(severity)),
                          unixSeconds(*open.since));
        }
    }
}

std::string stackFamilies(const std::vector<StackLine>& stacks, std::size_t most) {
    StackFamilies families;
    for (const auto& line : std::span(stacks).first(std::min(stacks.size(), most)))
        families.add(line);
    return families.text() +
           single("driftkeeper_metrics_truncated",
                  "1 when there are more stacks than get series of their own, 0 otherwise.",
                  stacks.size() > most ? 1 : 0);
}

// What holds for the whole fleet, also where stacks have no series of their own.
std::string fleetFamilies(const std::vector<StackLine>& stacks) {
    std::map<std::string, std::array<std::size_t, allVerdicts.size()>> byVerdict;
    std::array<std::array<std::size_t, severities.size()>, sides.size()> open{};
    for (const auto& line : stacks) {
        ++byVerdict[line.provider][static_cast<std::size_t>(verdictOf(line))];
        for (std::size_t side = 0; side < sides.size(); ++side)
            for (std::size_t severity = 0; severity < severities.size(); ++severity)
                open[side][severity] += line.open[side][severity].count;
    }
    Family count("driftkeeper_stacks", "Stacks by the verdict of their last check.");
    for (const auto& [provider, counts] : byVerdict)
        for (const auto one : allVerdicts)
            count.add(
                fmt::format("provider=\"{}\",verdict=\"{}\"", labelValue(provider), name(one)),
                static_cast<double>(counts[static_cast<std::size_t>(one)]));
    Family drifts("driftkeeper_drifts", "Confirmed open drifts of all stacks.");
    for (const auto side : sides)
        for (const auto severity : severities)
            drifts.add(
                fmt::format("side=\"{}\",severity=\"{}\"", name(side), name(severity)),
                static_cast<double>(
                    open[static_cast<std::size_t>(side)][static_cast<std::size_t>(severity)]));
    return count.text() + drifts.text();
}

std::string coverageFamily(const std::vector<StackLine>& stacks) {
    std::map<std::string, Coverage> sums;
    for (const auto& line : stacks) {
        auto& sum = sums[line.provider];
        sum.checked += line.coverage.checked;
        sum.unsupported += line.coverage.unsupported;
        sum.unreadable += line.coverage.unreadable;
    }
    Family coverage("driftkeeper_provider_coverage",
                    "Resources by how far the last checks of their stacks saw them.");
    for (const auto& [provider, sum] : sums) {
        const auto add = [&](std::string_view kind, std::size_t count) {
            coverage.add(fmt::format("provider=\"{}\",kind=\"{}\"", labelValue(provider), kind),
                         static_cast<double>(count));
        };
        add("checked", sum.checked);
        add("unsupported", sum.unsupported);
        add("unreadable", sum.unreadable);
    }
    return coverage.text();
}

std::string repositoryFamilies(const Overview& overview) {
    Family sync("driftkeeper_repository_last_sync_timestamp_seconds",
                "When the repository was last fetched.");
    Family failures("driftkeeper_repository_sync_failures_total", "Fetches that failed.",
                    "counter");
    Family skipped("driftkeeper_sources_skipped",
                   "Files and folders of the repository that are not checked.");
    for (const auto& [repository, line] : overview.repositories()) {
        const std::string labels = fmt::format("repository=\"{}\"", labelValue(repository));
        if (line.lastSync) sync.add(labels, unixSeconds(*line.lastSync));
        failures.add(labels, static_cast<double>(line.failures));
        for (const auto& [reason, count] : line.leftOut)
            skipped.add(fmt::format("{},reason=\"{}\"", labels, labelValue(reason)),
                        static_cast<double>(count));
    }
    return sync.text() + failures.text() + skipped.text();
}

std::string incidentFamily(const StoreCounts& counts) {
    Family incidents("driftkeeper_incidents_open", "Open incidents.");
    for (int kind = 0; kind <= static_cast<int>(IncidentKind::Daemon); ++kind) {
        const std::string word(name(static_cast<IncidentKind>(kind)));
        const auto it = counts.incidentsOpen.find(word);
        incidents.add(fmt::format("kind=\"{}\"", word),
                      it == counts.incidentsOpen.end() ? 0 : static_cast<double>(it->second));
    }
    return incidents.text();
}

std::string findingFamily(const Scrape& scrape) {
    Family findings("driftkeeper_findings", "Open differences by the state of their alert.");
    for (const auto state : alertStates)
        findings.add(fmt::format("state=\"{}\"", name(state)),
                     static_cast<double>(scrape.findings[static_cast<std::size_t>(state)]));
    return findings.text();
}

std::string outboxFamilies(const StoreCounts& counts, const std::vector<std::string>& channels) {
    auto pendingBy = counts.outboxPending;
    for (const auto& channel : channels) pendingBy.try_emplace(channel, 0);
    Family pending("driftkeeper_outbox_pending", "Deliveries that wait or are being tried.");
    for (const auto& [channel, count] : pendingBy)
        pending.add(fmt::format("channel=\"{}\"", labelValue(channel)), static_cast<double>(count));
    return pending.text() + single("driftkeeper_outbox_oldest_pending_timestamp_seconds",
                                   "When the oldest waiting delivery was made; 0 when none waits.",
                                   unixSeconds(counts.oldestPending));
}

std::string queueFamilies(const CheckQueue& queue) {
    return single("driftkeeper_checks_waiting", "Stacks whose check is due and has not started.",
                  static_cast<double>(queue.waiting)) +
           single("driftkeeper_checks_oldest_due_timestamp_seconds",
                  "Since when the check that has waited longest is due; 0 when none is.",
                  unixSeconds(queue.oldest));
}

std::string storeFamily(const std::filesystem::path& stateDirectory) {
    double bytes = 0;
    for (const auto* file : {"driftkeeper.db", "driftkeeper.db-wal"}) {
        std::error_code error;
        const auto size = std::filesystem::file_size(stateDirectory / file, error);
        if (!error) bytes += static_cast<double>(size);
    }
    return single("driftkeeper_store_size_bytes", "Size of the database, with its write-ahead log.",
                  bytes);
}

std::string checkoutFamilies(const Scrape& scrape) {
    return single("driftkeeper_checkouts_size_bytes",
                  "What checkouts of repositories and copies of them use.",
                  static_cast<double>(scrape.checkoutBytes)) +
           single("driftkeeper_checkouts_limit_bytes", "What they may use.",
                  static_cast<double>(scrape.checkoutLimit));
}

double cpuSeconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double openFiles() {
    std::error_code error;
    const auto count =
        std::distance(std::filesystem::directory_iterator("/proc/self/fd", error), {});
    return static_cast<double>(std::max<std::ptrdiff_t>(count - 1, 0));  // less the one that counts
}

double mostFiles() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<double>(limit.rlim_cur);
}

// What every Prometheus client exports of its process, in the same words. Tools are processes of
// their own.
std::string processFamilies() {
    std::ifstream statm("/proc/self/statm");  // proc(5): in pages
    double size = 0;
    double resident = 0;
    statm >> size >> resident;
    const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
    return single("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                  cpuSeconds(), "counter") +
           single("process_resident_memory_bytes", "Resident memory size in bytes.",
                  resident * page) +
           single("process_virtual_memory_bytes", "Virtual memory size in bytes.", size * page) +
           single("process_open_fds", "Number of open file descriptors.", openFiles()) +
           single("process_max_fds", "Maximum number of open file descriptors.", mostFiles());
}

}  // namespace

std::string exposition(const Scrape& scrape) {
    const auto stacks = scrape.overview.stacks();
    return stackFamilies(stacks, scrape.mostStacks) + fleetFamilies(stacks) +
           coverageFamily(stacks) + repositoryFamilies(scrape.overview) + findingFamily(scrape) +
           incidentFamily(scrape.counts) + outboxFamilies(scrape.counts, scrape.channels) +
           queueFamilies(scrape.queue) + storeFamily(scrape.stateDirectory) +
           checkoutFamilies(scrape) + processFamilies();
}

}  // namespace driftkeeper
