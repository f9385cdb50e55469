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
    // The real thing, by one text for every tool (identity.hpp); empty: not known.
    std::string identity{};

    bool operator==(const Resource&) const = default;
};

// One end of an edge that leaves the stack. Both ends name the same thing by the same text:
//   an identity                 a real thing; a resource offers its own without saying so
//   tfstate:BACKEND#OUTPUT      an output of a Terraform state
//   tfstate:BACKEND             the state itself: who offers it reads that state
//   cfn-export:REGION:NAME      an export of a CloudFormation stack
// or whatever else a provider says.
struct Tie {
    std::string address;  // of this stack; empty: the stack as a whole
    std::string key;

    bool operator==(const Tie&) const = default;
};

// The resources of one stack and what depends on what. Not thread-safe while it is built.
class ResourceGraph {
public:
    // Room for so many resources: faster, nothing else.
    void reserve(std::size_t resources);

    // Adds a resource; an address that is there already is left as it is.
    void add(Resource resource);

    // Says that `dependent` uses `dependency`. Addresses that are not in the graph are dropped
    // silently, cycles are allowed.
    void link(std::string_view dependent, std::string_view dependency);
    void link(std::size_t dependent, std::size_t dependency);  // positions in resources()

    // Says that others can use `address` by this key, or that `address` uses what some other stack
    // offers by it.
    void offer(std::string_view address, std::string_view key);
    void need(std::string_view address, std::string_view key);

    [[nodiscard]] const std::vector<Tie>& offers() const noexcept { return offers_; }
    [[nodiscard]] const std::vector<Tie>& needs() const noexcept { return needs_; }

    [[nodiscard]] const std::vector<Resource>& resources() const noexcept { return resources_; }
    [[nodiscard]] bool contains(std::string_view address) const;
    [[nodiscard]] const Resource* find(
        std::string_view address) const;  // nullptr: not there; valid until the next add

    // Addresses of what uses `address` directly, sorted; empty for an unknown address.
    [[nodiscard]] std::vector<std::string> dependentsOf(std::string_view address) const;

    // How many resources are reached from `address` against the arrows, itself not counted; 0 for
    // an unknown address.
    [[nodiscard]] std::size_t countDependents(std::string_view address) const;

private:
    std::vector<Resource> resources_;
    // Looked up by views without making a string of them.
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };

    std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index_;  // by address
    std::vector<std::vector<std::size_t>> uses_;    // parallel to resources_, no duplicates
    std::vector<std::vector<std::size_t>> usedBy_;  // the same arrows from the other end
    std::vector<Tie> offers_;
    std::vector<Tie> needs_;
};

}  // namespace driftkeeper
