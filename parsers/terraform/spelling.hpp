#pragma once

#include <string_view>

#include "parsers/json/json.hpp"

namespace driftkeeper::terraform {

// null, "", 0, false, [] or {}: what older providers read back for what is not set.
bool isZero(const Json& value) noexcept;

// True when two values are one value in two spellings:
//   - one is null and the other zero (a member that is not there at all is no null: a map has one
//   key more);
//   - both are strings that hold the same JSON object or list (document.hpp).
// Values that are equal anyway are.
bool isSameInAnotherSpelling(const Json& a, const Json& b);

// True when both are lists with the same elements, whatever their order.
bool isReordering(const Json& a, const Json& b);

// True when `git` becomes `live` once the path `place` in it is another absolute path, everywhere
// the same one: somebody planned in another folder.
bool isElsewhere(const Json& live, const Json& git, std::string_view place);

}  // namespace driftkeeper::terraform
