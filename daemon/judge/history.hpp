#pragma once

#include <optional>
#include <string>

#include "daemon/model/check.hpp"
#include "daemon/model/memory.hpp"

namespace driftkeeper {

// Gives the drifts of `check` the causes that only earlier looks can tell. Pure; called once for
// each look, before severities and ignore rules.
//
// `previous`: the last look at the stack that did not fail; its drifts count whether they were told
// or not. nullptr: none is remembered. `clean`: the last look that was in sync; nullptr: there was
// none.
//
// perpetual: Git's side, modified, unapplied_commit, and the previous look saw the same at this
// address (or where it was
//   before a `moved`), from the same files; the state has the same lineage and a greater serial,
//   and where Git asks for something live is not what it was: so this resource was applied in
//   between, and the difference is back. It stays perpetual in every look at the same files,
//   applied again or not. Files whose digest is not known are never the same.
// provider_upgrade: modified, another version of the resource's provider than in the clean look,
// and every attribute
//   that differs is one that was not there before: without a value in Git (live side: what the
//   provider reads now) or without a value live (git side: what it would set now). Never what would
//   replace the resource, never noise.
void settleByHistory(Check& check, const Check* previous, const CleanCheck* clean);

// The sentence for `state_lost`: the state is empty or another one than at the look before, and
// most of what Git asks for is not in it, although nobody destroyed it. Such a look says nothing
// about what is live. nullopt: it is the state that it was, or a new one that holds what it should.
std::optional<std::string> stateLost(const Report& report, const Check* previous,
                                     const CleanCheck* clean);

}  // namespace driftkeeper
