#pragma once

#include <optional>
#include <string_view>

#include "parsers/json/json.hpp"

// Two spellings of one value, for every provider: what services do to the documents that they are
// given (policies, settings) and hand back. Pure; never fails.
namespace driftkeeper {

// True when two values of the member `name` are one value in two spellings, at any depth:
//   - 80 and "80", true and "true";
//   - an empty list or object and none at all;
//   - two ARNs that differ in case only, but for those of S3, whose keys know case;
//   - a list whose order says nothing (security groups, subnets, tags, and what is a set in an IAM
//   policy: statements, actions, principals, conditions, bindings), reordered;
//   - one thing and a list of that thing alone, where IAM takes both;
//   - the principals "*" and {"AWS": "*"}, an account's number and the ARN of its root;
//   - a JSON text and the value in it, or two JSON texts of the same value.
// Values that are equal anyway are.
bool isSameDocument(const Json& a, const Json& b, std::string_view name = {});

// True when `read` holds everything that `asked` says, as it says it, and more: a settings document
// that the service completed with its defaults. Both are JSON texts. A list may have more of what
// is named (Id, Name, Key), and nothing else; a policy is never completed: more statements are more
// rights.
bool isCompletedDocument(const Json& asked, const Json& read);

// null, or a list or object without anything in it.
bool isNothing(const Json& value) noexcept;

// The object or list in a JSON text; nullopt for every other value.
std::optional<Json> documentIn(const Json& value);

}  // namespace driftkeeper
