#pragma once

#include <set>
#include <string>
#include <vector>

#include "parsers/cloudformation/functions.hpp"
#include "parsers/cloudformation/leaf.hpp"
#include "parsers/cloudformation/stack_sides.hpp"

namespace driftkeeper::cloudformation {

// One resource as everybody sees it.
struct Compared {
    const TemplateResource* deployed = nullptr;
    const TemplateResource* git = nullptr;  // nullptr: Git does not ask for it
    const StackResource* there = nullptr;
    const ResourceDrift* checked = nullptr;
};

// Compares the resources of one stack, property by property. For one thread; what it is made of
// outlives it.
class ResourceLeaves {
public:
    ResourceLeaves(const StackSides& sides, const ValueTags& tags);

    // The properties and attributes on which not everybody agrees.
    [[nodiscard]] std::vector<Leaf> of(const Compared& one) const;

    [[nodiscard]] const Functions& deployed() const noexcept { return deployed_; }
    [[nodiscard]] const Functions& git() const noexcept { return git_; }

private:
    [[nodiscard]] std::vector<Leaf> ofProperties(const Compared& one,
                                                 const std::pair<Json, Json>& templates,
                                                 const std::pair<Json, Json>& found,
                                                 const LeafRules& rules) const;
    [[nodiscard]] std::vector<Leaf> ofDifferences(const ResourceDrift& checked,
                                                  const std::vector<Json>& masks) const;
    void addAttributes(std::vector<Leaf>& leaves, const TemplateResource& deployed,
                       const TemplateResource& git) const;
    [[nodiscard]] bool isScaled(const Compared& one) const;

    const StackSides& sides_;
    const ValueTags& tags_;
    std::set<std::string> hidden_;  // names whose values must not be shown
    Surroundings deployedAround_;
    Surroundings gitAround_;
    Functions deployed_;
    Functions git_;
};

}  // namespace driftkeeper::cloudformation
