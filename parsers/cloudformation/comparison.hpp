#pragma once

#include "parsers/json/json.hpp"

namespace driftkeeper::cloudformation {

// One value as three see it.
struct Sides {
    Json state;  // what was last deployed
    Json live;   // what is there
    Json git;    // what Git asks for
};

// Brings four values together: the deployed template's and Git's, both with their functions worked
// out as far as that goes, and what the drift check expects and found, where no function is left.
// Where the templates say the same, Git asks for what is expected. What the drift check does not
// cover is taken from the templates, as not drifted.
Sides sidesOf(const Json& deployed, const Json& git, const Json& expected, const Json& live);

}  // namespace driftkeeper::cloudformation
