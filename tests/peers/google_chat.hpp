#pragma once

#include <map>

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// One space of Google Chat with a webhook. Source: developers.google.com/workspace/chat
// (spaces.messages.create).
class GoogleChatPeer : public Peer {
public:
    explicit GoogleChatPeer(std::string key, std::string token)
        : key_(std::move(key)), token_(std::move(token)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    // The texts of each thread, by its key.
    [[nodiscard]] const std::map<std::string, std::vector<std::string>>& threads() const {
        return threads_;
    }

private:
    std::string key_;
    std::string token_;
    std::map<std::string, std::vector<std::string>> threads_;
    std::map<std::string, std::string> names_;  // of messages, by the id of their request
};

}  // namespace driftkeeper::tests
