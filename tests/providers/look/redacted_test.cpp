#include "providers/look/redacted.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("a told text is one short line without secrets") {
    CHECK(redacted("a\nb\tc\x1b[31m", {}) == "a b c [31m");
    CHECK(redacted("fetching https://me:pa55@git.example.com/x failed", {}) ==
          "fetching https://***@git.example.com/x failed");
    for (const char* password : {"pa?ss", "pa#ss", "pa/ss", "pa@ss"}) {
        CAPTURE(password);
        CHECK(redacted("fetching https://me:" + std::string(password) + "@git.example.com/x failed",
                       {}) == "fetching https://***@git.example.com/x failed");
    }
    CHECK(redacted("see https://example.com/a for me@example.com", {}) ==
          "see https://example.com/a for me@example.com");
    CHECK(redacted("token hunter22 refused: hunter22", {"hunter22"}) == "token *** refused: ***");
    const std::string text = redacted(std::string(299, 'a') + "\xc3\xa4\xc3\xa4", {});
    CHECK(text == std::string(297, 'a') + "...");
}

TEST_CASE("the secrets of an environment are the values of names that say so, the longest first") {
    CHECK(secretsIn({{"AWS_SECRET_ACCESS_KEY", "wJalrX"},
                     {"PATH", "/bin"},
                     {"DB_PASSWORD", "hunter22"},
                     {"TOKEN", "abc"}}) == std::vector<std::string>{"hunter22", "wJalrX"});
}
