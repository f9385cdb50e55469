#pragma once

#include <string_view>

#include "parsers/terraform/planned_object.hpp"

namespace driftkeeper::terraform {

// Whether time alone is why an object is gone, or is to be made again: what its provider documents
// so. `now`: when the plan was made, RFC 3339 in UTC; empty: not known, which proves nothing.
bool isExpired(const PlannedObject& object, std::string_view now);

}  // namespace driftkeeper::terraform
