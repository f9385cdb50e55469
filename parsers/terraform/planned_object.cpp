#include "parsers/terraform/planned_object.hpp"

#include <algorithm>
#include <utility>

namespace driftkeeper::terraform {
namespace {

std::vector<AttributeDifference> differences(const PlannedObject& object,
                                             const Sensitivity& sensitivity) {
    static const Json wholly{Json::Kind::Bool, "true", {}, {}};
    const bool drifted = object.drift != nullptr;
    const auto& live = drifted ? object.drifted.after : object.planned.before;
    const auto& state = drifted ? object.drifted.before : live;
    const bool gone = object.change == nullptr || object.change->action == PlanAction::Delete ||
                      object.change->action == PlanAction::Forget;
    if (gone && (!drifted || live.isNull())) return {};
    if (gone) return attributeDifferences(state, live, live, wholly, sensitivity);
    // Deleted behind the back and created again: only what Git wants otherwise than it was is a
    // difference.
    const auto& compared = live.isNull() ? state : live;
    return attributeDifferences(state, compared, object.planned.after, object.planned.unknown,
                                sensitivity);
}

// A value that is not set by Git, changed live beside one that Git undoes, and not known until the
// apply, is what the provider computes from the other: no need to ask for the schema.
void settleFollowing(PlannedObject& object) {
    const bool undone = object.has(LeafVerdict::Live) || object.has(LeafVerdict::Conflict);
    if (!undone || object.change == nullptr || object.change->action == PlanAction::Delete) return;
    for (auto& leaf : object.leaves)
        if (leaf.verdict == LeafVerdict::Open && leaf.difference.gitUnknown)
            leaf.verdict = LeafVerdict::Computed;
}

// What destroys an object is never cosmetic: every leaf of a replacement when the plan does not say
// which.
bool destroys(const PlannedObject& object, const AttributePath& path) {
    if (object.action() != PlanAction::Replace) return false;
    const auto& reason = object.change->reason;
    if (object.replacePaths.items.empty())
        return reason != "replace_because_tainted" && reason != "replace_by_triggers" &&
               reason != "replace_by_request";
    return std::ranges::any_of(object.replacePaths.items, [&](const Json& replacing) {
        const std::size_t common = std::min(replacing.items.size(), path.size());
        return std::equal(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(common),
                          replacing.items.begin(), [](const PathStep& step, const Json& one) {
                              return step.text == one.text;
                          });
    });
}

bool hidesNothing(const Json& mask) noexcept {
    return !mask.isTrue() && std::ranges::all_of(mask.items, hidesNothing);
}

// Masks also have the shape of the values.
bool hidesSame(const Json& a, const Json& b) {
    if (a.isTrue() || b.isTrue()) return a.isTrue() && b.isTrue();
    if (hidesNothing(a) || hidesNothing(b)) return hidesNothing(a) && hidesNothing(b);
    if (a.isArray() || b.isArray()) return std::ranges::equal(a.items, b.items, hidesSame);
    return std::ranges::all_of(a.keys,
                               [&](const std::string& key) { return hidesSame(a[key], b[key]); }) &&
           std::ranges::all_of(b.keys,
                               [&](const std::string& key) { return hidesSame(a[key], b[key]); });
}

}  // namespace

bool ObjectReader::fill(PlannedObject& object) {
    Sensitivity sensitivity;
    if (!read(object.drift, object.drifted, sensitivity, object.sensitivityMoved) ||
        !read(object.change, object.planned, sensitivity, object.sensitivityMoved))
        return false;
    if (const auto* block = configuration_.find(object.entry().address))
        if (!read(block->expressions, object.expressions)) return false;
    if (object.change != nullptr && !read(object.change->replacePaths, object.replacePaths))
        return false;
    auto rules = rulesOf(object);
    for (auto& difference : differences(object, sensitivity)) {
        rules.spellingCounts = destroys(object, difference.path);
        auto verdict = judge(difference, rules);
        // Git does not know yet what it wants: that is left to tell.
        if (verdict == LeafVerdict::Cosmetic && difference.gitUnknown &&
            object.action() == PlanAction::Update)
            verdict = LeafVerdict::Unknown;
        difference.reordered = difference.reordered && !rules.spellingCounts;
        object.leaves.push_back({std::move(difference), verdict});
    }
    settleFollowing(object);
    return true;
}

LeafRules ObjectReader::rulesOf(const PlannedObject& object) const {
    LeafRules rules;
    rules.expressions = &object.expressions;
    rules.sensitivityMoved = object.sensitivityMoved;
    rules.place = place_;
    const auto it = ignored_.find(withoutKeys(object.entry().address));
    if (it != ignored_.end()) rules.ignored = &it->second;
    return rules;
}

bool ObjectReader::read(std::string_view text, Json& value) {
    if (text.empty()) return true;
    auto result = readJson(text);
    if (!result) return false;
    value = std::move(*result);
    return true;
}

bool ObjectReader::read(const PlanEntry* entry, Values& values, Sensitivity& sensitivity,
                        bool& moved) {
    if (entry == nullptr) return true;
    Json before;
    Json after;
    if (!read(entry->beforeSensitive, before) || !read(entry->afterSensitive, after)) return false;
    sensitivity.add(before);
    sensitivity.add(after);
    // What is made or goes has no masks on the other side.
    const bool stays = entry->existed() && !entry->after.empty() && entry->after != "null";
    moved = moved || (stays && !hidesSame(before, after));
    return read(entry->before, values.before) && read(entry->after, values.after) &&
           read(entry->afterUnknown, values.unknown);
}

}  // namespace driftkeeper::terraform
