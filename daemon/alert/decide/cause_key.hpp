#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/memory.hpp"
#include "parsers/graph/cause.hpp"

namespace driftkeeper {

// What drifts of several stacks may have in common.
struct CauseKey {
    std::string cause;    // one of causesByRank
    std::string subject;  // which one, for people: box_item: tags.Owner (#7f3a10c2)
    auto operator<=>(const CauseKey&) const = default;
};

// What explains more comes first.
inline constexpr std::array<std::string_view, 4> causesByRank = {
    cause::providerUpgrade, "module_change", "same_change", "same_actor"};

// What may be behind a finding, at most one of each; empty: nothing that another stack could share.
// Pure. `status` is the finding's stack.
//   provider_upgrade  the provider and its new version
//   module_change     asked for by Git inside a module: the module's name and the commit
//   same_change       a modification: the resource type, and every attribute that differs with its
//                     new value, whose times and UUIDs may differ (the subject does not show
//                     values: a channel may hide them)
//   same_actor        asked for by Git and not applied yet: the commit that last touched the
//   stack's files, its author
std::vector<CauseKey> causeKeys(const Finding& finding, const StackStatus& status);

}  // namespace driftkeeper
