#include "daemon/wording/alert_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <vector>

#include "daemon/model/utc.hpp"

namespace driftkeeper {
namespace {

// To the second.
std::string timeText(const std::optional<TimePoint>& time) {
    return time ? utcText(std::chrono::floor<Seconds>(*time)) : "an unknown time";
}

std::string mutedText(const Alert& alert) {
    const bool isSilence = !alert.silence.empty();
    return fmt::format("muted until {} by {} {}{}{}", timeText(alert.until),
                       isSilence ? "silence" : "the mute window",
                       isSilence ? alert.silence : alert.window, alert.reason.empty() ? "" : ": ",
                       alert.reason);
}

std::string undeliveredText(const ChannelAlert& one) {
    if (one.error.empty()) return one.channel + " (on its way)";
    const auto next = one.nextTry ? "; next try " + timeText(one.nextTry) : "";
    return fmt::format("{} ({}{})", one.channel, one.error, next);
}

std::string deliveredText(const ChannelAlert& one) {
    const auto text = fmt::format("{} at {}", one.channel, timeText(one.at));
    return one.error.empty() ? text
                             : fmt::format("{} (a later update is not: {})", text, one.error);
}

std::string channelsText(const Alert& alert) {
    std::vector<std::string> undelivered;
    std::vector<std::string> delivered;
    for (const auto& one : alert.channels) {
        if (one.state == AlertState::Delivered)
            delivered.push_back(deliveredText(one));
        else
            undelivered.push_back(undeliveredText(one));
    }
    std::vector<std::string> parts;
    if (!undelivered.empty())
        parts.push_back(fmt::format("undelivered: {}", fmt::join(undelivered, ", ")));
    if (!delivered.empty())
        parts.push_back(fmt::format("delivered: {}", fmt::join(delivered, ", ")));
    if (alert.state == AlertState::Delivered && parts.size() == 2) std::swap(parts[0], parts[1]);
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

std::string alertText(const Alert& alert) {
    switch (alert.state) {
        case AlertState::Suppressed:
            return "suppressed by " + alert.rule;
        case AlertState::Unconfirmed:
            return alert.until
                       ? fmt::format("unconfirmed until {} at the earliest", timeText(alert.until))
                       : "unconfirmed";
        case AlertState::Grouping:
            return fmt::format("grouping until {}: waits for others of the same cause",
                               timeText(alert.until));
        case AlertState::Muted:
            return mutedText(alert);
        case AlertState::NoRoute:
            return alert.routeMatchesNow ? "no route matched when it was confirmed: nobody is "
                                           "alerted; one matches now, "
                                           "for what opens from now on"
                                         : "no route matches: nobody is alerted";
        case AlertState::Undelivered:
        case AlertState::Delivered:
            break;
    }
    return channelsText(alert);
}

}  // namespace driftkeeper
