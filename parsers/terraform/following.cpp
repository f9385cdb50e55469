#include "parsers/terraform/following.hpp"

#include <algorithm>
#include <iterator>
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

Following::Wanted Following::wantedOf(const PlannedObject& object) {
    Wanted wanted;
    std::vector<Leaf> unset;
    for (auto& leaf : object.leavesOf(LeafVerdict::Git)) {
        if (isDataSourcesAnswer(object, leaf))
            wanted.answered.push_back(std::move(leaf));
        else if (mayBeSet(object.expressions, leaf.difference.path))
            wanted.asked.push_back(std::move(leaf));
        else
            unset.push_back(std::move(leaf));
    }
    const bool follows = wanted.asked.empty() && !wanted.answered.empty();
    std::ranges::move(unset, std::back_inserter(follows ? wanted.answered : wanted.asked));
    return wanted;
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
    return std::ranges::any_of(blocks, [&](std::size_t index) { return isAnswered(index, 0); });
}

// A data source with a new answer, or a resource that the plan acts on because of one.
bool Following::isAnswered(std::size_t index, int depth) {
    constexpr int deepest = 8;
    const auto& used = configuration_.blocks()[index];
    const bool isChanging = changing_.contains(used.address);
    if (!used.managed) return answeredAnew().contains(used.address) || isChanging;
    return isChanging && depth < deepest &&
           std::ranges::any_of(configuration_.references(used),
                               [&](std::size_t next) { return isAnswered(next, depth + 1); });
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
