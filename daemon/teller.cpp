#include "daemon/teller.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t leastFleet = 3;  // fewer stacks have no cause in common that is worth a wait

void note(const Incident& incident) {
    log::info(incident.isOpen() ? "incident opened" : "incident closed", {{"kind", std::string(name(incident.kind))},
                                                                          {"subject", incident.subject},
                                                                          {"cause", incident.cause},
                                                                          {"incident", incident.id}});
}

}  // namespace

Decision Teller::with(const std::function<Decision(const TellContext&)>& work) const {
    const auto settings = settings_.get();
    const std::function<std::string()> makeId = makeUuid;
    TellContext context{clock_.now(), settings->routes, settings->channels, makeId};
    if (overview_.size() >= leastFleet) context.groupWait = settings->checks.groupWait;
    context.mutedUntil = [&](const RouteSubject& subject) { return mutes_.until(subject, context.now); };
    context.allCheckedSince = [&](TimePoint since) { return overview_.allCheckedSince(since); };
    context.aboutIgnored = [&](const std::string& rule) { return rules_.about(rule); };
    return work(context);
}

bool Teller::decide(const Trouble& trouble, const Decide& decide) {
    const auto decision = store_.decide(trouble.kind, trouble.subject, decide);
    if (!decision) {
        log::error("an incident could not be written",
                   {{"code", decision.error().code}, {"reason", decision.error().message}});
        return false;
    }
    for (const auto& incident : decision->incidents) note(incident);
    if (!decision->deliveries.empty()) wake_();
    return true;
}

bool Teller::open(const Trouble& trouble) {
    if (mutes_.until(subjectOf(trouble), clock_.now())) return false;
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
    const auto next = store_.nextWaiting();
    if (!next || !*next || **next > clock_.now() + settings_.get()->checks.groupWait) return;
    const auto decision = store_.place([&](const Memory& memory) {
        return with([&](const TellContext& context) { return driftkeeper::tellWaiting(memory, context); });
    });
    if (!decision) {
        log::error("what waited could not be told",
                   {{"code", decision.error().code}, {"reason", decision.error().message}});
        return;
    }
    for (const auto& incident : decision->incidents) note(incident);
    if (!decision->deliveries.empty()) wake_();
}

}  // namespace driftkeeper
