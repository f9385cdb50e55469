#include "daemon/alert/decide/ownership.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace driftkeeper {
namespace {

constexpr std::size_t mostFilesNamed = 3;
constexpr std::string_view consequence =
    "each undoes what the others apply; all but one have to let go of";

std::string ownersText(const DualOwnership& one) {
    std::string text;
    for (std::size_t i = 0; i < one.owners.size(); ++i) {
        if (i > 0) text += i + 1 == one.owners.size() ? " and " : ", ";
        text += fmt::format("{} ({})", one.owners[i].stack, one.owners[i].address);
    }
    return text;
}

std::string stacksOf(const DualOwnership& one, std::string_view between) {
    std::string text;
    for (const auto& owner : one.owners)
        text += fmt::format("{}{}", text.empty() ? "" : between, owner.stack);
    return text;
}

std::string subjectOf(const DualOwnership& one) {
    return stacksOf(one, " + ");
}

OwnershipNews::Opening opening(const std::string& subject, const DualOwnership& first,
                               std::string text) {
    OwnershipNews::Opening result;
    result.trouble.kind = IncidentKind::Ownership;
    result.trouble.subject = result.trouble.shownName = subject;
    result.trouble.cause = "dual_ownership";
    result.trouble.text = std::move(text);
    for (const auto& owner : first.owners) result.stackIds.push_back(owner.stackId);
    return result;
}

OwnershipNews::Opening single(const DualOwnership& one) {
    return opening(
        one.identity, one,
        fmt::format("{} is managed by {}: {} it", one.identity, ownersText(one), consequence));
}

OwnershipNews::Opening sharedState(const DualOwnership& one) {
    constexpr std::size_t prefix = std::string_view("tfstate:").size();
    auto result = opening(
        one.identity, one,
        fmt::format("{} keep their state in one place ({}): an apply of one destroys what the "
                    "others made; give all but one a state of their own",
                    stacksOf(one, " and "), one.identity.substr(prefix)));
    result.trouble.shownName = subjectOf(one);
    result.trouble.cause = "state_shared";
    return result;
}

OwnershipNews::Opening many(const std::vector<const DualOwnership*>& group) {
    const auto& first = *group.front();
    std::string text =
        fmt::format("{} manage the same {} things: {} them: ", stacksOf(first, " and "),
                    group.size(), consequence);
    for (std::size_t i = 0; i < std::min(group.size(), mostFilesNamed); ++i)
        text +=
            fmt::format("{}{} in {}", i > 0 ? "; " : "", group[i]->identity, ownersText(*group[i]));
    if (group.size() > mostFilesNamed)
        text += fmt::format("; and {} more", group.size() - mostFilesNamed);
    return opening(subjectOf(first), first, std::move(text));
}

Trouble closing(const Incident& incident) {
    Trouble trouble;
    trouble.kind = IncidentKind::Ownership;
    trouble.subject = trouble.shownName = incident.subject;
    trouble.cause = incident.cause;
    return trouble;
}

}  // namespace

OwnershipNews ownershipNews(const std::vector<DualOwnership>& ownerships,
                            const std::vector<Incident>& open) {
    OwnershipNews news;
    std::set<std::string> known;
    for (const auto& incident : open)
        if (incident.isOpen() && incident.kind == IncidentKind::Ownership)
            known.insert(incident.subject);

    // What is still claimed, confirmed or not, keeps its incident open.
    std::set<std::string> alive;
    std::map<std::string, std::vector<const DualOwnership*>> fresh;  // by the stacks that share
    for (const auto& one : ownerships) {
        const auto subject = subjectOf(one);
        alive.insert(one.identity);
        alive.insert(subject);
        if (!one.confirmed || known.contains(one.identity)) continue;
        if (isSharedState(one))
            news.opened.push_back(sharedState(one));
        else if (!known.contains(subject))
            fresh[subject].push_back(&one);
    }
    for (const auto& [subject, group] : fresh) {
        if (group.size() > mostSingleOwnerships)
            news.opened.push_back(many(group));
        else
            for (const auto* one : group) news.opened.push_back(single(*one));
    }
    std::set<std::string> closed;  // an incident a route, one closing for all of them
    for (const auto& incident : open)
        if (known.contains(incident.subject) && incident.kind == IncidentKind::Ownership &&
            !alive.contains(incident.subject) && closed.insert(incident.subject).second)
            news.closed.push_back(closing(incident));
    return news;
}

}  // namespace driftkeeper
