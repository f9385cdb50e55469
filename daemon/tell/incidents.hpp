#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/judge/reconcile.hpp"
#include "daemon/model/memory.hpp"
#include "daemon/model/settings.hpp"

namespace driftkeeper {

// What telling needs to know of the world. Pure values and one source of fresh uuids.
struct TellContext {
    TimePoint now{};
    const std::vector<RouteSettings>& routes;
    const std::vector<ChannelSettings>& channels;
    const std::function<std::string()>& makeId;
};

// Who must know what a check changed. Puts opened findings into the incident of their route (one open drift incident per
// stack and route; all baselines of a repository in one per route), tells `changed` when a set of addresses, a side, a
// change or the highest severity of an incident changed, and `resolved` when its last member closed. One delivery per
// incident, event and channel. `status` is the stack as it is after the check (told findings, last = this check).
Decision tellDrifts(const Memory& memory, const Reconciled& reconciled, const StackStatus& status,
                    const TellContext& context);

// A stack, repository or channel in trouble (stale, repository, orphaned, channel, overload): at most one open incident per
// kind, subject and route. `text` is one redacted sentence. Already open: nothing.
struct Trouble {
    IncidentKind kind = IncidentKind::Stale;
    std::string subject;    // stack id, repository name, channel name; "driftkeeper" for overload
    std::string shownName;  // for people
    std::string cause;      // reason code
    std::string text;
    std::vector<StackStatus> stacks;  // 0 or 1: what the notice shows
    std::string notThrough;           // a channel that must not be used (the broken one itself)
};
Decision openTrouble(const Memory& memory, const Trouble& trouble, const TellContext& context);

// Resolves what openTrouble opened for the kind and subject, through the channels that were told; nothing open: nothing.
Decision closeTrouble(const Memory& memory, const Trouble& trouble, const std::string& resolution,
                      const TellContext& context);

}  // namespace driftkeeper
