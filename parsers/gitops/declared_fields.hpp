#pragma once

#include <string>
#include <vector>

#include "parsers/gitops/field_owners.hpp"
#include "parsers/graph/drift.hpp"
#include "parsers/json/value_tags.hpp"

namespace driftkeeper::gitops {

// One field that Git declares and that the live object has otherwise.
struct FieldDifference {
    FieldPath path;
    AttributeDrift attribute;
};

// Every declared field of spec, metadata.labels and metadata.annotations that differs. What the
// live object has beyond that is not looked at. Lengths of time are compared as such (5m is 5m0s);
// a text with ${…} is left out, because it is replaced before it is applied. Below values,
// valuesObject, parameters, patches, postBuild and other places where secrets are given, and where
// a name looks secret, values are replaced by tags.
std::vector<FieldDifference> differencesOf(const Json& declared, const Json& live,
                                           const ValueTags& tags);

// Every field of spec that the live object has and Git leaves open, the topmost only, also inside
// of the items of lists; without empty lists and what is false, unless that switches something off.
// Labels and annotations, too, as far as they tell a reconciler what to do with the object.
std::vector<FieldDifference> openFieldsOf(const Json& declared, const Json& live,
                                          const ValueTags& tags);

// A tag of all that is compared.
std::string digestOf(const Json& declared, const ValueTags& tags);

}  // namespace driftkeeper::gitops
