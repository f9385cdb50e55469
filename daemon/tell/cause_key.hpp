#pragma once

#include <optional>
#include <string>

#include "daemon/model/memory.hpp"

namespace driftkeeper {

// What drifts of several stacks may have in common.
struct CauseKey {
    std::string cause;    // provider_upgrade, same_change, module_change
    std::string subject;  // which one, for people: box_item: tags.Owner (#7f3a10c2)
    auto operator<=>(const CauseKey&) const = default;
};

// Pure. `status` is the finding's stack.
//   provider_upgrade  the provider and its new version
//   module_change     asked for by Git inside a module: the module's name and the commit
//   same_change       a modification: the resource type, and every attribute that differs with its new value (which the
//                     subject does not tell: a channel may hide values)
// nullopt: nothing that another stack could share (deletions, creations, conflicts).
std::optional<CauseKey> causeKey(const Finding& finding, const StackStatus& status);

}  // namespace driftkeeper
