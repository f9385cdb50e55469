#include "daemon/observe/overview.hpp"

#include <algorithm>

namespace driftkeeper {
namespace {

void age(std::optional<TimePoint>& oldest, TimePoint firstSeen) {
    if (!oldest || firstSeen < *oldest) oldest = firstSeen;
}

StackLine lineOf(const StackStatus& status) {
    StackLine line;
    line.id = status.stack.id;
    line.repository = status.stack.repository;
    line.stack = status.stack.fullName();
    line.provider = status.stack.provider;
    line.owners = status.stack.owners();
    line.staleAfter = status.stack.staleAfter;
    if (status.last) {
        line.verdict = status.last->verdict();
        line.resources = status.last->report.resources;
        line.coverage = status.last->report.coverage;
        line.suppressed = status.last->report.notTold.size();
        line.lastChecked = status.last->started;
        line.lastSeconds = status.last->seconds();
        if (!status.last->complete()) line.reason = status.last->report.reason;
    }
    if (status.lastConclusive) line.lastConclusive = status.lastConclusive->finished;
    for (const auto& finding : status.open) {
        ++line.drifts[static_cast<std::size_t>(finding.drift.side)]
                     [static_cast<std::size_t>(finding.drift.change)];
        auto& open = line.open[static_cast<std::size_t>(finding.drift.side)]
                              [static_cast<std::size_t>(finding.drift.severity)];
        ++open.count;
        age(open.since, finding.firstSeen);
        age(line.oldestDrift, finding.firstSeen);
    }
    return line;
}

}  // namespace

void Overview::keep(const StackStatus& status) {
    lines_.with([&](Lines& lines) {
        std::erase_if(lines.stacks,
                      [&](const auto& entry) { return entry.second.id == status.stack.id; });
        lines.stacks[status.stack.fullName()] = lineOf(status);
    });
}

void Overview::remove(const std::string& stackId) {
    lines_.with([&](Lines& lines) {
        std::erase_if(lines.stacks, [&](const auto& entry) { return entry.second.id == stackId; });
    });
}

std::size_t Overview::size() const {
    return lines_.with([](const Lines& lines) { return lines.stacks.size(); });
}

bool Overview::allCheckedSince(TimePoint since) const {
    return lines_.with([&](const Lines& lines) {
        return std::ranges::all_of(lines.stacks, [&](const auto& entry) {
            return entry.second.lastChecked.value_or(since) > since;
        });
    });
}

void Overview::synced(const std::string& repository, TimePoint when, const std::string& commit) {
    lines_.with([&](Lines& lines) {
        auto& line = lines.repositories[repository];
        line.lastSync = when;
        line.commit = commit;
    });
}

void Overview::leftOut(const std::string& repository, const std::vector<LeftOut>& all) {
    std::map<std::string, std::size_t> counts;
    for (const auto& one : all) ++counts[one.reason];
    lines_.with([&](Lines& lines) { lines.repositories[repository].leftOut = std::move(counts); });
}

void Overview::syncFailed(const std::string& repository) {
    lines_.with([&](Lines& lines) { ++lines.repositories[repository].failures; });
}

std::vector<StackLine> Overview::stacks() const {
    return lines_.with([](const Lines& lines) {
        std::vector<StackLine> all;
        all.reserve(lines.stacks.size());
        for (const auto& [name, line] : lines.stacks) all.push_back(line);
        return all;
    });
}

std::optional<StackLine> Overview::find(const std::string& fullName) const {
    return lines_.with([&](const Lines& lines) {
        const auto it = lines.stacks.find(fullName);
        return it == lines.stacks.end() ? std::nullopt : std::optional(it->second);
    });
}

std::map<std::string, RepositoryLine> Overview::repositories() const {
    return lines_.with([](const Lines& lines) { return lines.repositories; });
}

}  // namespace driftkeeper
