#include "parsers/terragrunt/mixed_outputs.hpp"

#include <algorithm>

#include "parsers/hcl/hcl.hpp"
#include "parsers/json/json.hpp"
#include "parsers/terragrunt/printed_json.hpp"

namespace driftkeeper::terragrunt {
namespace {

constexpr int deepestMock = 16;

bool isObject(std::string_view expression) {
    return expression.starts_with('{');
}

// An object without readable members is not empty for sure: a `for` looks like one.
bool saysAll(std::string_view expression, std::size_t members) {
    return members > 0 || expression.find_first_not_of("{} \t\r\n") == std::string_view::npos;
}

bool holds(const Json& real, std::string_view mock, int depth) {
    if (!isObject(mock)) return true;
    const auto members = hcl::objectMembers(mock);
    if (depth > deepestMock || !saysAll(mock, members.size())) return false;
    return std::ranges::all_of(members, [&](const hcl::Attribute& member) {
        const bool isThere = std::ranges::find(real.keys, member.name) != real.keys.end();
        return isThere && holds(real[member.name], member.expression, depth + 1);
    });
}

}  // namespace

bool areAllReal(std::string_view mocks, std::string_view outputs) {
    const auto real = printedJson(outputs);
    if (!real || !isObject(mocks)) return false;
    const auto members = hcl::objectMembers(mocks);
    if (!saysAll(mocks, members.size())) return false;
    return std::ranges::all_of(members, [&](const hcl::Attribute& member) {
        const bool isThere = std::ranges::find(real->keys, member.name) != real->keys.end();
        return isThere && holds((*real)[member.name]["value"], member.expression, 0);
    });
}

}  // namespace driftkeeper::terragrunt
