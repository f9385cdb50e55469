#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsers/gitops/ignore_rules.hpp"
#include "parsers/graph/drift.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/kubernetes/object.hpp"

// From what Git asks for and what is live to drifts: what differs, who moved, and which of it is
// noise. Every difference leaves as a drift; noise has its own cause.
namespace driftkeeper::kubernetes {

// Whether Git asks for something else than at the last in_sync look; unknown without one.
enum class GitSince { Unchanged, Changed, Unknown };

struct Comparison {
    const Object& git;  // as rendered
    const Object& live;
    const Object* applied =
        nullptr;  // what the server would make of it; nullptr: not known, manifest fields only
    std::string manager;  // who applies, for field ownership
    GitSince gitSince = GitSince::Unknown;
    bool isAutoscaled = false;  // an autoscaler targets it
    const Object* created =
        nullptr;  // what the server makes of Git's object where there is none; nullptr: not known
    const gitops::IgnoreRules* ignored =
        nullptr;  // what its reconciler was asked to leave alone; nullptr: nothing
};

// The drifts of one object that is there, the real one first, then one for each cause of noise;
// none when live is what Git asks for.
std::vector<Drift> compare(const Comparison& comparison, const ValueTags& tags);

// True where a drift of `live` is about a field that Git leaves open: `created` would say whether
// it is a default of the server.
bool mayBeDefaults(const std::vector<Drift>& drifts, const Object& live);

// An object that Git asks for is being deleted: it is there until its finalizers are done.
Drift leaving(const Object& live);
bool isLeaving(const Object& live);

// Git asks for an object that is not there. `wasThere`: at the last in_sync look.
Drift missing(const Object& git, bool wasThere, GitSince gitSince);

// An object is there that Git asked for at the last in_sync look, and does not any more.
Drift removedFromGit(const Object& live);

// An object is there that Git never asked for, where only Git should.
Drift unmanaged(const Object& live);

}  // namespace driftkeeper::kubernetes
