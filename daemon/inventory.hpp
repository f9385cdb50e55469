#pragma once

#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/terraform/configuration.hpp"

namespace driftkeeper {

// The stacks of one repository at one commit, by full name.
struct Inventory {
    std::vector<Stack> stacks;   // ids are empty
    std::vector<Stack> missing;  // named in the settings, and their folder is not in the tree
};

// What discovery finds, less what the globs leave out, overridden and extended by the settings. Pure.
Inventory inventoryOf(const RepositorySettings& repository, const CheckSettings& checks,
                      const std::vector<terraform::SourceFile>& files);

}  // namespace driftkeeper
