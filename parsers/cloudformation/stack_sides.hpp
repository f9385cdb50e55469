#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "parsers/cloudformation/answers.hpp"
#include "parsers/cloudformation/functions.hpp"
#include "parsers/cloudformation/template.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper::cloudformation {

// One deployed stack and what Git asks for in its place.
struct StackSides {
    std::string prefix;  // of its addresses: empty, or Child/Grandchild/
    StackDescription stack;
    std::vector<StackResource> resources;
    std::vector<ResourceDrift> checked;  // by the drift detection
    Template deployed;
    Template git;  // the deployed one where Git does not hold it
    std::map<std::string, std::string>
        gitParameters;  // that Git gives; others keep the deployed value
    std::optional<std::map<std::string, std::string>>
        tags;  // that Git gives; nullopt: it says nothing of tags
};

// How a resource of the drift detection counts. DELETED for want of a permission is Unreadable,
// where the CLI hands the reason on (2.9.19 does not).
enum class Seen { Checked, Unsupported, Unreadable };
Seen seen(const ResourceDrift& drift) noexcept;

// By the resources of one stack, also those that the detection never names: they are unsupported.
Coverage coverageOf(const StackSides& sides);

// What the functions of the deployed template, and of Git's, are worked out with.
Surroundings deployedSurroundings(const StackSides& sides);
Surroundings gitSurroundings(const StackSides& sides);

}  // namespace driftkeeper::cloudformation
