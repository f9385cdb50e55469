#include "parsers/graph/resource_graph.hpp"

#include <algorithm>

namespace driftkeeper {

void ResourceGraph::reserve(std::size_t resources) {
    resources_.reserve(resources);
    index_.reserve(resources);
    uses_.reserve(resources);
    usedBy_.reserve(resources);
}

void ResourceGraph::add(Resource resource) {
    const auto [it, added] = index_.try_emplace(resource.address, resources_.size());
    if (!added) return;
    resources_.push_back(std::move(resource));
    uses_.emplace_back();
    usedBy_.emplace_back();
}

void ResourceGraph::link(std::string_view dependent, std::string_view dependency) {
    const auto from = index_.find(dependent);
    const auto to = index_.find(dependency);
    if (from != index_.end() && to != index_.end()) link(from->second, to->second);
}

void ResourceGraph::link(std::size_t dependent, std::size_t dependency) {
    if (dependent == dependency) return;
    // Searched at the dependent's end: a resource uses few others, but a network is used by
    // thousands.
    auto& used = uses_[dependent];
    if (std::ranges::find(used, dependency) != used.end()) return;
    used.push_back(dependency);
    usedBy_[dependency].push_back(dependent);
}

void ResourceGraph::offer(std::string_view address, std::string_view key) {
    offers_.push_back({std::string(address), std::string(key)});
}

void ResourceGraph::need(std::string_view address, std::string_view key) {
    needs_.push_back({std::string(address), std::string(key)});
}

bool ResourceGraph::contains(std::string_view address) const {
    return index_.contains(address);
}

const Resource* ResourceGraph::find(std::string_view address) const {
    const auto it = index_.find(address);
    return it == index_.end() ? nullptr : &resources_[it->second];
}

std::vector<std::string> ResourceGraph::dependentsOf(std::string_view address) const {
    std::vector<std::string> result;
    const auto it = index_.find(address);
    if (it == index_.end()) return result;
    for (const auto user : usedBy_[it->second]) result.push_back(resources_[user].address);
    std::ranges::sort(result);
    return result;
}

std::size_t ResourceGraph::countDependents(std::string_view address) const {
    const auto it = index_.find(address);
    if (it == index_.end()) return 0;
    std::vector<bool> seen(resources_.size());
    std::vector<std::size_t> open = {it->second};
    seen[it->second] = true;
    std::size_t count = 0;
    while (!open.empty()) {
        const auto node = open.back();
        open.pop_back();
        for (const auto user : usedBy_[node]) {
            if (seen[user]) continue;
            seen[user] = true;
            ++count;
            open.push_back(user);
        }
    }
    return count;
}

}  // namespace driftkeeper
