#pragma once

#include "parsers/json/json.hpp"

namespace driftkeeper::cloudformation {

// What `aws cloudformation package` and SAM put in the place of a path into the repository: a path
// in Git, and an object in S3 (or an image) in what was deployed.
bool isPackaged(const Json& git, const Json& deployed);

}  // namespace driftkeeper::cloudformation
