#include "daemon/alert/decide/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/alert/decide/announce.hpp"
#include "daemon/alert/decide/wall_clock.hpp"
#include "daemon/model/inventory_check.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostOpen = 15;
constexpr std::size_t mostOthers = 5;
constexpr double slowCheck = 10;  // seconds; quicker ones are no news

std::string ageOf(TimePoint since, TimePoint until) {
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(until - since).count();
    if (hours >= 48) return fmt::format("{} days", hours / 24);
    return hours >= 2 ? fmt::format("{} hours", hours) : "less than two hours";
}

// The first lines of a part with its heading, and how many are left out.
void addPart(std::vector<std::string>& lines, const std::string& heading,
             const std::vector<std::string>& part, std::size_t most) {
    if (part.empty()) return;
    lines.push_back(heading);
    lines.insert(lines.end(), part.begin(),
                 part.begin() + static_cast<std::ptrdiff_t>(std::min(most, part.size())));
    if (part.size() > most) lines.push_back(fmt::format("+{} more", part.size() - most));
}

// What one route hears of.
class Ear {
public:
    Ear(const RouteSettings& route, const AlertContext& context)
        : context_(context), key_(keyOf(route)) {}

    [[nodiscard]] bool hears(const RouteSubject& subject) const {
        const auto routes = routesFor(context_.routes, context_.channels, subject);
        return std::ranges::find(routes, key_, &Route::key) != routes.end();
    }
    [[nodiscard]] bool hears(const Stack& stack, const Drift& drift) const {
        return hears(subjectOf(stack, drift));
    }
    [[nodiscard]] bool hears(const Stack& stack, IncidentKind kind) const {
        auto subject = subjectOf(stack);
        subject.kind = kind;
        subject.severity = Severity::Warning;
        return hears(subject);
    }

private:
    const AlertContext& context_;
    std::string key_;
};

struct Open {
    const Stack* stack;
    const Finding* finding;
};

std::vector<Open> openOnes(const DigestFacts& facts, const Ear& ear) {
    std::vector<Open> open;
    for (const auto& status : facts.stacks)
        for (const auto& finding : status.open)
            if (ear.hears(status.stack, finding.drift)) open.push_back({&status.stack, &finding});
    std::ranges::stable_sort(open, {}, [](const Open& one) { return one.finding->firstSeen; });
    return open;
}

std::string lineOf(const Open& open, TimePoint until) {
    const auto& drift = open.finding->drift;
    return fmt::format("{} {} · {} {} · {} · {}", open.stack->fullName(), drift.address,
                       name(drift.side), name(drift.change), name(drift.severity),
                       ageOf(open.finding->firstSeen, until));
}

std::vector<std::string> staleOnes(const DigestFacts& facts, const Ear& ear) {
    std::vector<std::string> lines;
    for (const auto& [stack, last, open, lastConclusive, failures, unconfirmed] : facts.stacks) {
        if (lastConclusive && facts.until - lastConclusive->finished <= stack.staleAfter) continue;
        if (last && isInventory(*last) && facts.until - last->finished <= stack.staleAfter)
            continue;
        if (!ear.hears(stack, IncidentKind::Stale)) continue;
        const std::string reason =
            last && last->report.reason ? last->report.reason->code : "not_checked_yet";
        lines.push_back(fmt::format("{} · {} · {}", stack.fullName(), reason,
                                    lastConclusive
                                        ? "for " + ageOf(lastConclusive->finished, facts.until)
                                        : std::string("never checked")));
    }
    return lines;
}

std::vector<std::string> slowOnes(const DigestFacts& facts, const Ear& ear) {
    std::vector<const StackStatus*> slow;
    for (const auto& status : facts.stacks)
        if (status.last && status.last->seconds() >= slowCheck &&
            ear.hears(status.stack, IncidentKind::Stale))
            slow.push_back(&status);
    std::ranges::stable_sort(slow, std::greater{},
                             [](const StackStatus* one) { return one->last->seconds(); });
    std::vector<std::string> lines;
    for (const auto* status : slow)
        lines.push_back(
            fmt::format("{} · {:.0f} s", status->stack.fullName(), status->last->seconds()));
    return lines;
}

