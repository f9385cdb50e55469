#include "daemon/alert/decide/reconcilers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace driftkeeper {
namespace {

constexpr std::size_t mostTroublesNamed = 3;

std::string sentence(const std::string& stack, const std::vector<ReconcilerTrouble>& troubles) {
    std::string text = fmt::format("A reconciler does not apply Git in {}: ", stack);
    const auto count = std::min(troubles.size(), mostTroublesNamed);
    for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "; " : "") + troubles[i].text;
    return count < troubles.size() ? text + fmt::format("; and {} more", troubles.size() - count)
                                   : text;
}

}  // namespace

Trouble reconcilerTrouble(const StackStatus& status) {
    Trouble trouble;
    trouble.kind = IncidentKind::Reconciler;
    trouble.subject = status.stack.id;
    trouble.shownName = status.stack.fullName();
    trouble.stacks = {status};
    if (!status.last || status.last->report.reconcilers.empty()) return trouble;
    const auto& troubles = status.last->report.reconcilers;
    const auto& first = troubles.front().code;
    const bool isOne = std::ranges::all_of(
        troubles, [&](const ReconcilerTrouble& one) { return one.code == first; });
    trouble.cause = isOne ? first : "several";
    trouble.text = sentence(trouble.shownName, troubles);
    return trouble;
}

Decision alertReconcilers(const Memory& memory, const StackStatus& status,
                          const AlertContext& context) {
    if (!status.last || status.last->report.completeness == Completeness::Failed) return {};
    const auto trouble = reconcilerTrouble(status);
    if (!status.last->report.reconcilers.empty())
        return isMuted(trouble, context) ? Decision() : openTrouble(memory, trouble, context);
    return status.last->complete() ? closeTrouble(memory, trouble, "reconciling", context)
                                   : Decision();
}

}  // namespace driftkeeper
