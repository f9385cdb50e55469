#pragma once

#include <string_view>

#include "daemon/notify/channel.hpp"

namespace driftkeeper {

// What a word of Slack's means, whatever the status of the answer; of webhooks and of the Web API.
// nullopt: not known. Source: api.slack.com/messaging/webhooks,
// api.slack.com/methods/chat.postMessage and chat.update.
std::optional<AttemptResult> judgeSlackWord(std::string_view word);

}  // namespace driftkeeper
