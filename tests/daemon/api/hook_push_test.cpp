#include "daemon/api/hook_push.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace driftkeeper {
namespace hook_push_test {
namespace {

using Forge = HookSettings::Forge;
using Headers = std::map<std::string, std::string>;
using Texts = std::vector<std::string>;

// GitHub's documentation has this pair of secret, body and signature.
const std::string secret = "It's a Secret to Everybody";
const std::string body = "Hello, World!";
const std::string digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

TEST_CASE("a message is signed by who knows the secret") {
    struct Row {
        Forge forge;
        const char* header;
        std::string value;
        bool isSigned;
    };
    const Row rows[] = {
        {Forge::GitHub, "x-hub-signature-256", "sha256=" + digest, true},
        {Forge::GitHub, "x-hub-signature-256", digest, false},
        {Forge::GitHub, "x-hub-signature-256", "sha256=" + digest + "0", false},
        {Forge::GitHub, "x-hub-signature-256", "sha1=" + digest, false},
        {Forge::GitHub, "x-hub-signature-256", "", false},
        {Forge::GitHub, "x-hub-signature", "sha256=" + digest, false},
        {Forge::Bitbucket, "x-hub-signature", "sha256=" + digest, true},
        {Forge::Bitbucket, "x-hub-signature-256", "sha256=" + digest, false},
        {Forge::Gitea, "x-gitea-signature", digest, true},
        {Forge::Gitea, "x-gitea-signature", digest.substr(1), false},
        {Forge::GitLab, "x-gitlab-token", secret, true},
        {Forge::GitLab, "x-gitlab-token", secret + " ", false},
        {Forge::GitLab, "x-gitlab-token", "", false},
        {Forge::GitLab, "x-gitlab", secret, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.header);
        CAPTURE(row.value);
        CHECK(isSigned(row.forge, {{row.header, row.value}}, body, secret) == row.isSigned);
        CHECK_FALSE(isSigned(row.forge, {{row.header, row.value}}, body + "!", secret + "x"));
        CHECK_FALSE(isSigned(row.forge, {{row.header, row.value}}, body, ""));
    }
    CHECK_FALSE(isSigned(Forge::GitLab, {{"x-gitlab-token", ""}}, body, ""));
    CHECK_FALSE(
        isSigned(Forge::GitHub, {{"x-hub-signature-256", "sha256=" + digest}}, body + " ", secret));
}

TEST_CASE("what was pushed, in the words of each forge") {
    struct Row {
        Forge forge;
        Headers headers;
        const char* body;
        Texts refs;
        const char* url;
    };
    const Row rows[] = {
        {Forge::GitHub,
         {{"x-github-event", "push"}},
         R"({"ref":"refs/heads/main","repository":{"clone_url":"https://github.com/Org/infra.git","default_branch":"main"}})",
         {"refs/heads/main"},
         "https://github.com/Org/infra.git"},
        {Forge::GitHub,
         {{"x-github-event", "push"}, {"content-type", "application/x-www-form-urlencoded"}},
         "payload=%7B%22ref%22%3A%22refs%2Fheads%2Fmain%22%2C%22repository%22%3A%7B%22ssh_url%22%"
         "3A%22git%40h%3Ao%2Fr%"
         "22%7D%7D",
         {"refs/heads/main"},
         "git@h:o/r"},
        {Forge::GitHub,
         {{"x-github-event", "push"}, {"content-type", "application/x-www-form-urlencoded"}},
         R"({"ref":"refs/heads/main","repository":{"html_url":"https://h/o/r?a=%"}})",
         {"refs/heads/main"},
         "https://h/o/r?a=%"},
        {Forge::Gitea,
         {{"x-gitea-event", "push"}},
         R"({"ref":"refs/heads/dev","repository":{"clone_url":"https://git.example.com/o/r.git","ssh_url":"git@git.example.com:o/r.git"}})",
         {"refs/heads/dev"},
         "git@git.example.com:o/r.git"},
        {Forge::GitLab,
         {{"x-gitlab-event", "Push Hook"}},
         R"({"object_kind":"push","ref":"refs/heads/main","project":{"git_http_url":"https://gitlab.example.com/o/r.git","default_branch":"main"}})",
         {"refs/heads/main"},
         "https://gitlab.example.com/o/r.git"},
        {Forge::Bitbucket,
         {{"x-event-key", "repo:push"}},
         R"({"push":{"changes":[{"old":null,"new":{"type":"branch","name":"main"}},{"new":{"type":"tag","name":"v1"}}]},"repository":{"links":{"html":{"href":"https://bitbucket.org/o/r"}}}})",
         {"refs/heads/main", "refs/tags/v1"},
         "https://bitbucket.org/o/r"},
        {Forge::Bitbucket,
         {{"x-event-key", "repo:refs_changed"}},
         R"({"changes":[{"ref":{"id":"refs/heads/main"}}],"repository":{"links":{"clone":[{"href":"ssh://git@bb.example.com:7999/o/r.git"}]}}})",
         {"refs/heads/main"},
         "ssh://git@bb.example.com:7999/o/r.git"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        const auto push = pushIn(row.forge, row.headers, row.body);
        REQUIRE(push.has_value());
        CHECK(push->isPush);
        CHECK(push->refs == row.refs);
        CHECK(std::find(push->urls.begin(), push->urls.end(), row.url) != push->urls.end());
    }
}

TEST_CASE("a ping and other events are no push, and nonsense is none of a forge") {
    CHECK_FALSE(pushIn(Forge::GitHub, {{"x-github-event", "ping"}}, "{}")->isPush);
    CHECK_FALSE(pushIn(Forge::GitHub, {}, "nonsense")->isPush);
    CHECK_FALSE(pushIn(Forge::Bitbucket, {{"x-event-key", "diagnostics:ping"}}, "{}")->isPush);
    CHECK_FALSE(pushIn(Forge::GitLab, {{"x-gitlab-event", "System Hook"}},
                       R"({"event_name":"user_create"})")
                    ->isPush);
    for (const char* bad : {"", "nonsense", "[]", "1", "{\"ref\":"})
        CHECK_FALSE(pushIn(Forge::GitHub, {{"x-github-event", "push"}}, bad).has_value());
    CHECK(pushIn(Forge::GitHub, {{"x-github-event", "push"}}, R"({"ref":1,"repository":[]})")
              ->refs.empty());
}

TEST_CASE("the forms of a clone URL are one") {
    for (const char* url :
         {"https://git.example.com/Org/infra.git", "https://user@GIT.example.com:8443/Org/infra",
          "ssh://git@git.example.com:2222/Org/infra.git", "git@git.example.com:Org/infra.git",
          "git.example.com:/Org/infra", "http://git.example.com//Org/infra/"}) {
        CAPTURE(url);
        CHECK(plainUrl(url) == "git.example.com/Org/infra");
    }
    CHECK(plainUrl("/srv/infra.git") == "/srv/infra");
    CHECK(plainUrl("file:///srv/infra.git") == "/srv/infra");
    CHECK(plainUrl("ssh://git@[::1]:22/a") == "::1/a");
    CHECK(plainUrl("https://git.example.com/org/infra") !=
          plainUrl("https://git.example.com/Org/infra"));
    CHECK(plainUrl("nonsense").empty());
    CHECK(plainUrl("").empty());
}

TEST_CASE("only what the repository follows is fetched") {
    HookPush push;
    push.refs = {"refs/heads/main"};
    RepositorySettings repository;
    repository.ref = "main";
    CHECK(isAbout(push, repository));
    repository.ref = "refs/heads/main";
    CHECK(isAbout(push, repository));
    repository.ref = "ain";
    CHECK_FALSE(isAbout(push, repository));
    repository.ref = "dev";
    CHECK_FALSE(isAbout(push, repository));
    repository.ref = "";
    CHECK(isAbout(push, repository));
    push.defaultBranch = "trunk";
    CHECK_FALSE(isAbout(push, repository));
    push.refs = {"refs/tags/v1"};
    repository.ref = "v1";
    CHECK(isAbout(push, repository));
}

}  // namespace
}  // namespace hook_push_test
}  // namespace driftkeeper
