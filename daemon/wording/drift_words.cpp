#include "daemon/wording/drift_words.hpp"

#include <fmt/format.h>

#include <array>

namespace driftkeeper {

std::string_view wordOf(Verdict verdict) noexcept {
    constexpr std::array<std::string_view, 4> words = {"in sync", "drifted", "unapplied",
                                                       "inconclusive"};
    return words[static_cast<std::size_t>(verdict)];
}

std::string counted(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string alsoUsedBy(const Drift& drift) {
    if (drift.dependentsElsewhere.empty()) return {};
    const auto& first = drift.dependentsElsewhere.front();
    std::string text = "also used by " + first.stack;
    if (!first.address.empty()) text += ": " + first.address;
    const auto left = drift.dependentsElsewhere.size() - 1;
    return left == 0 ? text : text + fmt::format(" (+{} more)", left);
}

std::string changedBy(const Drift& drift) {
    return drift.changedBy.empty() ? std::string() : "changed by " + drift.changedBy;
}

std::string changedWhere(const Drift& drift) {
    switch (drift.side) {
        case Side::Live:
            return fmt::format("{} live", name(drift.change));
        case Side::Git:
            return fmt::format("{} in Git", name(drift.change));
        case Side::Both:
            return fmt::format("conflict: {} live, {} in Git",
                               name(drift.liveChange.value_or(drift.change)),
                               name(drift.gitChange.value_or(Change::Modified)));
        case Side::Unknown:
            break;
    }
    return fmt::format("{}, side unknown", name(drift.change));
}

}  // namespace driftkeeper
