#include "parsers/cloudformation/leaf.hpp"

#include <algorithm>

#include "parsers/cloudformation/spelling.hpp"
#include "parsers/json/document.hpp"
#include "parsers/terraform/attribute_difference.hpp"

namespace driftkeeper::cloudformation {
namespace {

using terraform::AttributeDifference;
using terraform::AttributePath;

// The property that a leaf belongs to: the last step that is no index.
std::string_view nameOf(const AttributePath& path) {
    const auto last = std::ranges::find_if(path.rbegin(), path.rend(),
                                           [](const auto& step) { return !step.index; });
    return last == path.rend() ? std::string_view() : last->text;
}

// A tag that AWS itself puts there.
bool isInjected(const AttributeDifference& difference) {
    const auto& path = difference.path;
    return difference.state->isNull() && path.size() >= 2 &&
           path[path.size() - 2].text.starts_with("Tag") &&
           (path.back().text.starts_with("aws:") ||
            path.back().text.starts_with("AWSServiceCatalog:"));
}

// LoadBalancerAttributes, TargetGroupAttributes: the service completes the list with every
// attribute it knows. A settings document in a text is completed likewise.
bool isDefaulted(const AttributeDifference& difference, std::string_view type) {
    const auto& path = difference.path;
    if (isCompletedDocument(*difference.state, *difference.live)) return true;
    return type.starts_with("AWS::ElasticLoadBalancingV2::") && difference.state->isNull() &&
           path.size() == 2 && path[0].text.ends_with("Attributes");
}

bool isAutoscaled(const AttributeDifference& difference, const LeafRules& rules) {
    const auto& path = difference.path;
    if (rules.type == "AWS::AutoScaling::AutoScalingGroup")
        return path.size() == 1 && path[0].text == "DesiredCapacity";
    if (!rules.isScaled) return false;
    return nameOf(path) == "DesiredCount" || nameOf(path) == "ReadCapacityUnits" ||
           nameOf(path) == "WriteCapacityUnits" || nameOf(path) == "TargetCapacity";
}

LeafVerdict judge(const AttributeDifference& difference, const LeafRules& rules) {
    const auto& [path, state, live, git, gitUnknown, sensitive, reordered] = difference;
    const auto alike = [&](const Json& a, const Json& b) {
        return sameValue(a, b) || isSameDocument(a, b, nameOf(path));
    };
    const bool isUnmoved = alike(*state, *live);
    const bool isGitUnmoved = alike(*state, *git) || isPackaged(*git, *state);
    if (sameValue(*state, *live)) return isGitUnmoved ? LeafVerdict::Cosmetic : LeafVerdict::Git;
    if (sameValue(*state, *git)) {
        if (isUnmoved) return LeafVerdict::Cosmetic;
        if (isInjected(difference)) return LeafVerdict::Injected;
        if (isDefaulted(difference, rules.type)) return LeafVerdict::Defaulted;
        return isAutoscaled(difference, rules) ? LeafVerdict::Autoscaled : LeafVerdict::Live;
    }
    if (alike(*git, *live)) return isUnmoved ? LeafVerdict::Cosmetic : LeafVerdict::Converged;
    if (isUnmoved) return isGitUnmoved ? LeafVerdict::Cosmetic : LeafVerdict::Git;
    return isGitUnmoved ? LeafVerdict::Live : LeafVerdict::Conflict;
}

AttributeDrift present(const AttributeDifference& difference, const ValueTags& tags) {
    const auto shown = [&](const Json& value) {
        return difference.sensitive ? tags.redacted(value) : tags.shown(value);
    };
    AttributeDrift drift;
    drift.path = toText(difference.path);
    drift.sensitive = difference.sensitive;
    drift.git = shown(*difference.git);
    drift.live = shown(*difference.live);
    if (!sameValue(*difference.git, *difference.state)) drift.before = shown(*difference.state);
    return drift;
}

}  // namespace

std::vector<Leaf> leavesOf(const Sides& sides, const LeafRules& rules, const ValueTags& tags) {
    terraform::Sensitivity sensitivity;
    for (const Json& mask : rules.masks) sensitivity.add(mask);
    std::vector<Leaf> leaves;
    for (const auto& difference : terraform::attributeDifferences(
             sides.state, sides.live, sides.git, Json::absent(), sensitivity))
        leaves.push_back({judge(difference, rules), present(difference, tags)});
    return leaves;
}

}  // namespace driftkeeper::cloudformation
