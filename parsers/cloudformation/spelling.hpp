#pragma once

#include <string_view>

#include "parsers/json/json.hpp"

namespace driftkeeper::cloudformation {

// True when two values of the property `name` are one value in two spellings, at any depth:
//   - 80 and "80", true and "true";
//   - an empty list or object and none at all;
//   - two ARNs that differ in case only;
//   - a list whose order says nothing (security groups, subnets, tags, and what is a set in an IAM
//   policy), reordered;
//   - one text and a list of that text alone, where IAM takes both;
//   - a JSON text and the value in it, or two JSON texts of the same value.
// Values that are equal anyway are.
bool isSameInAnotherSpelling(const Json& a, const Json& b, std::string_view name);

// What `aws cloudformation package` and SAM put in the place of a path into the repository: a path
// in Git, and an object in S3 (or an image) in what was deployed.
bool isPackaged(const Json& git, const Json& deployed);

}  // namespace driftkeeper::cloudformation
