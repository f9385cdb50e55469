#include "daemon/notify/channel.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace driftkeeper {

// The list of all channels, in the order of `config example`: a row stands in the source file of
// its channel.
extern const ChannelKind slackChannel;
extern const ChannelKind slackBotChannel;
extern const ChannelKind teamsChannel;
extern const ChannelKind discordChannel;
extern const ChannelKind mattermostChannel;
extern const ChannelKind googleChatChannel;
extern const ChannelKind telegramChannel;
extern const ChannelKind pagerDutyChannel;
extern const ChannelKind jiraServiceManagementChannel;
extern const ChannelKind alertmanagerChannel;
extern const ChannelKind ntfyChannel;
extern const ChannelKind webhookChannel;
extern const ChannelKind emailChannel;
extern const ChannelKind githubIssueChannel;
extern const ChannelKind gitlabIssueChannel;
extern const ChannelKind execChannel;

namespace {

// clang-format off: one line each
constexpr std::array kinds = {
    &slackChannel,        &slackBotChannel,    &teamsChannel,
    &discordChannel,      &mattermostChannel,  &googleChatChannel,
    &telegramChannel,     &pagerDutyChannel,   &jiraServiceManagementChannel,
    &alertmanagerChannel, &ntfyChannel,        &webhookChannel,
    &emailChannel,        &githubIssueChannel, &gitlabIssueChannel,
    &execChannel,
};
// clang-format on

}  // namespace

std::span<const ChannelKind* const> channelKinds() noexcept {
    return kinds;
}

const ChannelKind* channelKind(std::string_view name) noexcept {
    const auto it =
        std::ranges::find(kinds, name, [](const ChannelKind* kind) { return kind->name; });
    return it == kinds.end() ? nullptr : *it;
}

std::unique_ptr<Channel> makeChannel(const ChannelSettings& settings,
                                     const std::string& externalUrl) {
    assert(settings.kind != nullptr);
    return settings.kind->make(settings, externalUrl);
}

}  // namespace driftkeeper
