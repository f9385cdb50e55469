#include "daemon/alert/decide/announce.hpp"

#include <algorithm>

namespace driftkeeper {

std::vector<Route> routesOrNone(const AlertContext& context, const RouteSubject& subject) {
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
    subject.codeOwners = stack.codeOwners;
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

bool isReminderDue(const Incident& incident, const AlertContext& context) {
    const auto* route = routeOf(context.routes, incident.route);
    const bool isDue = route != nullptr && route->repeatEvery &&
                       context.now - incident.announcedAt >= *route->repeatEvery;
    return isDue && std::ranges::any_of(context.channels, [&](const ChannelSettings& channel) {
               return std::ranges::find(incident.channels, channel.name) != incident.channels.end();
           });
}

void announce(Decision& decision, Incident incident, Event event, Notice notice,
              const AlertContext& context) {
    incident.announcedAt = context.now;
    decision.incidents.push_back(incident);
    const auto* route = routeOf(context.routes, incident.route);
    if (event == Event::Resolved && route != nullptr && !route->notifiesEnd) return;
    if (route != nullptr && !route->showValues) notice = withoutValues(std::move(notice));
    notice.event = event;
    notice.incidentId = incident.id;
    notice.kind = incident.kind;
    notice.cause = incident.cause;
    notice.opened = incident.opened;
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
