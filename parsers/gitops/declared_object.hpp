#pragma once

#include <map>
#include <string>

#include "parsers/gitops/custom_resource.hpp"
#include "parsers/gitops/divergences.hpp"
#include "parsers/gitops/ignore_rules.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::gitops {

// What Git asked for at the last look that found everything in sync: address -> digest. nullptr:
// there was none.
using Rendered = std::map<std::string, std::string>;

// Compares an object that Git declares with the live one (nullptr: there is none). What is gone and
// was there at the last clean look was deleted live. A field that differs is live's when somebody
// else than what applies Git wrote it, or when Git has not changed since the last clean look;
// otherwise it waits to be applied. A field that Git leaves open is live's when somebody wrote it
// who is neither what applies Git nor a controller, or when it stops the reconciler; nobody knows
// of the others whether they are defaults. What `ignored` covers is noise.
void compareDeclared(const Json& declared, const Json* live, const ObjectName& name,
                     const Rendered* lastClean, const ValueTags& tags, Divergences& divergences,
                     const IgnoreRules& ignored = {});

}  // namespace driftkeeper::gitops
