#include "daemon/notify/channel.hpp"

#include <cassert>

#include "daemon/notify/channels.hpp"

namespace driftkeeper {

std::unique_ptr<Channel> makeChannel(const ChannelSettings& settings, const std::string& externalUrl) {
    switch (settings.type) {
        case ChannelType::Webhook:
            return makeWebhook(settings);
        case ChannelType::Alertmanager:
            return makeAlertmanager(settings, externalUrl);
        case ChannelType::Slack:
            return makeSlack(settings, externalUrl);
        case ChannelType::SlackBot:
            return makeSlackBot(settings, externalUrl);
        case ChannelType::Teams:
            return makeTeams(settings, externalUrl);
        case ChannelType::Discord:
            return makeDiscord(settings, externalUrl);
        case ChannelType::Mattermost:
            return makeMattermost(settings, externalUrl);
        case ChannelType::GoogleChat:
            return makeGoogleChat(settings, externalUrl);
        case ChannelType::Telegram:
            return makeTelegram(settings, externalUrl);
        case ChannelType::PagerDuty:
            return makePagerDuty(settings, externalUrl);
        case ChannelType::JiraServiceManagement:
            return makeJiraServiceManagement(settings, externalUrl);
        case ChannelType::Ntfy:
            return makeNtfy(settings, externalUrl);
        case ChannelType::Email:
            return makeEmail(settings, externalUrl);
        case ChannelType::GithubIssue:
            return makeGithubIssue(settings, externalUrl);
        case ChannelType::GitlabIssue:
            return makeGitlabIssue(settings, externalUrl);
        case ChannelType::Exec:
            return makeExec(settings);
    }
    assert(!"a channel type without a channel");
    return nullptr;
}

}  // namespace driftkeeper
