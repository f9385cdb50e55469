#include "parsers/cloudformation/stack_sides.hpp"

#include <algorithm>
#include <array>

#include "parsers/cloudformation/find_in.hpp"

namespace driftkeeper::cloudformation {
namespace {

std::map<std::string, std::string> deployedValues(const StackSides& sides) {
    std::map<std::string, std::string> values;
    for (const auto& [name, given] : sides.stack.parameters) {
        const auto* declared = findIn(sides.deployed.parameters, name);
        const auto* asked = findIn(sides.git.parameters, name);
        const bool noEcho =
            (declared != nullptr && declared->noEcho) || (asked != nullptr && asked->noEcho);
        if (!noEcho) values.emplace(name, given.resolved.empty() ? given.value : given.resolved);
    }
    return values;
}

Surroundings around(const StackSides& sides) {
    Surroundings result{{}, {}, sides.stack.name, sides.stack.id};
    for (const auto& resource : sides.resources)
        result.physicalIds.emplace(resource.logicalId, resource.physicalId);
    return result;
}

bool namesPermission(std::string_view reason) {
    constexpr std::array signs{"permission",     "Permission",   "denied",   "Denied",
                               "not authorized", "Unauthorized", "Forbidden"};
    return std::ranges::any_of(signs, [&](const char* sign) { return reason.contains(sign); });
}

}  // namespace

Surroundings deployedSurroundings(const StackSides& sides) {
    Surroundings result = around(sides);
    result.parameters = deployedValues(sides);
    return result;
}

Surroundings gitSurroundings(const StackSides& sides) {
    Surroundings result = around(sides);
    const auto deployed = deployedValues(sides);
    for (const auto& [name, declared] : sides.git.parameters) {
        if (declared.noEcho) continue;
        const auto* given = findIn(sides.gitParameters, name);
        const auto* before = findIn(sides.stack.parameters, name);
        const bool isKept = before != nullptr && (given == nullptr || *given == before->value);
        if (isKept && deployed.contains(name)) {
            result.parameters.emplace(name, deployed.at(name));
        } else if (given != nullptr) {
            result.parameters.emplace(name, *given);
        } else if (declared.defaultValue) {
            result.parameters.emplace(name, *declared.defaultValue);
        }
    }
    return result;
}

Seen seen(const ResourceDrift& drift) noexcept {
    if (drift.status == "IN_SYNC" || drift.status == "MODIFIED") return Seen::Checked;
    if (drift.status == "DELETED")
        return namesPermission(drift.statusReason) ? Seen::Unreadable : Seen::Checked;
    return drift.status == "UNKNOWN" ? Seen::Unreadable : Seen::Unsupported;
}

std::size_t& countOf(Coverage& coverage, Seen how) {
    switch (how) {
        case Seen::Checked:
            return coverage.checked;
        case Seen::Unreadable:
            return coverage.unreadable;
        case Seen::Unsupported:
            break;
    }
    return coverage.unsupported;
}

Coverage coverageOf(const StackSides& sides) {
    std::map<std::string_view, Seen> checked;
    for (const auto& one : sides.checked) checked.emplace(one.logicalId, seen(one));
    Coverage coverage;
    for (const auto& resource : sides.resources) {
        const auto found = checked.find(resource.logicalId);
        const Seen how = found == checked.end() ? Seen::Unsupported : found->second;
        ++countOf(coverage, how);
    }
    return coverage;
}

}  // namespace driftkeeper::cloudformation
