#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/remembered_values.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/terraform/content_identity.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/planned_configuration.hpp"
#include "parsers/terraform/planned_object.hpp"

namespace driftkeeper::terraform {

// Which side moved since the last in_sync look, where live is what was applied last and Git wants
// something else. What was wanted and read then decides, value by value; the files do only where no
// look is remembered. Its arguments must outlive it; one thread.
class Movement {
public:
    // `values`: what this look read.
    Movement(PlannedConfiguration& configuration, const PlanContext& context,
             const RememberedValues& values, const ValueTags& tags)
        : configuration_(configuration), context_(context), values_(values), tags_(tags) {}

    // Whether somebody applied another value than the one that Git asked for then and asks for now.
    [[nodiscard]] bool isAppliedElsewhere(const PlannedObject& object, const Leaf& leaf);
    // The same of an object that Git wants to make (Created) or does not want any more (Deleted).
    [[nodiscard]] bool isAppliedElsewhere(const PlannedObject& object, Change change);

    // What only the provider computes is news when it identifies the content, moved since the last
    // in_sync look, and no apply may be why: LeafVerdict::Live, as what is beside it.
    void settleContent(PlannedObject& object) const;

    // Why Git asks for it: a commit, or values outside of the repository.
    struct Why {
        std::string_view cause;
        std::string note;  // for people; may be empty
    };
    Why whyAsked(const PlannedObject& object, const std::vector<Leaf>& leaves);

    // What Git asks for otherwise than it was read, for the next look.
    void rememberAsked(const PlannedObject& object, RememberedValues& values) const;

private:
    [[nodiscard]] bool isNews(const PlannedObject& object, const Leaf& leaf,
                              ContentKind kind) const;
    [[nodiscard]] bool isRemembered() const noexcept {
        return context_.sinceClean && !context_.sinceClean->then.isEmpty();
    }
    [[nodiscard]] bool filesAreTheSame() const noexcept {
        return context_.source == SourceSince::Unchanged;
    }
    [[nodiscard]] const std::string* addressThen(const PlannedObject& object) const;
    std::vector<const MovedInput*> inputsBehind(const PlannedObject& object,
                                                const std::vector<Leaf>& leaves);

    PlannedConfiguration& configuration_;
    const PlanContext& context_;
    const RememberedValues& values_;
    const ValueTags& tags_;
};

}  // namespace driftkeeper::terraform
