#pragma once

#include <cstdint>

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// Telegram's Bot API with one bot in one chat. Source: core.telegram.org/bots/api (sendMessage,
// editMessageText, formatting options).
class TelegramPeer : public Peer {
public:
    struct Message {
        std::int64_t id = 0;
        std::string text;  // as it was sent
        std::int64_t thread = 0;
        std::int64_t replyTo = 0;
        int edits = 0;
    };
    TelegramPeer(std::string token, std::int64_t chat, std::string name = "")
        : token_(std::move(token)), chat_(chat), name_(std::move(name)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Message>& messages() const { return messages_; }
    // Somebody deletes all messages.
    void forget() { messages_.clear(); }
    // The group becomes a supergroup: another chat, without the messages.
    void migrateTo(std::int64_t chat);

private:
    bool isHtml(const std::string& text);
    void checkText(const Json& body);
    HttpAnswer send(const Json& body);
    HttpAnswer edit(const Json& body);
    HttpAnswer made(const Message& message);

    std::string token_;
    std::int64_t chat_;
    std::string name_;
    std::int64_t chatBefore_ = 0;
    std::int64_t made_ = 0;
    std::vector<Message> messages_;
};

}  // namespace driftkeeper::tests
