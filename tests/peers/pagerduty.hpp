#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// PagerDuty's Events API v2. Source: developer.pagerduty.com/docs/events-api-v2/trigger-events, and
// the schema in PagerDuty/api-schema.
class PagerDutyPeer : public Peer {
public:
    struct Alert {
        std::string key;
        Json payload;  // of the first event; later ones are only logged
        int triggers = 0;
        bool isOpen = true;
    };
    explicit PagerDutyPeer(std::string key) : key_(std::move(key)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Alert>& alerts() const { return alerts_; }

private:
    void checkPayload(const Json& payload);
    void checkLinks(const Json& event);

    std::string key_;
    std::vector<Alert> alerts_;
};

}  // namespace driftkeeper::tests
