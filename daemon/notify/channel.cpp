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
    }
    assert(!"a channel type without a channel");
    return nullptr;
}

}  // namespace driftkeeper
