#pragma once

#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/terraform/address.hpp"
#include "parsers/terraform/sensitivity.hpp"

namespace driftkeeper::terraform {

// One attribute leaf on which state, live and Git are not all equal. References point into what was
// compared.
struct AttributeDifference {
    AttributePath path;
    const Json* state = nullptr;
    const Json* live = nullptr;
    const Json* git = nullptr;  // meaningless when gitUnknown
    bool gitUnknown = false;
    bool sensitive = false;
    bool reordered = false;  // lists with the same elements in another order
};

// The leaves that differ, in order of their names. `unknown` has the shape of `git` with true where
// it is not known yet. Objects are compared member by member, lists of one length element by
// element, lists of different lengths after equal heads and tails are put aside; lists that are
// only reordered are one leaf. All arguments must outlive the result.
std::vector<AttributeDifference> attributeDifferences(const Json& state, const Json& live,
                                                      const Json& git, const Json& unknown,
                                                      const Sensitivity& sensitivity);

}  // namespace driftkeeper::terraform
