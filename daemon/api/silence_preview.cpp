#include "daemon/api/silence_preview.hpp"

#include <algorithm>
#include <functional>

#include "daemon/alert/decide/routes.hpp"
#include "daemon/page/fleet_filter.hpp"
#include "daemon/settings/matcher.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t previewedStacks = 10;
constexpr std::size_t mostReadDrifts =
    400;  // one by one, where the match asks for more than their stack

// A stack with one of its drifts, or none, as a silence sees it.
RouteSubject subjectOf(const StackLine& line) {
    RouteSubject subject;
    subject.repository = line.repository;
    subject.stack = line.stack;
    subject.provider = line.provider;
    return subject;
}

// What the match says of stacks alone.
RouteMatch ofStacks(RouteMatch match) {
    match.side.clear();
    match.change.clear();
    match.severity.clear();
    match.type.clear();
    match.kind.clear();
    match.owner.clear();
    return match;
}

// Whether it says more than that: then the drifts of a stack match one by one.
bool choosesDrifts(const RouteMatch& match) {
    RouteMatch stacks = ofStacks(match);
    stacks.owner = match.owner;
    return stacks != match;
}

std::size_t matchingDrifts(const RouteMatch& match, const StackStatus& status,
                           RouteSubject subject) {
    subject.owner = status.stack.owner;
    subject.codeOwners = status.stack.codeOwners;
    return static_cast<std::size_t>(std::ranges::count_if(status.open, [&](const Finding& finding) {
        subject.type = finding.drift.type;
        subject.side = finding.drift.side;
        subject.change = finding.drift.change;
        subject.severity = finding.drift.severity;
        return matches(match, subject);
    }));
}

bool isOwnedByOneOf(const StackLine& line, const std::vector<std::string>& owners) {
    return owners.empty() || std::ranges::any_of(line.owners, [&](const std::string& owner) {
               return std::ranges::find(owners, owner) != owners.end();
           });
}

}  // namespace

Result<page::SilencePreview> previewOf(const ApiWorld& world, const RouteMatch& match) {
    const RouteMatch stacks = ofStacks(match);
    auto lines = world.overview.stacks();
    std::erase_if(lines, [&](const StackLine& line) {
        return !matches(stacks, subjectOf(line)) || !isOwnedByOneOf(line, match.owner);
    });
    std::ranges::stable_sort(lines, std::greater(),
                             [](const StackLine& line) { return page::driftsOf(line); });
    page::SilencePreview preview;
    preview.stacks = lines.size();
    std::size_t read = 0;
    for (const StackLine& line : lines) {
        if (page::driftsOf(line) == 0) break;
        if (!choosesDrifts(match)) {
            preview.drifts += page::driftsOf(line);
            continue;
        }
        preview.isWhole = read < mostReadDrifts;
        if (!preview.isWhole) break;
        const auto status = world.store.stacks.status(line.id);
        if (!status) return std::unexpected(status.error());
        if (*status) preview.drifts += matchingDrifts(match, **status, subjectOf(line));
        read += page::driftsOf(line);
    }
    lines.resize(std::min(lines.size(), previewedStacks));
    preview.first = std::move(lines);
    return preview;
}

}  // namespace driftkeeper
