#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/graph/resource_graph.hpp"
#include "parsers/json/remembered_values.hpp"
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
// on one that only OpenTofu can read, with its keys. An empty text is an empty state. `values`:
// when given, what the managed instances hold is added.
Result<State> parseState(std::string_view text, const ValueTags& tags,
                         RememberedValues* values = nullptr);

// The two states inside a plan file: before the refresh (as stored) and after it.
struct PlanFileStates {
    State before;
    State after;
    std::string afterTag{};     // of the second one's text, when values are remembered
    RememberedValues values{};  // of the second one; none when it is the known one
    std::string beforeText{};   // kept when asked for
    std::string afterText{};
};

// `bytes`: the whole plan file (a zip; members `tfstate-prev` and `tfstate`). `invalid_plan_file`
// (Report) otherwise. At most 512 MiB are unpacked a member. `knownTag`: the values
// are remembered, unless this is the tag of the text that holds them; nullopt: they are not.
enum class StateTexts { Dropped, Kept };
Result<PlanFileStates> readPlanFileStates(std::string_view bytes, const ValueTags& tags,
                                          std::optional<std::string_view> knownTag = {},
                                          StateTexts texts = StateTexts::Dropped);

}  // namespace driftkeeper::terraform
