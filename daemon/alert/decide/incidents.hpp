#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/alert/decide/routes.hpp"
#include "daemon/judge/reconcile.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/model/settings.hpp"

namespace driftkeeper {

// What alerting needs to know of the world. Pure values and one source of fresh uuids.
struct AlertContext {
    TimePoint now{};
    const std::vector<RouteSettings>& routes;
    const std::vector<ChannelSettings>& channels;
    const std::function<std::string()>& makeId;
    Seconds groupWait{0};  // how long what may have a cause in common waits for the others, where
                           // no route says otherwise; 0: not at all
    bool mayGroup = true;  // false: too few stacks for a cause in common, nothing waits for others
    // When the mute ends that keeps a subject quiet; nullopt or no function: nothing does.
    std::function<std::optional<TimePoint>(const RouteSubject&)> mutedUntil = {};
    // True when every stack was looked at since then: whatever shares a cause has shown.
    std::function<bool(TimePoint)> allCheckedSince = {};
    // One sentence on the rule of that name, for what it now hides.
    std::function<std::string(const std::string&)> aboutIgnored = {};
};

// Who must know what a check changed. What opens waits first, when it may have a cause in common
// with other stacks or is muted (Finding::deferredUntil: alertWaiting() takes it from there). The
// rest goes into the incident of its route (one open drift incident per stack and route; all
// baselines of a repository in one per route). Notifies `changed` when a set of addresses, a side,
// a change or the highest severity of an incident changed, and `resolved` when its last member
// closed. One delivery per incident, event and channel; none for a channel that the settings no
// longer have. A finding that moved is alerted as its new address opened and its old one resolved
// (`moved`). What no route wants gets an incident without channels: listed, not sent. `status` is
// the stack as it is after the check (confirmed findings, last = this check). The decision holds
// the findings of `reconciled` too: it is all that has to be written.
Decision alertDrifts(const Memory& memory, const Reconciled& reconciled, const StackStatus& status,
                     const AlertContext& context);

// Who must know of the findings that waited, once their time is over (memory of Store::place).
// Those of three or more stacks with one cause become one incident per route, named after it, and
// later ones join it; the others go where alertDrifts would have put them. Also notifies the
// changes that a mute held back. A mute that still lasts holds on.
Decision alertWaiting(const Memory& memory, const AlertContext& context);

// Reminds of the open incidents whose route says so and that nobody heard of for that long (memory
// of Store::remind). What is muted is not repeated.
Decision remindersDue(const Memory& memory, const AlertContext& context);

// A stack, repository or channel in trouble (stale, repository, orphaned, channel, overload,
// reconciler), or several stacks that get in each other's way (ownership).
struct Trouble {
    IncidentKind kind = IncidentKind::Stale;
    std::string subject;    // stack id, repository name, channel name; "driftkeeper" for overload;
                            // what is owned twice, or who shares
    std::string shownName;  // for people
    std::string cause;      // reason code
    std::string text;       // one redacted sentence
    std::vector<StackStatus> stacks;  // what the notice shows, and whose routes hear of it
    std::string notThrough;           // a channel that must not be used (the broken one itself)
};

// What routes and mutes are matched against for it: one for each of its stacks, or one without a
// stack.
std::vector<RouteSubject> subjectsOf(const Trouble& trouble);

// Every one of its subjects is muted.
bool isMuted(const Trouble& trouble, const AlertContext& context);

// One incident per route, with severity warning; a route that asks for a side, a change or a type
// never matches. An open incident of the same kind and subject: nothing. When every route leads
// through `notThrough` alone: all other channels.
Decision openTrouble(const Memory& memory, const Trouble& trouble, const AlertContext& context);

// Resolves what openTrouble opened for the kind and subject, through the channels that were
// notified; nothing open: nothing. `trouble.text` is what people read now; empty: the sentence of
// the opening.
Decision closeTrouble(const Memory& memory, const Trouble& trouble, const std::string& resolution,
                      const AlertContext& context);

}  // namespace driftkeeper
