#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// One incoming webhook of Mattermost. Source:
// developers.mattermost.com/integrate/webhooks/incoming.
class MattermostPeer : public Peer {
public:
    struct Post {
        std::string channel;  // empty: the webhook's own
        std::string text;
        std::string details;  // the text of its attachment
        std::string colour;
    };
    // `path`: /hooks/{key}. It posts to its own channel and to `channels`.
    explicit MattermostPeer(std::string path, std::vector<std::string> channels = {})
        : path_(std::move(path)), channels_(std::move(channels)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Post>& posts() const { return posts_; }

private:
    void checkMarkdown(const std::string& text);

    std::string path_;
    std::vector<std::string> channels_;
    std::vector<Post> posts_;
};

}  // namespace driftkeeper::tests
