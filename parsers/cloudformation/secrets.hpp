#pragma once

#include <set>
#include <string>
#include <string_view>

#include "parsers/json/json.hpp"

// What of a property must neither be shown nor compared.
namespace driftkeeper::cloudformation {

// A mask of the shape of `value`, true where the template makes it secret: what NoEcho parameters
// (`hidden`) or dynamic references ({{resolve:…}}) give, and what CloudFormation itself hides
// behind asterisks. Null: nothing is.
Json secretMask(const Json& value, const std::set<std::string>& hidden);

// `live` with what cannot be compared replaced by what is expected there: where CloudFormation
// shows asterisks, or a dynamic reference, on either side.
Json comparable(const Json& expected, const Json& live);

// {Key: a, Value: b} lists, whose order says nothing, as objects {a: b}, at any depth; Name/Value
// lists too. A list with a name twice, or with a name that is no plain text, stays as it is.
Json keyed(const Json& value);

}  // namespace driftkeeper::cloudformation
