#include "parsers/json/document.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "parsers/text/ascii.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostEachWithEach = 500;

// Lists in whose order services see nothing.
constexpr std::array<std::string_view, 30> unordered = {"SecurityGroupIds",
                                                        "SecurityGroups",
                                                        "VpcSecurityGroupIds",
                                                        "VPCSecurityGroups",
                                                        "SubnetIds",
                                                        "Subnets",
                                                        "VPCZoneIdentifier",
                                                        "AvailabilityZones",
                                                        "SecurityGroupIngress",
                                                        "SecurityGroupEgress",
                                                        "ManagedPolicyArns",
                                                        "Policies",
                                                        "Roles",
                                                        "Groups",
                                                        "Users",
                                                        "LoadBalancerNames",
                                                        "TargetGroupARNs",
                                                        "Tags",
                                                        "TagList",
                                                        "AlarmActions",
                                                        "OKActions",
                                                        "InsufficientDataActions",
                                                        "Dimensions",
                                                        "AttributeDefinitions",
                                                        "AllowedMethods",
                                                        "AllowedHeaders",
                                                        "AllowedOrigins",
                                                        "GlobalSecondaryIndexes",
                                                        "LocalSecondaryIndexes",
                                                        "Aliases"};

// The sets of policies: AWS' own words, and the bindings of Google's.
constexpr std::array<std::string_view, 11> policySets = {
    "Statement", "Action",    "NotAction",     "Resource", "NotResource", "AWS",
    "Service",   "Federated", "CanonicalUser", "bindings", "members"};
constexpr std::array<std::string_view, 9> oneOrList = {"Statement", "Action",      "NotAction",
                                                       "Resource",  "NotResource", "AWS",
                                                       "Service",   "Federated",   "CanonicalUser"};
constexpr std::array<std::string_view, 2> principals = {"Principal", "NotPrincipal"};
// What tells the elements of a list apart.
constexpr std::array<std::string_view, 6> identifiers = {"Id", "Name", "Key", "id", "name", "key"};