// Each rule with its reason, and how much it hid at the last looks.
std::vector<std::string> quietOnes(const DigestFacts& facts, const Ear& ear,
                                   const AlertContext& context) {
    std::map<std::string, std::size_t> counts;
    for (const auto& status : facts.stacks) {
        if (!status.last) continue;
        for (const auto& quiet : status.last->report.notTold)
            if (ear.hears(status.stack, quiet.drift)) ++counts[quiet.rule];
    }
    std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::greater{}, &std::pair<std::string, std::size_t>::second);
    std::vector<std::string> lines;
    for (const auto& [rule, count] : sorted)
        lines.push_back(fmt::format(
            "{} · {}", context.aboutIgnored ? context.aboutIgnored(rule) : rule, count));
    return lines;
}

std::size_t newOnes(const std::vector<Open>& open, const DigestFacts& facts) {
    return static_cast<std::size_t>(std::ranges::count_if(
        open, [&](const Open& one) { return one.finding->firstSeen >= facts.since; }));
}

std::size_t endedOnes(const DigestFacts& facts, const Ear& ear) {
    std::map<std::string_view, const Stack*> stacks;
    for (const auto& status : facts.stacks) stacks.emplace(status.stack.id, &status.stack);
    return static_cast<std::size_t>(
        std::ranges::count_if(facts.closed, [&](const Finding& finding) {
            const auto stack = stacks.find(finding.stackId);
            return stack != stacks.end() && ear.hears(*stack->second, finding.drift);
        }));
}

Notice noticeOf(const RouteSettings& route, const DigestFacts& facts, const AlertContext& context) {
    const Ear ear(route, context);
    const auto open = openOnes(facts, ear);
    std::vector<std::string> openLines;
    for (const auto& one : open) openLines.push_back(lineOf(one, facts.until));
    const auto stale = staleOnes(facts, ear);

    Notice notice;
    notice.severity = Severity::Info;
    notice.subject = "digest";
    notice.digest.emplace();
    notice.digest->since = facts.since;
    notice.digest->open = open.size();
    notice.digest->opened = newOnes(open, facts);
    notice.digest->resolved = endedOnes(facts, ear);
    notice.digest->stale = stale.size();
    auto& lines = notice.digest->lines;
    addPart(lines, "Open, the longest first:", openLines, mostOpen);
    addPart(lines, "Not checked:", stale, mostOthers);
    addPart(lines, "Slowest checks:", slowOnes(facts, ear), mostOthers);
    addPart(lines, "Suppressed, by rule:", quietOnes(facts, ear, context), mostOthers);
    return notice;
}

}  // namespace

std::optional<TimePoint> lastDue(const DigestSettings& digest, const std::string& timeZone,
                                 TimePoint now) {
    const std::optional<WallClock> clock = WallClock::of(timeZone);
    if (!clock) return std::nullopt;
    // Eight days back is enough for a weekly one on a day whose hour is still to come.
    for (int back = 0; back <= 8; ++back) {
        if (digest.weekday && clock->weekday(now, back) != *digest.weekday) continue;
        if (const TimePoint due = clock->at(now, back, digest.at); due <= now) return due;
    }
    return std::nullopt;
}

Decision sendDigest(const RouteSettings& route, const DigestFacts& facts,
                    const AlertContext& context) {
    Incident incident;
    incident.id = context.makeId();
    incident.kind = IncidentKind::Digest;
    incident.subject = incident.route = keyOf(route);
    incident.opened = facts.until;
    incident.closed = facts.until;
    for (const auto& channel : context.channels)
        if (!channel.keepsOpen() &&
            std::ranges::find(route.channels, channel.name) != route.channels.end())
            incident.channels.push_back(channel.name);
    Decision decision;
    if (!incident.channels.empty())
        announce(decision, incident, Event::Digest, noticeOf(route, facts, context), context);
    return decision;
}

}  // namespace driftkeeper
