#include "daemon/wording/drift_words.hpp"

#include <fmt/format.h>

namespace driftkeeper {

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
            return fmt::format("conflict: {} live, {} in Git", name(drift.liveChange.value_or(drift.change)),
                               name(drift.gitChange.value_or(Change::Modified)));
        case Side::Unknown:
            break;
    }
    return fmt::format("{}, side unknown", name(drift.change));
}

}  // namespace driftkeeper
