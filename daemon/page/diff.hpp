#pragma once

#include <vector>

#include "daemon/page/html.hpp"
#include "parsers/graph/drift.hpp"

namespace driftkeeper::page {

// What Git asks for and what is live, side by side, an attribute a row: texts of several lines and
// JSON line by line, the part that differs marked, secrets as "sensitive, changed". Nothing for no
// attributes.
Html diffOf(const std::vector<AttributeDrift>& attributes);

}  // namespace driftkeeper::page
