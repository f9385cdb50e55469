#include "parsers/terraform/following.hpp"

#include <algorithm>
#include <utility>

namespace driftkeeper::terraform {

Following::Unknown Following::unknownOf(const PlannedObject& object) {
    Unknown unknown;
    for (auto& leaf : object.leavesOf(LeafVerdict::Unknown)) {
        if (!sets(object.expressions, leaf.difference.path)) {
            unknown.unset.push_back(std::move(leaf));
        } else if (isTriggered(object) || followsAnotherChange(object, &leaf)) {
            unknown.following.push_back(std::move(leaf));
        } else {
            unknown.own.push_back(std::move(leaf));
        }
    }
    return unknown;
}

bool Following::isTriggered(const PlannedObject& object) {
    return object.change != nullptr && object.change->reason == "replace_by_triggers";
}

bool Following::followsAnotherChange(const PlannedObject& object, const Leaf* leaf) {
    const auto* block = configuration_.find(object.entry().address);
    if (block == nullptr) return false;
    const auto blocks = leaf == nullptr
                            ? configuration_.references(*block)
                            : configuration_.references(*block, leaf->difference.path.front().text);
    return std::ranges::any_of(blocks, [&](std::size_t index) {
        const auto& used = configuration_.blocks()[index];
        return used.address != block->address && changing_.contains(used.address);
    });
}

bool Following::isDataSourcesAnswer(const PlannedObject& object, const Leaf& leaf) {
    const auto* block = configuration_.find(object.entry().address);
    if (block == nullptr || leaf.difference.path.empty() || object.entry().importing) return false;
    auto blocks = configuration_.references(*block, leaf.difference.path.front().text);
    std::erase_if(blocks,
                  [&](std::size_t index) { return configuration_.blocks()[index].variable; });
    const auto isData = [&](std::size_t index) { return !configuration_.blocks()[index].managed; };
    if (context_.states == nullptr)
        return !blocks.empty() && std::ranges::all_of(blocks, isData) &&
               context_.source == SourceSince::Unchanged;
    return std::ranges::any_of(blocks, [&](std::size_t index) {
        const auto& address = configuration_.blocks()[index].address;
        return isData(index) && (answeredAnew().contains(address) || changing_.contains(address));
    });
}

const std::unordered_set<std::string>& Following::answeredAnew() {
    if (answeredKnown_) return answeredAnew_;
    answeredKnown_ = true;
    for (const auto& [address, tag] : context_.states->after.dataSources) {
        const auto before = context_.states->before.dataSources.find(address);
        const bool isNew =
            before != context_.states->before.dataSources.end() && before->second != tag;
        if (isNew) answeredAnew_.insert(withoutKeys(address));
    }
    return answeredAnew_;
}

}  // namespace driftkeeper::terraform
