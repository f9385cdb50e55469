#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/json/json.hpp"
#include "parsers/terraform/plan_document.hpp"
#include "parsers/terraform/planned_object.hpp"

namespace driftkeeper::terraform {

// A collection inside a resource that its provider fills from other resources. How texts are read:
//   link     SIBLING'S ATTRIBUTE=PARENT'S|PARENT'S, separated by blanks: the sibling is part of
//            this parent when all of them hold; what neither of both has counts as equal
//   where    ATTRIBUTE=VALUE of the sibling; empty: each
//   element  empty: the sibling has the whole attribute to itself. =ATTRIBUTE: an element is that
//            attribute's text. Else FIELD or FIELD=ATTRIBUTE of an element, separated by blanks; a
//            * behind FIELD: a list whose values may be spread over several siblings.
//            BLOCK.ATTRIBUTE is that of the sibling's first block.
struct SiblingRow {
    std::string_view parent, attribute, sibling, link, element, where{};
};
std::span<const SiblingRow> siblingRows() noexcept;

// Judges such collections where they changed live. What the siblings explain is
// LeafVerdict::Sibling; else just the elements that none of them explains are left, as
// LeafVerdict::Live. What vanished from a collection that the configuration leaves open is its
// sibling's to tell; one that the configuration sets itself stays as it is when anything vanished.
// `plan` must outlive it; one thread.
class Siblings {
public:
    explicit Siblings(const PlanDocument& plan) : plan_(plan) {}

    void settle(PlannedObject& object);

private:
    using Atoms = std::set<std::string>;

    void settleAttribute(PlannedObject& object, std::string_view attribute,
                         const std::vector<const SiblingRow*>& rows);
    const std::vector<Json>& all(std::string_view type);
    Atoms declared(const PlannedObject& object, const std::vector<const SiblingRow*>& rows);

    const PlanDocument& plan_;
    std::map<std::string, std::vector<Json>, std::less<>> byType_;  // what is live, when asked for
};

}  // namespace driftkeeper::terraform
