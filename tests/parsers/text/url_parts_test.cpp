#include "parsers/text/url_parts.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a URL falls into its parts") {
    struct Row {
        const char *url, *scheme, *user, *host, *port, *path;
    };
    const Row rows[] = {
        {"https://h.example/a/b", "https", "", "h.example", "", "/a/b"},
        {"https://me:pass@h.example:8443/a?b#c", "https", "me:pass", "h.example", ":8443",
         "/a?b#c"},
        {"http://[::1]:80/", "http", "", "::1", ":80", "/"},
        {"http://[::1]", "http", "", "::1", "", ""},
        {"http://[::1]x:80/", "http", "", "::1", "x:80", "/"},
        {"ssh://git@h/x@y", "ssh", "git", "h", "", "/x@y"},
        {"https://a@b@h?q", "https", "a@b", "h", "", "?q"},
        {"https://h:/", "https", "", "h", ":", "/"},
        {"file:///srv", "file", "", "", "", "/srv"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.url);
        const auto url = urlParts(row.url);
        REQUIRE(url);
        CHECK(url->scheme == row.scheme);
        CHECK(url->user == row.user);
        CHECK(url->host == row.host);
        CHECK(url->port == row.port);
        CHECK(url->path == row.path);
    }
    CHECK(urlParts("https://me@[::1]:80/x")->authority == "[::1]:80");
    CHECK_FALSE(urlParts("git@h:x"));
    CHECK_FALSE(urlParts(""));
}
