#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// Markdown without its code spans and with what a backslash protects taken out: what is left may
// mean something.
std::string markdownThatCounts(const std::string& markdown);

// Whether one of these marks stands before a letter or a digit, other than in an address.
bool refers(const std::string& text, const std::string& marks);

// The issues of one repository. Source: docs.github.com/rest/issues/issues,
// docs.github.com/rest/issues/comments.
class GithubPeer : public Peer {
public:
    struct Issue {
        std::uint64_t number = 0;
        std::string title;
        std::string body;
        std::string state = "open";
        std::string reason;
        std::vector<std::string> labels;
        std::vector<std::string> comments;
        int edits = 0;
    };
    GithubPeer(std::string token, std::string repository)
        : token_(std::move(token)), path_("/repos/" + std::move(repository) + "/issues") {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] std::vector<Issue>& issues() { return issues_; }
    [[nodiscard]] int searches() const { return searches_; }

private:
    std::string markdown(const Json& body);
    HttpAnswer list(const std::string& query);
    HttpAnswer create(const Json& body);
    HttpAnswer change(Issue& issue, const Json& body);
    HttpAnswer comment(Issue& issue, const Json& body);

    std::string token_;
    std::string path_;
    std::vector<Issue> issues_;
    int searches_ = 0;
};

}  // namespace driftkeeper::tests
