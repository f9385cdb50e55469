#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace driftkeeper {

// One managed resource instance.
struct Resource {
    std::string address;
    std::string type;
    std::string id;        // physical id; may be empty
    std::string provider;  // full provider address; may be empty

    bool operator==(const Resource&) const = default;
};

// The resources of one stack and what depends on what. Not thread-safe while it is built.
class ResourceGraph {
public:
    // Room for so many resources: faster, nothing else.
    void reserve(std::size_t resources);

    // Adds a resource; an address that is there already is left as it is.
    void add(Resource resource);

    // Says that `dependent` uses `dependency`. Addresses that are not in the graph are dropped silently, cycles are
    // allowed.
    void link(std::string_view dependent, std::string_view dependency);
    void link(std::size_t dependent, std::size_t dependency);  // positions in resources()

    [[nodiscard]] const std::vector<Resource>& resources() const noexcept { return resources_; }
    [[nodiscard]] bool contains(std::string_view address) const;

    // Addresses of what uses `address` directly, sorted; empty for an unknown address.
    [[nodiscard]] std::vector<std::string> dependentsOf(std::string_view address) const;

    // How many resources are reached from `address` against the arrows, itself not counted; 0 for an unknown address.
    [[nodiscard]] std::size_t countDependents(std::string_view address) const;

private:
    std::vector<Resource> resources_;
    // Looked up by views without making a string of them.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };

    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index_;  // by address
    std::vector<std::vector<std::size_t>> uses_;    // parallel to resources_, no duplicates
    std::vector<std::vector<std::size_t>> usedBy_;  // the same arrows from the other end
};

}  // namespace driftkeeper
