#pragma once

#include <memory>
#include <string>

#include "daemon/notify/channel.hpp"

// The channels that makeChannel chooses from, one source file each.
namespace driftkeeper {

// The contract's JSON, signed when there is a secret.
std::unique_ptr<Channel> makeWebhook(const ChannelSettings& settings);

// Alertmanager API v2: one alert per stack of an incident, refreshed while it is open.
std::unique_ptr<Channel> makeAlertmanager(const ChannelSettings& settings, const std::string& externalUrl);

// A Slack incoming webhook: blocks, or text only. With a bot token: one message an incident, and its thread.
std::unique_ptr<Channel> makeSlack(const ChannelSettings& settings, const std::string& externalUrl);
std::unique_ptr<Channel> makeSlackBot(const ChannelSettings& settings, const std::string& externalUrl);

// A Teams workflow: an Adaptive Card a notice.
std::unique_ptr<Channel> makeTeams(const ChannelSettings& settings, const std::string& externalUrl);

// A Discord webhook: one message an incident, edited in place.
std::unique_ptr<Channel> makeDiscord(const ChannelSettings& settings, const std::string& externalUrl);

// An incoming webhook of Mattermost or Rocket.Chat.
std::unique_ptr<Channel> makeMattermost(const ChannelSettings& settings, const std::string& externalUrl);

// A Google Chat webhook: one thread an incident.
std::unique_ptr<Channel> makeGoogleChat(const ChannelSettings& settings, const std::string& externalUrl);

// A Telegram bot: one message an incident, edited in place.
std::unique_ptr<Channel> makeTelegram(const ChannelSettings& settings, const std::string& externalUrl);

// PagerDuty's Events API v2: trigger and resolve under one key an incident.
std::unique_ptr<Channel> makePagerDuty(const ChannelSettings& settings, const std::string& externalUrl);

// Jira Service Management, and Opsgenie by its URL: one alert an incident, under an alias.
std::unique_ptr<Channel> makeJiraServiceManagement(const ChannelSettings& settings, const std::string& externalUrl);

// An ntfy topic.
std::unique_ptr<Channel> makeNtfy(const ChannelSettings& settings, const std::string& externalUrl);

// Mail: text and HTML, one thread an incident.
std::unique_ptr<Channel> makeEmail(const ChannelSettings& settings, const std::string& externalUrl);

// One issue an incident, kept up to date and closed.
std::unique_ptr<Channel> makeGithubIssue(const ChannelSettings& settings, const std::string& externalUrl);
std::unique_ptr<Channel> makeGitlabIssue(const ChannelSettings& settings, const std::string& externalUrl);

// A program that gets the contract's JSON.
std::unique_ptr<Channel> makeExec(const ChannelSettings& settings);

}  // namespace driftkeeper
