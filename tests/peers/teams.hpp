#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// A Power Automate workflow that posts the Adaptive Cards it is sent: it answers 202 before
// anything is posted. Source: adaptivecards.io/explorer,
// learn.microsoft.com/microsoftteams/platform (webhooks, cards).
class TeamsPeer : public Peer {
public:
    struct Card {
        std::string text;    // of all its blocks, one a line
        std::string colour;  // of the first one
        std::string link;    // of its button
    };
    explicit TeamsPeer(std::string target) : target_(std::move(target)) {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] const std::vector<Card>& cards() const { return cards_; }

private:
    void checkBlock(const Json& block, Card& card);
    void checkRun(const Json& run, Card& card);
    void checkWord(const Json& object, const std::string& key,
                   const std::vector<std::string>& words);
    void checkActions(const Json& content, Card& card);

    std::string target_;
    std::vector<Card> cards_;
};

}  // namespace driftkeeper::tests
