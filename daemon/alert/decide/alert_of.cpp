#include "daemon/alert/decide/alert_of.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "daemon/alert/decide/announce.hpp"
#include "daemon/alert/decide/mutes.hpp"
#include "daemon/alert/decide/routes.hpp"
#include "daemon/judge/reconcile.hpp"

namespace driftkeeper {
namespace {

constexpr std::string_view removedChannel = "the settings no longer have this channel";

bool isTaken(DeliveryState state) noexcept {
    return state == DeliveryState::Delivered || state == DeliveryState::Accepted;
}

bool isWaiting(DeliveryState state) noexcept {
    return state == DeliveryState::Pending || state == DeliveryState::Sending;
}

bool hasChannel(const Settings& settings, const std::string& channel) {
    return std::ranges::find(settings.channels, channel, &ChannelSettings::name) !=
           settings.channels.end();
}

std::string because(std::string_view what, const std::string& outcome) {
    return std::string(what) + (outcome.empty() ? "" : ": " + outcome);
}

// What the channel's deliveries say of a finding: those since it joined hold it.
ChannelAlert channelAlert(const AlertFacts::Trail& trail, const std::string& channel,
                          TimePoint joined, bool isInSettings) {
    ChannelAlert alert;
    alert.channel = channel;
    const AlertFacts::Sent* head = nullptr;    // what goes out next; whatever comes behind it waits
    const AlertFacts::Sent* newest = nullptr;  // that holds the finding
    for (const auto& sent : trail.deliveries) {
        if (sent.channel != channel) continue;
        if (head == nullptr && isWaiting(sent.state)) head = &sent;
        if (sent.created < joined) continue;
        newest = &sent;
        if (!alert.at && isTaken(sent.state)) alert.at = sent.attempted.value_or(sent.created);
    }
    if (alert.at) alert.state = AlertState::Delivered;
    if (newest == nullptr) {
        alert.error = isInSettings ? "its deliveries were removed by retention" : removedChannel;
    } else if (isWaiting(newest->state)) {
        alert.error = isInSettings ? head->lastOutcome : because(removedChannel, head->lastOutcome);
        if (isInSettings) alert.nextTry = head->nextAttempt;
    } else if (newest->state == DeliveryState::Dead) {
        alert.error = because("given up", newest->lastOutcome);
    } else if (newest->state == DeliveryState::Dropped) {
        alert.error = because("dropped by an operator", newest->lastOutcome);
    }
    return alert;
}

// One a channel; the worse one where two incidents lead to it.
std::vector<ChannelAlert> channelsOf(const std::string& findingId, const AlertWorld& world) {
    std::vector<ChannelAlert> channels;
    const auto [first, last] = world.facts.joinedBy.equal_range(findingId);
    for (auto it = first; it != last; ++it) {
        const auto& [incidentId, joined] = it->second;
        const auto trail = world.facts.incidents.find(incidentId);
        if (trail == world.facts.incidents.end()) continue;
        for (const auto& channel : trail->second.channels) {
            auto alert =
                channelAlert(trail->second, channel, joined, hasChannel(world.settings, channel));
            const auto known = std::ranges::find(channels, channel, &ChannelAlert::channel);
            if (known == channels.end())
                channels.push_back(std::move(alert));
            else if (alert.state < known->state)
                *known = std::move(alert);
        }
    }
    return channels;
}

AlertState worstOf(const std::vector<ChannelAlert>& channels, const Settings& settings) {
    if (channels.empty()) return AlertState::NoRoute;
    const auto counts = [&](const ChannelAlert& one) {
        return one.state == AlertState::Delivered || hasChannel(settings, one.channel);
    };
    const bool anyCounts = std::ranges::any_of(channels, counts);
    const bool allDelivered = std::ranges::all_of(channels, [&](const ChannelAlert& one) {
        return one.state == AlertState::Delivered || (anyCounts && !counts(one));
    });
    return allDelivered ? AlertState::Delivered : AlertState::Undelivered;
}

Alert deferredAlert(const Finding& finding, const Stack& stack, const AlertWorld& world) {
    Alert alert;
    const auto mute =
        activeMute(world.settings.mutes, world.silences, subjectOf(stack, finding.drift),
                   world.settings.timeZone, world.now);
    alert.state = mute ? AlertState::Muted : AlertState::Grouping;
    alert.until = mute ? mute->until : *finding.deferredUntil;
    if (!mute) return alert;
    (mute->isWindow ? alert.window : alert.silence) = mute->name;
    alert.reason = mute->reason;
    return alert;
}

}  // namespace

Alert alertOf(const Finding& finding, const Stack& stack, const AlertWorld& world) {
    Alert alert;
    if (!finding.isConfirmed()) {
        alert.until = confirmableAt(finding, policyOf(world.settings.checks));
        return alert;
    }
    if (finding.deferredUntil) return deferredAlert(finding, stack, world);
    alert.channels = channelsOf(finding.id, world);
    alert.state = worstOf(alert.channels, world.settings);
    if (alert.state != AlertState::NoRoute) return alert;
    const auto routes =
        routesFor(world.settings.routes, world.settings.channels, subjectOf(stack, finding.drift));
    alert.routeMatchesNow =
        std::ranges::any_of(routes, [](const Route& route) { return !route.channels.empty(); });
    return alert;
}

AlertCounts countAlerts(const std::vector<Stack>& stacks, const AlertWorld& world) {
    AlertCounts counts{};
    const auto count = [&](AlertState state) { ++counts[static_cast<std::size_t>(state)]; };
    std::map<std::string_view, const Stack*> byId;
    for (const auto& stack : stacks) byId.emplace(stack.id, &stack);
    for (const auto& finding : world.facts.waiting)
        if (const auto stack = byId.find(finding.stackId); stack != byId.end())
            count(alertOf(finding, *stack->second, world).state);
    const auto& joined = world.facts.joinedBy;
    for (auto it = joined.begin(); it != joined.end(); it = joined.upper_bound(it->first))
        count(worstOf(channelsOf(it->first, world), world.settings));
    return counts;
}

}  // namespace driftkeeper
