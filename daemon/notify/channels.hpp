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

// A Slack incoming webhook: blocks, or text only.
std::unique_ptr<Channel> makeSlack(const ChannelSettings& settings, const std::string& externalUrl);

}  // namespace driftkeeper
