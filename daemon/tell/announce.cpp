#include "daemon/tell/announce.hpp"

#include <algorithm>

namespace driftkeeper {

std::vector<Route> routesOrNone(const TellContext& context, const RouteSubject& subject) {
    auto routes = routesFor(context.routes, context.channels, subject);
    if (routes.empty()) routes.push_back({"none", {}});
    return routes;
}

RouteSubject subjectOf(const Stack& stack) {
    RouteSubject subject;
    subject.repository = stack.repository;
    subject.stack = stack.fullName();
    subject.provider = stack.provider;
    subject.owner = stack.owner;
    return subject;
}

RouteSubject subjectOf(const Stack& stack, const Drift& drift) {
    auto subject = subjectOf(stack);
    subject.type = drift.type;
    subject.side = drift.side;
    subject.change = drift.change;
    subject.severity = drift.severity;
    return subject;
}

void announce(Decision& decision, const Incident& incident, Event event, Notice notice, const TellContext& context) {
    notice.event = event;
    notice.incidentId = incident.id;
    notice.kind = incident.kind;
    notice.cause = incident.cause;
    notice.opened = incident.opened;
    decision.incidents.push_back(incident);
    for (const auto& channel : context.channels) {
        if (std::ranges::find(incident.channels, channel.name) == incident.channels.end()) continue;
        Delivery delivery;
        delivery.id = notice.id = context.makeId();
        delivery.incidentId = incident.id;
        delivery.channel = channel.name;
        delivery.event = event;
        delivery.notice = noticeJson(notice);
        delivery.created = delivery.nextAttempt = context.now;
        decision.deliveries.push_back(std::move(delivery));
    }
}

}  // namespace driftkeeper
