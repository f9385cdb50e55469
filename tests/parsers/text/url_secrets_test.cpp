#include "parsers/text/url_secrets.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace driftkeeper;

TEST_CASE("what may be a secret in a URL is not shown") {
    struct Row {
        const char *text, *shown;
    };
    const Row rows[] = {
        // passwords, also those with characters that a URL wants escaped
        {"https://me:canary@h.example/x", "https://***@h.example/x"},
        {"https://me:can/ary@h.example/x", "https://***@h.example/x"},
        {"https://me:can@ary@h.example/x", "https://***@h.example/x"},
        {"https://me:can?ary@h.example/x", "https://***@h.example/x"},
        {"https://me:can#ary@h.example/x", "https://***@h.example/x"},
        {"https://me:can:ary@h.example/x", "https://***@h.example/x"},
        {"https://me:12/canary@h.example/x", "https://***@h.example/x"},
        {"https://me@corp.example:can/ary@h.example/x", "https://***@h.example/x"},
        {"https://me:can@a.b/ry@h.example/x", "https://***@h.example/x"},
        {"https://:canary@h.example/x", "https://***@h.example/x"},
        {"https://me:@h.example/x", "https://***@h.example/x"},
        {"https://me:can%40ary@[::1]:8443/x", "https://***@[::1]:8443/x"},
        {"ssh://git:canary@h.example/x", "ssh://***@h.example/x"},
        {"postgres://app:canary@db:5432/app?sslmode=require",
         "postgres://***@db:5432/app?sslmode=***"},
        // a user alone may be a token; ssh's is none
        {"https://canary@h.example/x", "https://***@h.example/x"},
        {"https://can/ary@h.example/x", "https://***@h.example/x"},
        {"https://x-access-token:canary@h.example/x", "https://***@h.example/x"},
        {"git::https://canary@h.example/x//sub?ref=v1", "git::https://***@h.example/x//sub?ref=v1"},
        {"ssh://git@h.example/x", "ssh://git@h.example/x"},
        {"git+ssh://git@h.example/x", "git+ssh://git@h.example/x"},
        {"git@h.example:org/repo.git", "git@h.example:org/repo.git"},
        // queries and fragments
        {"https://h.example/x?X-Amz-Signature=canary", "https://h.example/x?X-Amz-Signature=***"},
        {"https://h.example/x?a=canary&ref=v1&canary", "https://h.example/x?a=***&ref=v1&***"},
        {"https://h.example/x#access_token=canary&b=canary",
         "https://h.example/x#access_token=***&b=***"},
        {"https://h.example?sig=canary", "https://h.example?sig=***"},
        // nothing to hide
        {"https://h.example/x@v1/y", "https://h.example/x@v1/y"},
        {"http://localhost/@me", "http://localhost/@me"},
        {"file:///srv/a@b", "file:///srv/a@b"},
        {"https://h.example/x#L10 or me@h.example?", "https://h.example/x#L10 or me@h.example?"},
        {"did you mean https://h.example/x?", "did you mean https://h.example/x?"},
        {"", ""},
        {"://", "://"},
        {"no URL: a@b", "no URL: a@b"},
        // several, and what stands around them
        {"get 'https://a:canary@h/x' or \"https://canary@i/y\"\nwith c@d",
         "get 'https://***@h/x' or \"https://***@i/y\"\nwith c@d"},
        {"https://a:canary@h/x,https://b:canary@i/y", "https://***@h/x,https://***@i/y"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(withoutUrlSecrets(row.text) == row.shown);
    }
}

TEST_CASE("without a mark nothing stands in the place of a URL's secrets") {
    CHECK(withoutUrlSecrets("https://me:canary@h.example/x?sig=canary&ref=v1", "") ==
          "https://h.example/x");
}

TEST_CASE("of a value's URL only the secret goes") {
    for (const auto& [text, shown] : {
             std::pair{"https://me:canary@h.example/x?a=b", "https://me:***@h.example/x?a=b"},
             std::pair{"https://canary@h.example/x", "https://***@h.example/x"},
             std::pair{"ssh://git@h.example/x", "ssh://git@h.example/x"},
             std::pair{"https://h.example/x?X-Amz-Signature=canary&page=2#access_token=canary",
                       "https://h.example/x?X-Amz-Signature=***&page=2#access_token=***"},
             std::pair{"https://discord.com/api/webhooks/1/canary",
                       "https://discord.com/api/webhooks/***"},
             std::pair{"https://o.webhook.office.com/webhookb2/canary?x=1",
                       "https://o.webhook.office.com/***?x=1"},
         }) {
        CHECK(withoutUrlSecrets(text, stars()) == shown);
        CHECK(withoutUrlSecrets(shown, stars()) == shown);
    }
}
