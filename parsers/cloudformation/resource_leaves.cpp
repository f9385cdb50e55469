#include "parsers/cloudformation/resource_leaves.hpp"

#include <algorithm>

#include "parsers/cloudformation/secrets.hpp"
#include "parsers/cloudformation/values.hpp"
#include "parsers/json/json_string.hpp"
#include "parsers/text/secret_names.hpp"

namespace driftkeeper::cloudformation {
namespace {

// Names whose values must not be shown; those with NoEcho cannot be compared either.
std::set<std::string> hiddenNames(const Template& one, const Template& other) {
    std::set<std::string> names;
    for (const auto* source : {&one, &other})
        for (const auto& [name, parameter] : source->parameters)
            if (parameter.noEcho || looksSecret(name)) names.insert(name);
    return names;
}

}  // namespace

ResourceLeaves::ResourceLeaves(const StackSides& sides, const ValueTags& tags)
    : sides_(sides),
      tags_(tags),
      hidden_(hiddenNames(sides.deployed, sides.git)),
      deployedAround_(deployedSurroundings(sides)),
      gitAround_(gitSurroundings(sides)),
      deployed_(sides.deployed, deployedAround_),
      git_(sides.git, gitAround_) {}

std::vector<Leaf> ResourceLeaves::of(const Compared& one) const {
    const bool isModified = one.checked != nullptr && one.checked->status == "MODIFIED";
    const Json* none = &Json::absent();
    const Json& rawDeployed = one.deployed == nullptr ? *none : one.deployed->properties;
    const Json& rawGit = one.git == nullptr ? rawDeployed : one.git->properties;
    const Json deployed = keyed(deployed_.resolved(rawDeployed));
    const Json git = one.git == nullptr ? deployed : keyed(git_.resolved(rawGit));
    const Json expected =
        one.checked != nullptr && one.checked->expected ? keyed(*one.checked->expected) : Json();
    const Json live = isModified && one.checked->live
                          ? comparable(expected, keyed(*one.checked->live))
                          : expected;

    std::vector<Json> masks;
    for (const Json& value : {keyed(rawDeployed), keyed(rawGit), deployed, git, expected, live})
        masks.push_back(secretMask(value, hidden_));
    const std::string_view type =
        one.there != nullptr ? std::string_view(one.there->type) : std::string_view();
    const LeafRules rules{type, isScaled(one), std::move(masks)};
    auto leaves = ofProperties(one, {deployed, git}, {expected, live}, rules);
    if (isModified && leaves.empty()) leaves = ofDifferences(*one.checked, rules.masks);
    if (one.deployed != nullptr && one.git != nullptr)
        addAttributes(leaves, *one.deployed, *one.git);
    return leaves;
}

std::vector<Leaf> ResourceLeaves::ofProperties(const Compared& one,
                                               const std::pair<Json, Json>& templates,
                                               const std::pair<Json, Json>& found,
                                               const LeafRules& rules) const {
    const auto& [deployed, git] = templates;
    const auto& [expected, live] = found;
    const bool isSameType =
        one.deployed == nullptr || one.there == nullptr || one.deployed->type == one.there->type;
    if (isSameType) return leavesOf(sidesOf(deployed, git, expected, live), rules, tags_);
    // A macro made another resource of it: its properties are no longer the template's.
    auto leaves = leavesOf({expected, live, expected}, rules, tags_);
    auto further = leavesOf({deployed, deployed, git}, rules, tags_);
    leaves.insert(leaves.end(), further.begin(), further.end());
    return leaves;
}

// What CloudFormation itself says, where its properties cannot be read or show no difference.
std::vector<Leaf> ResourceLeaves::ofDifferences(const ResourceDrift& checked,
                                                const std::vector<Json>& masks) const {
    std::vector<Leaf> leaves;
    const bool isAnySecret =
        std::ranges::any_of(masks, [](const Json& one) { return !one.isNull(); });
    for (const auto& [pointer, expected, live] : checked.differences) {
        AttributeDrift drift;
        drift.path = pointer.starts_with('/') ? pointer.substr(1) : pointer;
        std::ranges::replace(drift.path, '/', '.');
        drift.sensitive = isAnySecret || looksSecret(drift.path);
        const auto shown = [&](const std::string& text) {
            if (text.empty() || text == "null") return std::string("null");
            return drift.sensitive ? tags_.redacted(textValue(text)) : tags_.shown(textValue(text));
        };
        drift.git = shown(expected);
        drift.live = shown(live);
        leaves.push_back({LeafVerdict::Live, std::move(drift)});
    }
    if (leaves.empty()) leaves.push_back({LeafVerdict::Live, {}});
    return leaves;
}

void ResourceLeaves::addAttributes(std::vector<Leaf>& leaves, const TemplateResource& deployed,
                                   const TemplateResource& git) const {
    const auto all = [](const TemplateResource& one) {
        Members members;
        for (std::size_t i = 0; i < one.attributes.items.size(); ++i)
            members.emplace(one.attributes.keys[i], one.attributes.items[i]);
        members.emplace("Type", textValue(one.type));
        return objectOf(std::move(members));
    };
    const Json state = all(deployed);
    for (auto& leaf : leavesOf({state, state, all(git)}, {}, tags_))
        leaves.push_back(std::move(leaf));
}

// A scalable target of the stack names it: its capacity is somebody else's to set.
bool ResourceLeaves::isScaled(const Compared& one) const {
    if (one.there == nullptr) return false;
    return std::ranges::any_of(sides_.deployed.resources, [&](const auto& entry) {
        return entry.second.type == "AWS::ApplicationAutoScaling::ScalableTarget" &&
               namesIn(entry.second.properties, sides_.deployed.conditions)
                   .contains(one.there->logicalId);
    });
}

}  // namespace driftkeeper::cloudformation
