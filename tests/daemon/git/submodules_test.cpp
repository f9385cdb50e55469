#include "daemon/git/submodules.hpp"

#include <doctest/doctest.h>

#include "git_lab.hpp"

using namespace driftkeeper;
using namespace driftkeeper::tests;

namespace submodules_test {
namespace {

std::string urlFor(const std::string& parent, const std::string& url) {
    const auto settings =
        submoduleSettings(repositoryAt(parent), parent, "m", url, std::string(40, 'a'), "/nowhere");
    return settings ? settings->url : settings.error().message;
}

bool hasCredentials(const std::string& parent, const std::string& url) {
    auto top = repositoryAt(parent);
    top.credentials.password.value = "secret";
    const auto settings =
        submoduleSettings(top, parent, "m", url, std::string(40, 'a'), "/nowhere");
    REQUIRE_MESSAGE(settings, (settings ? "" : settings.error().message));
    return settings->credentials.password.given();
}

}  // namespace

TEST_CASE("of .gitmodules the path and the url count") {
    const auto all = readGitmodules(
        "# comment\n[core]\n\tpath = no\n\turl = no\n[submodule \"a b\"]\n\tpath = \"a b\" ; c\n"
        "\turl = ../x.git # c\n\tupdate = !evil\n[Submodule \"c\"]\n  URL=https://h/c\n"
        "  Path=./sub/c/\n[submodule \"half\"]\n\tpath = half\n[submodule \"out\"]\n"
        "\tpath = ../out\n\turl = x\n[submodule \"q\"]\n\tpath = q\n\turl = \"a#b\"");
    CHECK(all == std::map<std::string, std::string>{
                     {"a b", "../x.git"}, {"q", "a#b"}, {"sub/c", "https://h/c"}});
}

TEST_CASE("a relative url is relative to the repository's") {
    CHECK(urlFor("https://h/org/infra.git", "../mods.git") == "https://h/org/mods.git");
    CHECK(urlFor("https://h/org/infra/", "./sub") == "https://h/org/infra/sub");
    CHECK(urlFor("https://h/org/infra", "../../other/x") == "https://h/other/x");
    CHECK(urlFor("git@h:org/infra.git", "../mods.git") == "git@h:org/mods.git");
    CHECK(urlFor("git@h:infra.git", "../mods.git") == "git@h:mods.git");
    CHECK(urlFor("/srv/git/infra", "../mods") == "/srv/git/mods");
    CHECK(urlFor("https://h/org/infra", "https://other/x") == "https://other/x");
}

TEST_CASE("credentials go to their own host only") {
    CHECK(hasCredentials("https://h/infra", "../mods"));
    CHECK(hasCredentials("https://h/infra", "https://h/mods"));
    CHECK(hasCredentials("git@h:infra", "ssh://git@h/mods"));
    CHECK_FALSE(hasCredentials("https://h/infra", "https://other/mods"));
    CHECK_FALSE(hasCredentials("https://h/infra", "https://h:8443/mods"));
    CHECK_FALSE(hasCredentials("git@h:infra", "https://other/mods"));
}

TEST_CASE("a submodule of a repository elsewhere does not lead to the daemon's machine") {
    for (const char* url : {"/srv/secret", "file:///srv/secret", "http://127.0.0.1:9743/x"}) {
        CAPTURE(url);
        CHECK(urlFor("https://h/infra", url).find("leads to the daemon's own machine") !=
              std::string::npos);
    }
    CHECK(urlFor("https://h/infra", "ext::sh -c evil").find("url") != std::string::npos);
    CHECK(urlFor("http://127.0.0.1:1/infra", "http://127.0.0.1:2/x").find("own machine") !=
          std::string::npos);
}

}  // namespace submodules_test
