#include "daemon/observe/overview.hpp"

#include <algorithm>

namespace driftkeeper {
namespace {

void age(std::optional<TimePoint>& oldest, TimePoint firstSeen) {
    if (!oldest || firstSeen < *oldest) oldest = firstSeen;
}

void addCheck(StackLine& line, const Check& check) {
    line.verdict = check.verdict();
    line.resources = check.report.resources;
    line.coverage = check.report.coverage;
    line.suppressed = check.report.notTold.size();
    line.lastChecked = check.started;
    line.lastSeconds = check.seconds();
    line.reason = check.complete() ? std::nullopt : check.report.reason;
}

StackLine lineOf(const StackStatus& status) {
    StackLine line;
    line.id = status.stack.id;
    line.repository = status.stack.repository;
    line.stack = status.stack.fullName();
    line.provider = status.stack.provider;
    line.owners = status.stack.owners();
    line.staleAfter = status.stack.staleAfter;
    if (status.last) addCheck(line, *status.last);
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
        lines.unrecorded.erase(status.stack.id);
    });
}

void Overview::remove(const std::string& stackId) {
    lines_.with([&](Lines& lines) {
        std::erase_if(lines.stacks, [&](const auto& entry) { return entry.second.id == stackId; });
        lines.unrecorded.erase(stackId);
    });
}

void Overview::keepUnrecorded(std::shared_ptr<const Check> check) {
    lines_.with([&](Lines& lines) {
        for (auto& [name, line] : lines.stacks)
            if (line.id == check->stackId) addCheck(line, *check);
        lines.unrecorded[check->stackId] = std::move(check);
    });
}

std::shared_ptr<const Check> Overview::unrecorded(const std::string& stackId) const {
    return lines_.with([&](const Lines& lines) {
        const auto found = lines.unrecorded.find(stackId);
        return found == lines.unrecorded.end() ? nullptr : found->second;
    });
}

bool Overview::hasUnrecorded() const {
    return lines_.with([](const Lines& lines) { return !lines.unrecorded.empty(); });
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
