#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/overview.hpp"
#include "daemon/present/stack_object.hpp"

namespace driftkeeper {

// The status page: plain HTML without scripts or outside assets, light and dark, refreshed by the browser. Pure.
std::string statusPage(const std::vector<StackObject>& stacks,
                       const std::map<std::string, RepositoryLine>& repositories, TimePoint now);

}  // namespace driftkeeper
