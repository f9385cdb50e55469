#pragma once

#include "tests/peers/peer.hpp"

namespace driftkeeper::tests {

// The issues of one project. Source: docs.gitlab.com/api/issues, docs.gitlab.com/api/notes.
class GitlabPeer : public Peer {
public:
    struct Issue {
        std::uint64_t iid = 0;
        std::string title;
        std::string description;
        std::string state = "opened";
        std::string labels;
        std::vector<std::string> notes;
        int edits = 0;
    };
    // `project`: as it stands in an address, group%2Fproject.
    GitlabPeer(std::string token, std::string project)
        : token_(std::move(token)), path_("/api/v4/projects/" + std::move(project) + "/issues") {}
    HttpAnswer answer(const HttpRequest& request) override;
    [[nodiscard]] std::vector<Issue>& issues() { return issues_; }
    [[nodiscard]] int searches() const { return searches_; }

private:
    std::string markdown(const Json& body, const std::string& key);
    std::string title(const Json& body);
    HttpAnswer list(const std::string& query);
    HttpAnswer create(const Json& body);
    HttpAnswer change(Issue& issue, const Json& body);
    HttpAnswer note(Issue& issue, const Json& body);

    std::string token_;
    std::string path_;
    std::vector<Issue> issues_;
    int searches_ = 0;
};

}  // namespace driftkeeper::tests
