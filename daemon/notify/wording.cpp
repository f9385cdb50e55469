#include "daemon/notify/wording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/wording/check_text.hpp"

namespace driftkeeper {
namespace {

std::string_view troubleWord(IncidentKind kind) {
    switch (kind) {
        case IncidentKind::Stale:
            return "No conclusive check of";
        case IncidentKind::Repository:
            return "Repository in trouble:";
        case IncidentKind::Channel:
            return "Channel in trouble:";
        case IncidentKind::Ownership:
            return "Ownership in trouble:";
        case IncidentKind::Reconciler:
            return "Reconciler in trouble:";
        case IncidentKind::Orphaned:
            return "Gone from Git, but still holding resources:";
        case IncidentKind::Overload:
            return "Cannot keep up:";
        case IncidentKind::Daemon:
            return "In trouble itself:";
        case IncidentKind::Drift:
        case IncidentKind::Digest:
            break;
    }
    return "Drift in";
}

bool onlyGitMoved(const StackObject& stack) {
    return std::all_of(stack.drifts.begin(), stack.drifts.end(),
                       [](const ShownDrift& shown) { return shown.drift.side == Side::Git; });
}

std::string driftHeadline(const StackObject& stack) {
    const std::size_t count = stack.drifts.size();
    if (count == 0) return fmt::format("{} drifted", stack.stack);
    if (onlyGitMoved(stack))
        return fmt::format("{}: {} not applied yet", stack.stack, counted(count, "change"));
    return fmt::format("{} drifted: {} {} from Git", stack.stack, counted(count, "resource"),
                       count == 1 ? "differs" : "differ");
}

}  // namespace

Severity highestSeverity(const StackObject& stack) {
    if (stack.drifts.empty()) return Severity::Warning;
    Severity highest = Severity::Info;
    for (const ShownDrift& shown : stack.drifts) highest = std::max(highest, shown.drift.severity);
    return highest;
}

Severity highestSeverity(const Notice& notice) {
    if (notice.digest) return Severity::Info;
    if (countDrifts(notice) == 0) return Severity::Warning;
    Severity highest = Severity::Info;
    for (const StackObject& stack : notice.stacks)
        if (!stack.drifts.empty()) highest = std::max(highest, highestSeverity(stack));
    return highest;
}

std::size_t countDrifts(const Notice& notice) {
    std::size_t count = 0;
    for (const StackObject& stack : notice.stacks) count += stack.drifts.size();
    return count;
}

std::vector<const ShownDrift*> bySeverity(const StackObject& stack) {
    std::vector<const ShownDrift*> sorted;
    sorted.reserve(stack.drifts.size());
    for (const ShownDrift& shown : stack.drifts) sorted.push_back(&shown);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const ShownDrift* one, const ShownDrift* other) {
                         return one->drift.severity > other->drift.severity;
                     });
    return sorted;
}

std::string headline(const Notice& notice, const StackObject& stack) {
    if (notice.event == Event::Resolved) return fmt::format("Resolved: {}", stack.stack);
    if (notice.kind != IncidentKind::Drift)
        return fmt::format("{} {}", troubleWord(notice.kind), stack.stack);
    return driftHeadline(stack);
}

std::string headline(const Notice& notice) {
    if (notice.isTest)
        return fmt::format("{}Test message for channel {}",
                           notice.event == Event::Resolved ? "Resolved: " : "", notice.subject);
    if (notice.digest)
        return fmt::format("Digest: {} open, {} new, {} resolved{}",
                           counted(notice.digest->open, "drift"), notice.digest->opened,
                           notice.digest->resolved,
                           notice.digest->stale > 0
                               ? ", " + counted(notice.digest->stale, "stack") + " not checked"
                               : "");
    const bool drift = notice.kind == IncidentKind::Drift;
    if (notice.stacks.size() == 1 && (drift || notice.subject.empty()))
        return headline(notice, notice.stacks.front());
    if (notice.event == Event::Resolved) return fmt::format("Resolved: {}", notice.subject);
    if (!drift) return fmt::format("{} {}", troubleWord(notice.kind), notice.subject);
    const auto drifted =
        std::count_if(notice.stacks.begin(), notice.stacks.end(),
                      [](const StackObject& stack) { return !stack.drifts.empty(); });
    return fmt::format("{}: {} in {}{}", notice.subject, counted(countDrifts(notice), "drift"),
                       counted(static_cast<std::size_t>(drifted), "stack"),
                       notice.cause == "baseline" ? " at first look" : "");
}

std::string whatMoved(const Drift& drift) {
    if (drift.side == Side::Both && drift.liveChange && drift.gitChange)
        return fmt::format("conflict: live {}, git {}", name(*drift.liveChange),
                           name(*drift.gitChange));
    if (drift.side == Side::Live && drift.change == Change::Created)
        return "live created, unmanaged";
    if (drift.side == Side::Git) return fmt::format("git {}, not applied yet", name(drift.change));
    return fmt::format("{} {}", name(drift.side), name(drift.change));
}

std::string oneLine(std::string_view text, std::size_t bytes) {
    // Four input bytes never give less than one output byte, so a megabyte is not cleaned to show a
    // line of it.
    std::string line = printable(text.substr(0, 4 * bytes + 4));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (line.size() <= bytes) return line;
    constexpr std::string_view ellipsis = "…";
    std::size_t end = bytes > ellipsis.size() ? bytes - ellipsis.size() : 0;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    return line.substr(0, end).append(ellipsis);
}

}  // namespace driftkeeper
