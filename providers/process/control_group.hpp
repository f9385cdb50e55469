#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "providers/process/descriptor.hpp"
#include "providers/process/limits.hpp"

// Control groups of the kernel (cgroups(7), Documentation/admin-guide/cgroup-v2.rst), for a daemon
// to which its service manager gave a subtree (Delegate= of systemd.resource-control(5)).
namespace driftkeeper {

// The group of one call: what is in it is held by the kernel, and ends with this object.
class ControlGroup {
public:
    explicit ControlGroup(std::filesystem::path folder) : folder_(std::move(folder)) {}
    ControlGroup(ControlGroup&&) noexcept = default;
    ControlGroup& operator=(ControlGroup&&) = delete;
    ~ControlGroup();

    // Open for whoever writes "0" to it: that process is then in the group. Not open: it cannot.
    [[nodiscard]] Descriptor door() const;
    // The limit at which the kernel ended it (memory) or let nothing more begin (processes).
    [[nodiscard]] Limit over() const;
    // The most memory that it had at once; 0: the kernel does not say.
    [[nodiscard]] std::uint64_t mostMemory() const;
    // All that is in it, at once.
    void kill() const noexcept;

private:
    std::filesystem::path folder_;
};

// What there is for this process: the host's memory, or less where a control group of either
// version holds it, and the processes that such a group allows; 0: as many as there are.
Limits hostLimits();

// The subtree. Thread-safe.
class ControlGroups {
public:
    // Moves this process into a leaf of its own, so that calls get groups beside it. To be called
    // before others are started. Why not, as words for people.
    static std::expected<ControlGroups, std::string> take();
    // The same for a subtree that is at `folder`.
    static std::expected<ControlGroups, std::string> takeAt(const std::filesystem::path& folder);

    // nullopt: the kernel refuses one.
    [[nodiscard]] std::optional<ControlGroup> make(const Limits& limits) const;

private:
    explicit ControlGroups(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::filesystem::path folder_;
};

}  // namespace driftkeeper
