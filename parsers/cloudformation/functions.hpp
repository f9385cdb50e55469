#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/cloudformation/template.hpp"

// The intrinsic functions of templates. AWS CloudFormation Template Reference, "Intrinsic
// functions" (2026-01).
namespace driftkeeper::cloudformation {

// What the functions of one template can be worked out with.
struct Surroundings {
    std::map<std::string, std::string>
        parameters;  // by name; those with NoEcho are never among them
    std::map<std::string, std::string> physicalIds;  // by logical id: what Ref mostly gives
    std::string stackName;
    std::string stackId;  // the ARN that region, account and partition come from
};

// Works out what can be known without asking anybody: Ref, Sub, Join, Split, Select, If and
// conditions, FindInMap, Base64. What cannot be known stays in its long form. For one thread; both
// arguments outlive it.
class Functions {
public:
    Functions(const Template& source, const Surroundings& surroundings)
        : template_(source), around_(surroundings) {}

    // Null where the value is AWS::NoValue.
    [[nodiscard]] Json resolved(const Json& value) const { return resolve(value, 0); }

    // nullopt: it cannot be told. The empty name is true.
    [[nodiscard]] std::optional<bool> condition(std::string_view name) const {
        return named(name, 0);
    }

private:
    [[nodiscard]] Json resolve(const Json& value, int depth) const;
    [[nodiscard]] Json call(std::string_view function, const Json& argument, int depth) const;
    [[nodiscard]] std::optional<bool> named(std::string_view name, int depth) const;
    [[nodiscard]] std::optional<bool> decide(const Json& condition, int depth) const;
    [[nodiscard]] std::optional<bool> decideAll(const Json& list, bool neutral, int depth) const;
    [[nodiscard]] std::optional<Json> reference(std::string_view name) const;
    [[nodiscard]] std::optional<std::string> pseudo(std::string_view name) const;
    [[nodiscard]] Json substitute(const Json& argument, int depth) const;
    [[nodiscard]] Json choose(const Json& argument, int depth) const;

    const Template& template_;
    const Surroundings& around_;
    mutable std::map<std::string, std::optional<bool>, std::less<>>
        decided_;  // conditions, also one being decided
};

// Parameters and resources that a value names by Ref, Fn::GetAtt and Fn::Sub, and those behind the
// conditions of its Fn::If.
std::set<std::string> namesIn(const Json& value, const Json& conditions);

// The arguments of each Fn::ImportValue in a value.
std::vector<Json> importsIn(const Json& value);

// arn:PARTITION:SERVICE:REGION:ACCOUNT:…; empty for what is no ARN.
std::string_view arnPart(std::string_view arn, std::size_t index) noexcept;

}  // namespace driftkeeper::cloudformation
