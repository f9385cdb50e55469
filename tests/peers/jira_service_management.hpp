#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// The integration events of Jira Service Management, which are Opsgenie's alert API, below
// /jsm/ops/integration. Source: developer.atlassian.com/cloud/jira/service-desk-ops, "Integration
// events"; docs.opsgenie.com/docs/alert-api.
class JiraServiceManagementPeer : public Peer {
public:
    struct Alert {
        std::string alias;
        std::string message;
        std::string priority;
        std::vector<std::string> notes;
        int count = 0;
        bool isOpen = true;
    };
    explicit JiraServiceManagementPeer(std::string key) : key_(std::move(key)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Alert>& alerts() const { return alerts_; }

private:
    Alert* open(const std::string& alias);
    void create(const Json& body);
    void act(const std::string& target, const Json& body);

    std::string key_;
    std::vector<Alert> alerts_;
};

}  // namespace driftkeeper::tests
