#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// Slack's Web API (chat.postMessage, chat.update) below /api/, and an incoming webhook at
// /services/…. Source: api.slack.com/methods, api.slack.com/reference/block-kit/blocks.
class SlackPeer : public Peer {
public:
    struct Message {
        std::string ts;
        std::string text;
        std::vector<std::string> replies;
        int edits = 0;
    };
    explicit SlackPeer(std::string token) : token_(std::move(token)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Message>& messages() const { return messages_; }

private:
    void checkBlocks(const Json& body);
    HttpAnswer post(const Json& body);
    HttpAnswer update(const Json& body);

    std::string token_;
    std::vector<Message> messages_;
};

}  // namespace driftkeeper::tests
