#include "daemon/settings/url.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("URLs of repositories") {
    for (const auto* good : {"https://git.example.com/a.git", "https://user@example.com:8443/a",
                             "ssh://git@example.com/a", "ssh://git@[::1]:22/a",
                             "git@example.com:a/b.git", "example.com:a", "file:///srv/a.git",
                             "/srv/a.git", "http://127.0.0.1:80/a", "http://localhost/a"}) {
        CAPTURE(good);
        CHECK_FALSE(judgeRepositoryUrl(good));
    }
    for (const auto* bad : {"",
                            "-x",
                            "--upload-pack=x",
                            "http://example.com/a",
                            "ftp://example.com/a",
                            "ext::sh -c x",
                            "file://host/a",
                            "https://",
                            "https:///a",
                            "https://-x/a",
                            "ssh://-oProxyCommand=x/a",
                            "https://u:p@example.com/a",
                            "https://example.com:0/a",
                            "https://example.com:x/a",
                            "https://example.com:/a",
                            "https://exa mple.com/a",
                            "https://example.com/a\n",
                            "relative/path",
                            "-x@host:a",
                            "host:",
                            "https://%2dx/a"}) {
        CAPTURE(bad);
        CHECK(judgeRepositoryUrl(bad));
    }
}

TEST_CASE("URLs of receivers") {
    for (const auto* good : {"http://127.0.0.1:9093",
                             "https://hooks.example.com/services/T/B/x?y=z", "http://[::1]:80/"}) {
        CAPTURE(good);
        CHECK_FALSE(judgeHttpUrl(good));
    }
    for (const auto* bad : {"", "http://", "ftp://x/", "file:///x", "http://u@x/", "http://u:p@x/",
                            "http://x:99999/", "x", "http:/x"}) {
        CAPTURE(bad);
        CHECK(judgeHttpUrl(bad));
    }
}

TEST_CASE("the message about a password does not hold it") {
    const auto bad = judgeRepositoryUrl("https://u:hunter2@example.com/a");
    REQUIRE(bad.has_value());
    CHECK(bad->code == "password_in_url");
    CHECK(bad->message.find("hunter2") == std::string::npos);
}

TEST_CASE("loopback hosts") {
    for (const auto* host : {"localhost", "127.0.0.1", "127.255.0.1", "::1"})
        CHECK(isLoopback(host));
    for (const auto* host : {"", "127.", "127.0.0.1.x", "127.0.0", "128.0.0.1", "0.0.0.0",
                             "::", "localhost.evil.com"}) {
        CAPTURE(host);
        CHECK_FALSE(isLoopback(host));
    }
}
