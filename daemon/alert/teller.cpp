#include "daemon/alert/teller.hpp"

#include <algorithm>

#include "daemon/alert/decide/digest.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"
#include "daemon/model/utc.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t leastFleet = 3;  // fewer stacks have no cause in common that is worth a wait

// A wait that ends later is a mute.
Seconds longestGroupWait(const Settings& settings) {
    Seconds longest = settings.checks.groupWait;
    for (const auto& route : settings.routes) longest = std::max(longest, route.groupWait.value_or(longest));
    return longest;
}

std::optional<Seconds> shortestRepeat(const Settings& settings) {
    std::optional<Seconds> shortest;
    for (const auto& route : settings.routes)
        if (route.repeatEvery) shortest = std::min(shortest.value_or(*route.repeatEvery), *route.repeatEvery);
    return shortest;
}

}  // namespace

void logIncident(const Incident& incident, const std::string& shownName) {
    const bool first = incident.announcedAt == incident.opened;  // else it was told before, and holds something new
    const bool stale = incident.kind == IncidentKind::Stale && incident.isOpen();
    const auto event = stale                ? log::event::stackStale
                       : !incident.isOpen() ? log::event::incidentClosed
                       : first              ? log::event::incidentOpened
                                            : log::event::incidentChanged;
    log::info(event,
              !incident.isOpen() ? "incident closed"
              : first            ? "incident opened"
                                 : "incident changed",
              {{"kind", std::string(name(incident.kind))},
               {"subject", incident.subject},
               {"stack", incident.members.empty() ? shownName : incident.members.front().stack},
               {"members", std::to_string(incident.members.size())},
               {"cause", incident.cause},
               {"incident", incident.id},
               {"text", incident.text}});
}

Decision Teller::with(const std::function<Decision(const TellContext&)>& work) const {
    const auto settings = settings_.get();
    const std::function<std::string()> makeId = makeUuid;
    TellContext context{clock_.now(), settings->routes, settings->channels, makeId};
    context.groupWait = settings->checks.groupWait;
    context.mayGroup = overview_.size() >= leastFleet;
    context.mutedUntil = [&](const RouteSubject& subject) { return mutes_.until(subject, context.now); };
    context.allCheckedSince = [&](TimePoint since) { return overview_.allCheckedSince(since); };
    context.aboutIgnored = [&](const std::string& rule) { return rules_.about(rule); };
    return work(context);
}

bool Teller::decide(const Trouble& trouble, const Decide& decide) {
    const auto decision = store_.decide(trouble.kind, trouble.subject, decide);
    if (!decision) {
        log::error(log::event::stateTrouble, "an incident could not be written",
                   {{"code", decision.error().code}, {"reason", decision.error().message}});
        return false;
    }
    for (const auto& incident : decision->incidents) logIncident(incident, trouble.shownName);
    if (!decision->deliveries.empty()) wake_();
    return true;
}

bool Teller::open(const Trouble& trouble) {
    const auto subjects = subjectsOf(trouble);
    if (std::ranges::all_of(subjects, [&](const auto& one) { return mutes_.until(one, clock_.now()).has_value(); }))
        return false;
    return decide(trouble, [&](const Memory& memory) {
        return with([&](const TellContext& context) { return openTrouble(memory, trouble, context); });
    });
}

bool Teller::close(const Trouble& trouble, const std::string& resolution) {
    return decide(trouble, [&](const Memory& memory) {
        return with([&](const TellContext& context) { return closeTrouble(memory, trouble, resolution, context); });
    });
}

void Teller::tellWaiting() {
    const auto next = store_.incidents.nextWaiting();
    if (!next || !*next || **next > clock_.now() + longestGroupWait(*settings_.get())) return;
    const auto decision = store_.place([&](const Memory& memory) {
        return with([&](const TellContext& context) { return driftkeeper::tellWaiting(memory, context); });
    });
    if (decision)
        for (const auto& incident : decision->incidents) logIncident(incident);
    finish(decision, "deferred alerts could not be sent");
}

void Teller::remind() {
    const auto shortest = shortestRepeat(*settings_.get());
    if (!shortest) return;
    const auto decision = store_.remind(clock_.now() - *shortest, [&](const Memory& memory) {
        return with([&](const TellContext& context) { return tellReminders(memory, context); });
    });
    finish(decision, "no reminder could be written");
}

void Teller::tellDigests() {
    const auto settings = settings_.get();
    for (const auto& route : settings->routes) {
        if (!route.digest) continue;
        if (const auto due = lastDue(*route.digest, settings->timeZone, clock_.now())) tellDigest(route, *due);
    }
}

// The first one comes at the next time: there is none before it that it could follow. Told and noted are two steps:
// a crash in between repeats a digest, and loses none.
void Teller::tellDigest(const RouteSettings& route, TimePoint due) {
    const std::string key = "digest " + keyOf(route);
    const auto kept = store_.notes.find(key);
    if (!kept) return;
    const auto before = *kept ? utcFrom(**kept) : std::nullopt;
    if (before && *before >= due) return;
    if (before) {
        const auto stacks = store_.stacks.statuses();
        const auto closed = store_.incidents.closedSince(*before);
        if (!stacks || !closed) return;
        const DigestFacts facts{*stacks, *closed, *before, clock_.now()};
        const auto decision = store_.decide(IncidentKind::Digest, key, [&](const Memory&) {
            return with([&](const TellContext& context) { return driftkeeper::tellDigest(route, facts, context); });
        });
        finish(decision, "no digest could be written");
        if (!decision) return;
    }
    if (const auto noted = store_.notes.keep(key, utcText(due)); !noted)
        log::error(log::event::stateTrouble, "a digest cannot be noted; it may be repeated",
                   {{"reason", noted.error().message}});
}

void Teller::finish(const Result<Decision>& decision, std::string_view failing) {
    if (!decision) {
        log::error(log::event::stateTrouble, failing,
                   {{"code", decision.error().code}, {"reason", decision.error().message}});
        return;
    }
    if (!decision->deliveries.empty()) wake_();
}

}  // namespace driftkeeper
