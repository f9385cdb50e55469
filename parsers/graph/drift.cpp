#include "parsers/graph/drift.hpp"

#include "parsers/graph/words.hpp"

namespace driftkeeper {
namespace {

constexpr Words<Side, 4> sides{{"live", "git", "both", "unknown"}};
constexpr Words<Change, 3> changes{{"modified", "deleted", "created"}};
constexpr Words<Severity, 3> severities{{"info", "warning", "critical"}};

}  // namespace

std::string_view name(Side side) noexcept {
    return sides.of(side);
}
std::string_view name(Change change) noexcept {
    return changes.of(change);
}
std::string_view name(Severity severity) noexcept {
    return severities.of(severity);
}

std::optional<Side> sideFrom(std::string_view word) noexcept {
    return sides.from(word);
}
std::optional<Change> changeFrom(std::string_view word) noexcept {
    return changes.from(word);
}
std::optional<Severity> severityFrom(std::string_view word) noexcept {
    return severities.from(word);
}

}  // namespace driftkeeper