bool isIn(const auto& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool isSameIgnoringCase(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return lowered(c); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// arn:aws:iam::123456789012:root -> 123456789012; any other text as it is.
std::string_view accountOf(std::string_view principal) {
    constexpr std::string_view root = ":root";
    const auto at = principal.find(":iam::");
    const bool isRoot = principal.starts_with("arn:") && principal.ends_with(root);
    if (at == std::string_view::npos || !isRoot) return principal;
    principal.remove_suffix(root.size());
    return principal.substr(at + std::string_view(":iam::").size());
}

bool isSameArn(std::string_view a, std::string_view b) {
    const auto isArn = [](std::string_view text) {
        return text.starts_with("arn:") && !text.contains(":s3:");
    };
    return isArn(a) && isArn(b) && isSameIgnoringCase(a, b);
}

bool isSameScalar(const Json& a, const Json& b, std::string_view name) {
    if (a.text == b.text) return true;
    const bool isNumber = a.kind == Json::Kind::Number || b.kind == Json::Kind::Number;
    const auto looksNumber = [](const std::string& text) {
        return !text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos;
    };
    if (isNumber && looksNumber(a.text) && looksNumber(b.text)) return sameNumber(a.text, b.text);
    if (name == "AWS" && accountOf(a.text) == accountOf(b.text)) return true;
    return isSameArn(a.text, b.text);
}

// Where a comparison stands: the member's name, and whether it is below a policy's Condition.
struct Place {
    std::string_view name;
    bool isBelowCondition = false;

    [[nodiscard]] bool isSet() const {
        return isBelowCondition || isIn(unordered, name) || isIn(policySets, name);
    }
    [[nodiscard]] bool takesOne() const { return isBelowCondition || isIn(oneOrList, name); }
    [[nodiscard]] Place member(std::string_view key) const {
        return {key, isBelowCondition || key == "Condition"};
    }
};

bool isSame(const Json& a, const Json& b, Place place);

bool isSameObject(const Json& a, const Json& b, Place place) {
    std::set<std::string_view> keys(a.keys.begin(), a.keys.end());
    keys.insert(b.keys.begin(), b.keys.end());
    return std::ranges::all_of(
        keys, [&](std::string_view key) { return isSame(a[key], b[key], place.member(key)); });
}

// Each element of `some` has one of its own in `others` that it agrees with.
template <class Agree>
bool haveMatches(const std::vector<Json>& some, const std::vector<Json>& others,
                 const Agree& agree) {
    std::vector<bool> taken(others.size());
    return std::ranges::all_of(some, [&](const Json& one) {
        for (std::size_t at = 0; at < others.size(); ++at) {
            if (taken[at] || !agree(one, others[at])) continue;
            taken[at] = true;
            return true;
        }
        return false;
    });
}

bool isSameList(const Json& a, const Json& b, Place place) {
    const auto same = [&](const Json& x, const Json& y) { return isSame(x, y, place); };
    if (a.items.size() != b.items.size()) return false;
    if (std::ranges::equal(a.items, b.items, same)) return true;
    return place.isSet() && a.items.size() <= mostEachWithEach &&
           haveMatches(a.items, b.items, same);
}

bool isOneOfList(const Json& one, const Json& list, Place place) {
    return !one.isArray() && !one.isNull() && list.isArray() && list.items.size() == 1 &&
           place.takesOne() && isSame(one, list.items.front(), place);
}

bool isEverybody(const Json& principal) {
    return principal.string() == "*" ||
           (principal.isArray() && principal.items.size() == 1 && isEverybody(principal.items[0]));
}

bool isSamePrincipal(const Json& a, const Json& b, Place place) {
    const auto isEveryAccount = [](const Json& value) {
        return value.isObject() && value.items.size() == 1 && isEverybody(value["AWS"]);
    };
    return isIn(principals, place.name) &&
           ((isEverybody(a) && isEveryAccount(b)) || (isEverybody(b) && isEveryAccount(a)));
}

bool isEmptyStatementId(const Json& a, const Json& b, Place place) {
    const auto isEmpty = [](const Json& value) { return value.isNull() || value.string().empty(); };
    return place.name == "Sid" && isEmpty(a) && isEmpty(b);
}

bool isSame(const Json& a, const Json& b, Place place) {
    if (sameValue(a, b) || (isNothing(a) && isNothing(b))) return true;
    if (a.isScalar() && b.isScalar() && isSameScalar(a, b, place.name)) return true;
    if (a.isObject() && b.isObject()) return isSameObject(a, b, place);
    if (a.isArray() && b.isArray()) return isSameList(a, b, place);
    if (isOneOfList(a, b, place) || isOneOfList(b, a, place)) return true;
    if (isSamePrincipal(a, b, place) || isEmptyStatementId(a, b, place)) return true;
    const auto inA = documentIn(a);
    const auto inB = documentIn(b);
    if (!inA && !inB) return false;
    return isSame(inA ? *inA : a, inB ? *inB : b, place);
}

bool isPolicy(const Json& document) {
    return document.has("Statement") || document.has("bindings") || document.has("statement");
}

bool isNamed(const Json& element) {
    return std::ranges::any_of(identifiers,
                               [&](std::string_view key) { return element[key].isScalar(); });
}

bool isCompleted(const Json& asked, const Json& read, Place place) {
    if (asked.isObject() && read.isObject()) {
        for (std::size_t at = 0; at < asked.keys.size(); ++at)
            if (!isCompleted(asked.items[at], read[asked.keys[at]], place.member(asked.keys[at])))
                return false;
        return true;
    }
    const bool isNamedList = asked.isArray() && read.isArray() && !asked.items.empty() &&
                             std::ranges::all_of(asked.items, isNamed) &&
                             std::ranges::all_of(read.items, isNamed);
    if (isNamedList)
        return read.items.size() <= mostEachWithEach &&
               haveMatches(asked.items, read.items, [&](const Json& one, const Json& other) {
                   return isCompleted(one, other, place);
               });
    return isSame(asked, read, place);
}

}  // namespace

bool isNothing(const Json& value) noexcept {
    return value.isNull() || ((value.isArray() || value.isObject()) && value.items.empty());
}

std::optional<Json> documentIn(const Json& value) {
    const auto text = value.string();
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '['))
        return std::nullopt;
    auto document = readJson(text);
    if (!document) return std::nullopt;
    return *std::move(document);
}

bool isSameDocument(const Json& a, const Json& b, std::string_view name) {
    return isSame(a, b, {name});
}

bool isCompletedDocument(const Json& asked, const Json& read) {
    const auto inAsked = documentIn(asked);
    const auto inRead = documentIn(read);
    if (!inAsked || !inRead || inAsked->items.empty()) return false;
    return !isPolicy(*inAsked) && !isPolicy(*inRead) && isCompleted(*inAsked, *inRead, {});
}

}  // namespace driftkeeper
