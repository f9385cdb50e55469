#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/model/estate.hpp"

namespace driftkeeper {

// One real thing that several stacks manage: each will undo what the others apply.
struct DualOwnership {
    std::string identity;
    std::vector<Claim> owners;  // one a stack, in order of names; at least two
    bool confirmed = false;     // every owner was looked at after all of them had claimed it
};

// Which claims are real. Left out: names that are unique only within an account, parts that bear
// the name of the whole, stacks that read one and the same Terraform state, and two providers that
// watch one cluster from one repository (a reconciler and what it applies). What moves from one
// stack to another is claimed by both until the first one is looked at again: that is what
// confirmation is for.
std::vector<DualOwnership> dualOwnerships(const Claims& claims);

// The Terraform states that several stacks write, each with its key as identity: an apply of one
// destroys what the others made. `since`: when each key was seen first; a key that is not there
// was not. What moves from one folder to another is in both until the first one is looked at again.
std::vector<DualOwnership> sharedStates(const Claims& claims,
                                        const std::map<std::string, TimePoint>& since);
bool isSharedState(const DualOwnership& one) noexcept;

// By id, the stacks whose next look confirms or ends something, and the claim that it must come
// after.
std::map<std::string, TimePoint> stacksToConfirm(const std::vector<DualOwnership>& ownerships);

}  // namespace driftkeeper
