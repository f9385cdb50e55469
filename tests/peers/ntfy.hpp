#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// An ntfy server that takes JSON at its root. Source: docs.ntfy.sh/publish, server/server.go of
// binwiederhier/ntfy.
class NtfyPeer : public Peer {
public:
    explicit NtfyPeer(std::string topic, std::string token = "")
        : topic_(std::move(topic)), token_(std::move(token)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Json>& messages() const { return messages_; }

private:
    void check(const Json& body);

    std::string topic_;
    std::string token_;  // empty: everybody may publish
    std::vector<Json> messages_;
};

}  // namespace driftkeeper::tests
