#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/drift.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/terraform/attribute_difference.hpp"
#include "parsers/terraform/schema.hpp"

namespace driftkeeper::terraform {

// What one differing attribute says.
enum class LeafVerdict {
    Live,           // changed live; Git wants what the state said, or leaves it open
    Git,            // Git wants something that is not live; live is as the state said
    Conflict,       // all three differ
    Unknown,        // live is as the state said, Git does not know yet
    Open,           // changed live and the configuration says nothing: the schema decides
    IgnoreChanges,  // changed live under lifecycle { ignore_changes }
    Converged,      // changed live and Git wants exactly that
    Computed,       // changed live, only the provider has a say in it
    Cosmetic,       // another spelling of what it was, or of what Git wants
    Sibling,        // changed live, and other resources of the same state declare it
    Place           // Git wants what is live, but for where the planned tree lies
};

struct Leaf {
    AttributeDifference difference;
    LeafVerdict verdict = LeafVerdict::Live;
};

// The configuration's part in a verdict. `ignored`: paths of ignore_changes, "all" for everything.
struct LeafRules {
    const Json* expressions = nullptr;  // of the resource's block; null when Git has no such block
    const std::vector<std::string>* ignored = nullptr;
    bool spellingCounts = true;     // false: another spelling is as good as the same (Cosmetic)
    bool sensitivityMoved = false;  // what is secret is not the same before and after
    std::string_view place{};       // as PlanContext::place
};

LeafVerdict judge(const AttributeDifference& difference, const LeafRules& rules);

bool isIgnored(const AttributePath& path, const LeafRules& rules);

// True for what the configuration leaves open, and for a list that is reordered and may be a set.
bool needsSchema(const Leaf& leaf);

// What such a leaf is, by the schema of its resource type (nullptr: not known, so it is told).
LeafVerdict judgeBySchema(const Leaf& leaf, const std::map<std::string, AttributeFlags>* schema);

// What is shown of a leaf: redacted or shortened, `git` as the contract defines it.
AttributeDrift present(const Leaf& leaf, const ValueTags& tags);

}  // namespace driftkeeper::terraform
