#include "parsers/graph/drift.hpp"

#include <array>

namespace driftkeeper {
namespace {

constexpr std::array<std::string_view, 4> sides = {"live", "git", "both", "unknown"};
constexpr std::array<std::string_view, 3> changes = {"modified", "deleted", "created"};
constexpr std::array<std::string_view, 3> severities = {"info", "warning", "critical"};

template <class Enum, std::size_t N>
std::optional<Enum> find(const std::array<std::string_view, N>& names, std::string_view word) noexcept {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == word) return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace

std::string_view name(Side side) noexcept {
    return sides[static_cast<std::size_t>(side)];
}
std::string_view name(Change change) noexcept {
    return changes[static_cast<std::size_t>(change)];
}
std::string_view name(Severity severity) noexcept {
    return severities[static_cast<std::size_t>(severity)];
}

std::optional<Side> sideFrom(std::string_view word) noexcept {
    return find<Side>(sides, word);
}
std::optional<Change> changeFrom(std::string_view word) noexcept {
    return find<Change>(changes, word);
}
std::optional<Severity> severityFrom(std::string_view word) noexcept {
    return find<Severity>(severities, word);
}

}  // namespace driftkeeper
