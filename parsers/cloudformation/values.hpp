#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/result.hpp"

// JSON values as templates and answers hold them.
namespace driftkeeper::cloudformation {

using Members = std::map<std::string, Json>;

Json textValue(std::string_view text);
Json listOf(std::vector<Json> items);
Json objectOf(Members members);  // members that are null are left out

// A JSON text, or a YAML text with the short forms of the intrinsic functions, as one value in the
// long form: !Ref X is
// {"Ref": X}, !GetAtt A.B is {"Fn::GetAtt": ["A", "B"]}, !Sub X is {"Fn::Sub": X}. Plain scalars
// are what YAML 1.1 says (yes is true), which is what CloudFormation reads; dates stay texts. Fails
// with `broken_template` (Report), its message says where and why and repeats nothing but keys.
Result<Json> readValue(std::string_view text);

// The only member of an object that has exactly one, such as {"Ref": "X"}; empty otherwise.
std::string_view functionName(const Json& value) noexcept;

}  // namespace driftkeeper::cloudformation
