#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// One Discord webhook: it posts and edits messages. Source: discord.com/developers/docs
// (resources/webhook, resources/message).
class DiscordPeer : public Peer {
public:
    struct Message {
        std::string id;
        std::string content;
        std::string description;  // of its embed
        int colour = 0;
        int edits = 0;
    };
    // `path`: /api/webhooks/{id}/{token}. `thread`: that every request has to name.
    explicit DiscordPeer(std::string path, std::string thread = "")
        : path_(std::move(path)), thread_(std::move(thread)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Message>& messages() const { return messages_; }
    // Somebody deletes all messages.
    void forget() { messages_.clear(); }

private:
    void checkMessage(const Json& body);
    std::size_t checkEmbed(const Json& embed);
    HttpAnswer post(const Json& body);
    HttpAnswer edit(const std::string& id, const Json& body);

    std::string path_;
    std::string thread_;
    std::vector<Message> messages_;
    std::size_t made_ = 0;
};

}  // namespace driftkeeper::tests
