#pragma once

#include <vector>

#include "daemon/alert/decide/incidents.hpp"
#include "daemon/alert/decide/routes.hpp"
#include "daemon/contract/notice.hpp"

namespace driftkeeper {

// The routes that want `subject`; when none does, one without channels: an incident that is listed
// and sent to nobody.
std::vector<Route> routesOrNone(const AlertContext& context, const RouteSubject& subject);

// What a route is matched against for anything that is about one stack.
RouteSubject subjectOf(const Stack& stack);
RouteSubject subjectOf(const Stack& stack, const Drift& drift);

// A route asks for a reminder, the incident was last announced that long ago, and a channel is
// there to hear it.
bool isReminderDue(const Incident& incident, const AlertContext& context);

// Adds the incident to the decision, and `notice` as one delivery for each of its channels that the
// settings still have, as its route wants it: without values, without the end. Fills in what the
// notice says of the incident; subject, text, resolution, stacks and addresses are the caller's.
void announce(Decision& decision, Incident incident, Event event, Notice notice,
              const AlertContext& context);

}  // namespace driftkeeper
