#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "parsers/terraform/leaf.hpp"
#include "parsers/terraform/plan.hpp"
#include "parsers/terraform/planned_configuration.hpp"
#include "parsers/terraform/planned_object.hpp"

namespace driftkeeper::terraform {

// What Git wants only because of something else: another change of the same plan, or a data
// source's new answer. Its arguments must outlive it; one thread.
class Following {
public:
    Following(PlannedConfiguration& configuration, const PlanContext& context)
        : configuration_(configuration), context_(context) {}

    // The plan acts on this address. All of them come before the first question.
    void addChange(std::string_view address) { changing_.insert(withoutKeys(address)); }

    // The leaves that Git does not know yet.
    struct Unknown {
        std::vector<Leaf> own;        // the configuration sets them: timestamp()
        std::vector<Leaf> following;  // … from what another change will give
        std::vector<Leaf> unset;      // the provider computes them
    };
    Unknown unknownOf(const PlannedObject& object);

    static bool isTriggered(const PlannedObject& object);

    // Whether what a leaf, or without one the whole block, refers to is about to change.
    bool followsAnotherChange(const PlannedObject& object, const Leaf* leaf);

    // Leaves that Git wants otherwise (LeafVerdict::Git), by whether a data source that answered
    // anew since the last apply is why. What the configuration does not set follows the rest.
    struct Wanted {
        std::vector<Leaf> answered;
        std::vector<Leaf> asked;
    };
    Wanted wantedOf(const PlannedObject& object);

private:
    bool isDataSourcesAnswer(const PlannedObject& object, const Leaf& leaf);
    bool isAnswered(std::size_t index, int depth);
    const std::unordered_set<std::string>& answeredAnew();

    PlannedConfiguration& configuration_;
    const PlanContext& context_;
    std::unordered_set<std::string> changing_;  // configuration addresses that a plan acts on
    std::unordered_set<std::string> answeredAnew_;
    bool answeredKnown_ = false;
};

}  // namespace driftkeeper::terraform
