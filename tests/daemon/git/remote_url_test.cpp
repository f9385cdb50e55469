#include "daemon/git/remote_url.hpp"

#include <doctest/doctest.h>

#include "daemon/git/libgit.hpp"

using namespace driftkeeper;

TEST_CASE("the forms of a url that are followed") {
    struct Row {
        const char *url, *user, *host, *path, *text, *shown;
        int port;
    };
    const Row rows[] = {
        {"https://git.example.com/a/b.git", "", "git.example.com", "/a/b.git",
         "https://git.example.com/a/b.git", "https://git.example.com/a/b.git", 443},
        {"https://t0ken@git.example.com:8443/a?private_token=x", "t0ken", "git.example.com",
         "/a?private_token=x", "https://git.example.com:8443/a?private_token=x",
         "https://git.example.com:8443/a", 8443},
        {"https://a%40b@h/x", "a@b", "h", "/x", "https://h/x", "https://h/x", 443},
        {"http://127.0.0.1:80/x", "", "127.0.0.1", "/x", "http://127.0.0.1/x", "http://127.0.0.1/x",
         80},
        {"http://[::1]:9/x", "", "::1", "/x", "http://[::1]:9/x", "http://[::1]:9/x", 9},
        {"ssh://git@host:2222/a/b", "git", "host", "/a/b", "ssh://host:2222/a/b",
         "ssh://host:2222/a/b", 2222},
        {"ssh://host/~me/b", "", "host", "~me/b", "ssh://host/~me/b", "ssh://host/~me/b", 22},
        {"git@host:a/b.git", "git", "host", "a/b.git", "ssh://host/a/b.git", "ssh://host/a/b.git",
         22},
        {"git@[::1]:/srv/b", "git", "::1", "/srv/b", "ssh://[::1]/srv/b", "ssh://[::1]/srv/b", 22},
        {"host:b", "", "host", "b", "ssh://host/b", "ssh://host/b", 22},
        {"file:///srv/a%20b", "", "", "/srv/a b", "/srv/a b", "/srv/a b", 0},
        {"file://localhost/srv/a", "", "", "/srv/a", "/srv/a", "/srv/a", 0},
        {"/srv/a", "", "", "/srv/a", "/srv/a", "/srv/a", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.url);
        const auto url = parseRemoteUrl(row.url);
        REQUIRE(url);
        CHECK(url->user == row.user);
        CHECK(url->host == row.host);
        CHECK(url->path == row.path);
        CHECK(url->text == row.text);
        CHECK(url->shown == row.shown);
        CHECK(url->port == row.port);
    }
}

TEST_CASE("other forms of a url are refused, and the message holds nothing of the user part") {
    for (const std::string url : {"",
                                  "-oProxyCommand=x",
                                  "--upload-pack=sh",
                                  "ext::sh -c id",
                                  "ext::user@host:x",
                                  "git://host/x",
                                  "ftp://host/x",
                                  "http://example.com/x",
                                  "http://hunter2@example.com/x",
                                  "https://user:hunter2@host/x",
                                  "ssh://user:hunter2@host/x",
                                  "ssh://-oProxyCommand=x/x",
                                  "ssh://host",
                                  "ssh://host:0/x",
                                  "ssh://host:99999/x",
                                  "ssh://host:2x/y",
                                  "https:///x",
                                  "https://ho st/x",
                                  "git@-host:x",
                                  "git@host:",
                                  "git@host:-x",
                                  "git@host:%2dx",
                                  "-git@host:x",
                                  "file://otherhost/x",
                                  "file://relative",
                                  "relative/path",
                                  "./here",
                                  "https://h%zz@host/x:y",
                                  "https://h%zz@host/x",
                                  "https://[::1/x",
                                  "/srv/\nx",
                                  "ssh://host/%0ax",
                                  "host::x"}) {
        CAPTURE(url);
        const auto parsed = parseRemoteUrl(url);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == "git_url");
        CHECK(parsed.error().remedy == Remedy::FixSetup);
        CHECK(parsed.error().message.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("a ref is a branch, a tag, a full hash or a name below refs/") {
    startGit();
    for (const char* good : {"", "main", "feature/x", "v1.0", "refs/heads/main",
                             "0123456789abcdef0123456789abcdef01234567"}) {
        CAPTURE(good);
        CHECK(isValidRef(good));
    }
    for (const char* bad : {"-main", "--upload-pack=x", "a..b", "a:b", "+a:b", "a b", "a^", "a~1",
                            "a*", "@", "a@{1}", "x/", "x.lock", "a\nb"}) {
        CAPTURE(bad);
        CHECK_FALSE(isValidRef(bad));
    }
}

TEST_CASE("foreign text becomes one line without the secrets of URLs") {
    CHECK(scrubbed("cannot get https://user:pass@host/x and ssh://me@h/y\n") ==
          "cannot get https://host/x and ssh://me@h/y");
    CHECK(scrubbed("https://a@b:c?d/e#f@host/x") == "https://host/x");
    CHECK(scrubbed("\x1b[31mred\x01") == "\\x1b[31mred\\x01");
    CHECK(scrubbed(std::string(5000, 'a')).size() < 320);
}
