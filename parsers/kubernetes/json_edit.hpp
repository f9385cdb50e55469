#pragma once

#include <string>
#include <string_view>

#include "parsers/json/json.hpp"

// Changing JSON values in place. Members stay sorted.
namespace driftkeeper::kubernetes {

// The member of an object; nullptr: it has none of that name, or is none.
Json* find(Json& object, std::string_view key) noexcept;

void put(Json& object, std::string_view key, Json value);  // adds or replaces
void erase(Json& object, std::string_view key);            // what is not there stays away

Json emptyObject();
Json stringOf(std::string text);

// Nothing: not there, null, {} or [].
bool isEmpty(const Json& value) noexcept;

}  // namespace driftkeeper::kubernetes
