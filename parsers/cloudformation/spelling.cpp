#include "parsers/cloudformation/spelling.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "parsers/json/json.hpp"
#include "parsers/text/ascii.hpp"

namespace driftkeeper::cloudformation {
namespace {

// Lists in whose order services see nothing.
constexpr std::array<std::string_view, 36> unordered = {
    "SecurityGroupIds", "SecurityGroups", "VpcSecurityGroupIds", "VPCSecurityGroups", "SubnetIds",
    "Subnets", "VPCZoneIdentifier", "AvailabilityZones", "SecurityGroupIngress",
    "SecurityGroupEgress", "ManagedPolicyArns", "Policies", "Roles", "Groups", "Users",
    "LoadBalancerNames", "TargetGroupARNs", "Tags", "TagList", "AlarmActions", "OKActions",
    "InsufficientDataActions", "Dimensions", "AttributeDefinitions", "AllowedMethods",
    "AllowedHeaders", "AllowedOrigins", "GlobalSecondaryIndexes", "LocalSecondaryIndexes",
    "Aliases",
    // of an IAM policy
    "Statement", "Action", "NotAction", "Resource", "NotResource", "AWS"};
constexpr std::array<std::string_view, 8> oneOrList = {"Action",      "NotAction",    "Resource",
                                                       "NotResource", "AWS",          "Service",
                                                       "Federated",   "CanonicalUser"};

bool isIn(const auto& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool isNothing(const Json& value) noexcept {
    return value.isNull() || ((value.isArray() || value.isObject()) && value.items.empty());
}

bool isSameIgnoringCase(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return lowered(c); };
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool isSameScalar(const Json& a, const Json& b) {
    if (a.text == b.text) return true;
    const bool isNumber = a.kind == Json::Kind::Number || b.kind == Json::Kind::Number;
    const auto looksNumber = [](const std::string& text) {
        return !text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos;
    };
    if (isNumber && looksNumber(a.text) && looksNumber(b.text)) return sameNumber(a.text, b.text);
    return a.text.starts_with("arn:") && b.text.starts_with("arn:") &&
           isSameIgnoringCase(a.text, b.text);
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

bool isSame(const Json& a, const Json& b, std::string_view name, bool isBelowCondition);

bool isSameObject(const Json& a, const Json& b, bool isBelowCondition) {
    std::set<std::string_view> keys(a.keys.begin(), a.keys.end());
    keys.insert(b.keys.begin(), b.keys.end());
    return std::ranges::all_of(keys, [&](std::string_view key) {
        return isSame(a[key], b[key], key, isBelowCondition || key == "Condition");
    });
}

bool isSameSet(const Json& a, const Json& b, std::string_view name, bool isBelowCondition) {
    if (a.items.size() != b.items.size()) return false;
    std::vector<bool> taken(b.items.size());
    return std::ranges::all_of(a.items, [&](const Json& item) {
        for (std::size_t j = 0; j < b.items.size(); ++j) {
            if (taken[j] || !isSame(item, b.items[j], name, isBelowCondition)) continue;
            return static_cast<bool>(taken[j] = true);
        }
        return false;
    });
}

bool isSameList(const Json& a, const Json& b, std::string_view name, bool isBelowCondition) {
    const auto same = [&](const Json& x, const Json& y) {
        return isSame(x, y, name, isBelowCondition);
    };
    if (std::ranges::equal(a.items, b.items, same)) return true;
    constexpr std::size_t most = 500;  // compared each with each
    const bool isSet = isBelowCondition || isIn(unordered, name) || isIn(oneOrList, name);
    return isSet && a.items.size() <= most && isSameSet(a, b, name, isBelowCondition);
}

bool isOneOfList(const Json& one, const Json& list, std::string_view name, bool isBelowCondition) {
    return one.isScalar() && list.isArray() && list.items.size() == 1 &&
           (isBelowCondition || isIn(oneOrList, name)) &&
           isSame(one, list.items.front(), name, isBelowCondition);
}

bool isSame(const Json& a, const Json& b, std::string_view name, bool isBelowCondition) {
    if (sameValue(a, b) || (isNothing(a) && isNothing(b))) return true;
    if (a.isScalar() && b.isScalar() && isSameScalar(a, b)) return true;
    if (a.isObject() && b.isObject()) return isSameObject(a, b, isBelowCondition);
    if (a.isArray() && b.isArray()) return isSameList(a, b, name, isBelowCondition);
    if (isOneOfList(a, b, name, isBelowCondition) || isOneOfList(b, a, name, isBelowCondition))
        return true;
    const auto inA = documentIn(a);
    const auto inB = documentIn(b);
    if (!inA && !inB) return false;
    return isSame(inA ? *inA : a, inB ? *inB : b, name, isBelowCondition);
}

}  // namespace

bool isSameInAnotherSpelling(const Json& a, const Json& b, std::string_view name) {
    return isSame(a, b, name, false);
}

bool isPackaged(const Json& git, const Json& deployed) {
    const auto path = git.string();
    if (path.empty() || path.contains("://") || path.starts_with("{{resolve:")) return false;
    const auto url = deployed.string();
    const bool isObjectInS3 =
        deployed.isObject() && (!deployed["S3Bucket"].isNull() || !deployed["Bucket"].isNull() ||
                                !deployed["ImageUri"].isNull());
    return isObjectInS3 || url.starts_with("s3://") ||
           (url.starts_with("https://") && url.contains("amazonaws.com") &&
            url.substr(8).starts_with("s3"));
}

}  // namespace driftkeeper::cloudformation
