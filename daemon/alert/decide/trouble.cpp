#include <algorithm>

#include "daemon/alert/decide/announce.hpp"
#include "daemon/alert/decide/incident_updates.hpp"

namespace driftkeeper {
namespace {

bool isAbout(const Incident& incident, const Trouble& trouble) {
    return incident.isOpen() && incident.kind == trouble.kind &&
           incident.subject == trouble.subject;
}

// Of all of its subjects, each once; the one without channels only when no subject has another.
std::vector<Route> routesOf(const Trouble& trouble, const AlertContext& context) {
    std::vector<Route> routes;
    for (const auto& subject : subjectsOf(trouble))
        for (auto& route : routesFor(context.routes, context.channels, subject))
            if (std::ranges::find(routes, route.key, &Route::key) == routes.end())
                routes.push_back(std::move(route));
    return routes.empty() ? routesOrNone(context, subjectsOf(trouble).front()) : routes;
}

// The routes without the channel that must not be used. A broken channel must not keep quiet about
// itself: when nothing else is left, every other channel hears of it.
std::vector<Route> routesAround(const Trouble& trouble, const AlertContext& context) {
    auto routes = routesOf(trouble, context);
    if (trouble.notThrough.empty()) return routes;
    for (auto& route : routes) std::erase(route.channels, trouble.notThrough);
    std::erase_if(routes, [](const Route& route) { return route.channels.empty(); });
    if (!routes.empty()) return routes;
    Route others{"others", {}};
    for (const auto& channel : context.channels)
        if (channel.name != trouble.notThrough) others.channels.push_back(channel.name);
    return {others};
}

Notice noticeOf(const Trouble& trouble) {
    Notice notice;
    notice.subject = trouble.shownName;
    notice.text = trouble.text;
    for (const auto& stack : trouble.stacks) notice.stacks.push_back(stackObject(stack));
    return notice;
}

// A trouble that is remembered, as far as a reminder needs it.
Trouble troubleOf(const Incident& incident, const std::vector<StackStatus>& stacks) {
    Trouble trouble;
    trouble.kind = incident.kind;
    trouble.subject = trouble.shownName = incident.subject;
    trouble.cause = incident.cause;
    trouble.text = incident.text;
    for (const auto& status : stacks) {
        if (status.stack.id != incident.subject) continue;
        trouble.shownName = status.stack.fullName();
        trouble.stacks = {status};
    }
    return trouble;
}

}  // namespace

std::vector<RouteSubject> subjectsOf(const Trouble& trouble) {
    std::vector<RouteSubject> subjects;
    for (const auto& status : trouble.stacks) subjects.push_back(subjectOf(status.stack));
    if (subjects.empty()) subjects.emplace_back();
    for (auto& subject : subjects) {
        subject.kind = trouble.kind;
        subject.severity = Severity::Warning;
        if (trouble.kind == IncidentKind::Repository) subject.repository = trouble.shownName;
    }
    return subjects;
}

bool isMuted(const Trouble& trouble, const AlertContext& context) {
    return context.mutedUntil &&
           std::ranges::all_of(subjectsOf(trouble), [&](const RouteSubject& subject) {
               return context.mutedUntil(subject).has_value();
           });
}

Decision openTrouble(const Memory& memory, const Trouble& trouble, const AlertContext& context) {
    Decision decision;
    if (std::ranges::any_of(memory.incidents,
                            [&](const Incident& one) { return isAbout(one, trouble); }))
        return decision;
    for (const auto& route : routesAround(trouble, context)) {
        Incident incident;
        incident.id = context.makeId();
        incident.kind = trouble.kind;
        incident.cause = trouble.cause;
        incident.subject = trouble.subject;
        incident.route = route.key;
        incident.channels = route.channels;
        incident.opened = context.now;
        incident.text = trouble.text;
        announce(decision, incident, Event::Opened, noticeOf(trouble), context);
    }
    return decision;
}

Decision closeTrouble(const Memory& memory, const Trouble& trouble, const std::string& resolution,
                      const AlertContext& context) {
    Decision decision;
    for (auto incident : memory.incidents) {
        if (!isAbout(incident, trouble)) continue;
        incident.closed = context.now;
        auto notice = noticeOf(trouble);
        if (notice.text.empty()) notice.text = incident.text;
        notice.resolution = resolution;
        announce(decision, incident, Event::Resolved, std::move(notice), context);
    }
    return decision;
}

Decision remindersDue(const Memory& memory, const AlertContext& context) {
    Decision decision;
    const auto stacks = memory.others();
    IncidentUpdates(memory, stacks, context).remind(decision);
    for (const auto& incident : memory.incidents) {
        if (!incident.isOpen() || incident.kind == IncidentKind::Drift ||
            !isReminderDue(incident, context))
            continue;
        const Trouble trouble = troubleOf(incident, stacks);
        if (isMuted(trouble, context)) continue;
        announce(decision, incident, Event::Reminder, noticeOf(trouble), context);
    }
    return decision;
}

}  // namespace driftkeeper
