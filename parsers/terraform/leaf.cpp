#include "parsers/terraform/leaf.hpp"

#include <algorithm>
#include <span>

#include "parsers/json/json.hpp"
#include "parsers/terraform/planned_configuration.hpp"

namespace driftkeeper::terraform {
namespace {

bool covers(const AttributePath& ignored, const AttributePath& path) {
    return !ignored.empty() && ignored.size() <= path.size() &&
           std::ranges::equal(ignored, std::span(path).first(ignored.size()), {}, &PathStep::text, &PathStep::text);
}

// rule[0].note -> rule.note: nested blocks have their attributes' flags under such names.
const AttributeFlags* flagsOf(const AttributePath& path, const std::map<std::string, AttributeFlags>& schema) {
    const AttributeFlags* found = nullptr;
    std::string name;
    for (const auto& step : path) {
        if (step.index) continue;
        if (!name.empty()) name += '.';
        name += step.text;
        const auto it = schema.find(name);
        if (it == schema.end()) break;
        found = &it->second;
    }
    return found;
}

// Git asks for what was last applied, or for nothing.
bool leavesOpen(LeafVerdict verdict) {
    return verdict == LeafVerdict::Live || verdict == LeafVerdict::IgnoreChanges || verdict == LeafVerdict::Computed;
}

std::string shownValue(const Json& value, bool sensitive, const ValueTags& tags) {
    const auto text = canonicalText(value);
    return sensitive ? tags.redacted(text) : tags.shown(text);
}

}  // namespace

bool isIgnored(const AttributePath& path, const LeafRules& rules) {
    if (rules.ignored == nullptr) return false;
    return std::ranges::any_of(*rules.ignored, [&](const std::string& written) {
        return written == "all" || covers(attributePath(written), path);
    });
}

LeafVerdict judge(const AttributeDifference& difference, const LeafRules& rules) {
    const auto& [path, state, live, git, gitUnknown, sensitive] = difference;
    const bool isSet = rules.expressions != nullptr && sets(*rules.expressions, path);
    if (sameValue(*state, *live)) return gitUnknown ? LeafVerdict::Unknown : LeafVerdict::Git;
    if (gitUnknown) return isSet ? LeafVerdict::Live : LeafVerdict::Open;
    if (sameValue(*git, *state)) return LeafVerdict::Live;
    if (!sameValue(*git, *live)) return LeafVerdict::Conflict;
    if (isIgnored(path, rules)) return LeafVerdict::IgnoreChanges;
    return isSet ? LeafVerdict::Converged : LeafVerdict::Open;
}

LeafVerdict judgeOpen(const AttributeDifference& difference, const std::map<std::string, AttributeFlags>* schema) {
    const auto* flags = schema == nullptr ? nullptr : flagsOf(difference.path, *schema);
    if (flags == nullptr) return LeafVerdict::Live;
    if (flags->computed && !flags->optional) return LeafVerdict::Computed;
    // Only the configuration can give a value to what is optional and not computed: Git wants it unset, or a dynamic
    // block sets it. So Git equals live.
    return flags->computed || difference.gitUnknown ? LeafVerdict::Live : LeafVerdict::Converged;
}

AttributeDrift present(const Leaf& leaf, const ValueTags& tags) {
    const auto& [path, state, live, git, gitUnknown, sensitive] = leaf.difference;
    AttributeDrift drift;
    drift.path = toText(path);
    drift.sensitive = sensitive;
    drift.live = shownValue(*live, sensitive, tags);
    if (leavesOpen(leaf.verdict)) {
        drift.git = shownValue(*state, sensitive, tags);
        return drift;
    }
    drift.git = gitUnknown ? R"({"unknown":true})" : shownValue(*git, sensitive, tags);
    if (gitUnknown || !sameValue(*git, *state)) drift.before = shownValue(*state, sensitive, tags);
    return drift;
}

}  // namespace driftkeeper::terraform
