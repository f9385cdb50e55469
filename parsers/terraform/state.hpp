#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "parsers/graph/resource_graph.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/result.hpp"

namespace driftkeeper::terraform {

// A state, version 4 (`state pull`, terraform.tfstate, the members of a plan file), without its
// values.
struct State {
    std::string lineage;
    std::uint64_t serial = 0;
    std::string terraformVersion;
    // Managed, current instances with their identities; edges from `dependencies`, needs from the
    // identities of data sources among them.
    ResourceGraph graph;
    // Data source instances by address -> tag of their attributes: a changed tag is a new answer.
    std::map<std::string, std::string> dataSources;
};

// `invalid_state` (Report) on anything that is no state of version 4; `encrypted_state` (FixSetup)
// on one that only OpenTofu can read, with its keys. An empty text is an empty state.
Result<State> parseState(std::string_view text, const ValueTags& tags);

// The two states inside a plan file: before the refresh (as stored) and after it.
struct PlanFileStates {
    State before;
    State after;
};

// `bytes`: the whole plan file (a zip; members `tfstate-prev` and `tfstate`). `invalid_plan_file`
// (Report) otherwise. At most 512 MiB are unpacked a member.
Result<PlanFileStates> readPlanFileStates(std::string_view bytes, const ValueTags& tags);

}  // namespace driftkeeper::terraform
