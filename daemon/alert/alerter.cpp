#include "daemon/alert/alerter.hpp"

#include <algorithm>
#include <set>
#include <string_view>

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
    for (const auto& route : settings.routes)
        longest = std::max(longest, route.groupWait.value_or(longest));
    return longest;
}

std::optional<Seconds> shortestRepeat(const Settings& settings) {
    std::optional<Seconds> shortest;
    for (const auto& route : settings.routes)
        if (route.repeatEvery)
            shortest = std::min(shortest.value_or(*route.repeatEvery), *route.repeatEvery);
    return shortest;
}

log::Event logEventOf(const Incident& incident, bool isNew) {
    if (!incident.isOpen()) return log::event::incidentClosed;
    if (incident.kind == IncidentKind::Stale) return log::event::stackStale;
    return isNew ? log::event::incidentOpened : log::event::incidentChanged;
}

std::string_view messageOf(const Incident& incident, bool isNew) {
    if (!incident.isOpen()) return "incident closed";
    return isNew ? "incident opened" : "incident changed";
}

void logIncident(const Incident& incident, const std::string& shownName) {
    const bool isNew = incident.announcedAt ==
                       incident.opened;  // else it was there before, and holds something new
    log::info(logEventOf(incident, isNew), messageOf(incident, isNew),
              {{"kind", std::string(name(incident.kind))},
               {"subject", incident.subject},
               {"stack", incident.members.empty() ? shownName : incident.members.front().stack},
               {"members", std::to_string(incident.members.size())},
               {"cause", incident.cause},
               {"incident", incident.id},
               {"text", incident.text}});
}

// Those that a reminder or a digest says again: nothing happened to them.
std::set<std::string_view> repeatedIn(const Decision& decision) {
    std::set<std::string_view> ids;
    for (const auto& delivery : decision.deliveries)
        if (delivery.event == Event::Reminder || delivery.event == Event::Digest)
            ids.insert(delivery.incidentId);
    return ids;
}

}  // namespace

void Alerter::publish(const Decision& decision, const std::string& shownName) const {
    const auto repeated = repeatedIn(decision);
    for (const auto& incident : decision.incidents)
        if (!repeated.contains(incident.id)) logIncident(incident, shownName);
    if (!decision.deliveries.empty()) wake_();
}

bool Alerter::publishOrLog(const Result<Decision>& decision, std::string_view failing,
                           const std::string& shownName) {
    if (decision)
        publish(*decision, shownName);
    else
        log::error(log::event::stateTrouble, failing,
                   {{"code", decision.error().code}, {"reason", decision.error().message}});
    return decision.has_value();
}

Decision Alerter::with(const std::function<Decision(const AlertContext&)>& work) const {
    const auto settings = settings_.get();
    const std::function<std::string()> makeId = makeUuid;
    AlertContext context{clock_.now(), settings->routes, settings->channels, makeId};
    context.groupWait = settings->checks.groupWait;
    context.mayGroup = overview_.size() >= leastFleet;
    context.mutedUntil = [&](const RouteSubject& subject) {
        return mutes_.until(subject, context.now);
    };
    context.allCheckedSince = [&](TimePoint since) { return overview_.allCheckedSince(since); };
    context.aboutIgnored = [&](const std::string& rule) { return rules_.about(rule); };
    return work(context);
}

bool Alerter::decide(const Trouble& trouble, const Decide& decide) {
    return publishOrLog(store_.decide(trouble.kind, trouble.subject, decide),
                        "an incident could not be written", trouble.shownName);
}

bool Alerter::open(const Trouble& trouble) {
    const auto subjects = subjectsOf(trouble);
    if (std::ranges::all_of(
            subjects, [&](const auto& one) { return mutes_.until(one, clock_.now()).has_value(); }))
        return false;
    return decide(trouble, [&](const Memory& memory) {
        return with(
            [&](const AlertContext& context) { return openTrouble(memory, trouble, context); });
    });
}

bool Alerter::close(const Trouble& trouble, const std::string& resolution) {
    return decide(trouble, [&](const Memory& memory) {
        return with([&](const AlertContext& context) {
            return closeTrouble(memory, trouble, resolution, context);
        });
    });
}

void Alerter::alertWaiting() {
    const auto next = store_.incidents.nextWaiting();
    if (!next || !*next || **next > clock_.now() + longestGroupWait(*settings_.get())) return;
    const auto decision = store_.place([&](const Memory& memory) {
        return with([&](const AlertContext& context) {
            return driftkeeper::alertWaiting(memory, context);
        });
    });
    publishOrLog(decision, "deferred alerts could not be sent");
}

void Alerter::remind() {
    const auto shortest = shortestRepeat(*settings_.get());
    if (!shortest) return;
    const auto decision = store_.remind(clock_.now() - *shortest, [&](const Memory& memory) {
        return with([&](const AlertContext& context) { return remindersDue(memory, context); });
    });
    publishOrLog(decision, "no reminder could be written");
}

void Alerter::sendDigests() {
    const auto settings = settings_.get();
    for (const auto& route : settings->routes) {
        if (!route.digest) continue;
        if (const auto due = lastDue(*route.digest, settings->timeZone, clock_.now()))
            sendDigest(route, *due);
    }
}

// The first one comes at the next time: there is none before it that it could follow. Sent and
// noted are two steps: a crash in between repeats a digest, and loses none.
void Alerter::sendDigest(const RouteSettings& route, TimePoint due) {
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
            return with([&](const AlertContext& context) {
                return driftkeeper::sendDigest(route, facts, context);
            });
        });
        if (!publishOrLog(decision, "no digest could be written")) return;
    }
    if (const auto noted = store_.notes.keep(key, utcText(due)); !noted)
        log::error(log::event::stateTrouble, "a digest cannot be stored; it may be repeated",
                   {{"reason", noted.error().message}});
}

}  // namespace driftkeeper
