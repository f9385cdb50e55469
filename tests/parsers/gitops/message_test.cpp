#include "parsers/gitops/message.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace driftkeeper::gitops;

TEST_CASE("a summary is the first line, up to where values begin") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"", ""},
        {"\n  health check failed\nmore", "health check failed"},
        {"secrets \"git-auth\" not found", "secrets \"git-auth\" not found"},
        {"Secret/a/b dry-run failed: data.password: Invalid value: \"canary\": too short",
         "Secret/a/b dry-run failed: …"},
        {"cannot use password=canary now", "cannot use …"},
        {"got token: canary", "got …"},
        {"object {\"data\":\"canary\"}", "object …"},
        {"diff map[password:canary]", "diff …"},
        {"header Bearer canary", "header …"},
        {"clone https://bot:canary@git.example.com/a.git?token=canary failed",
         "clone https://git.example.com/a.git failed"},
        {"key Aa1Bb2Cc3Dd4Ee5Ff6Gg refused", "key … refused"},
        {"revision main@sha1:3f2c4b5a697887766554433221100ffeeddccbba applied",
         "revision main@sha1:3f2c4b5a697887766554433221100ffeeddccbba applied"},
        {"Helm upgrade failed for release a/b with chart c@1.2.3: timed out",
         "Helm upgrade failed for release a/b with chart c@1.2.3: timed out"},
    };
    for (const auto& [message, summary] : table) {
        CAPTURE(message);
        CHECK(summaryOf(message) == summary);
        CHECK(summaryOf(message).find("canary") == std::string::npos);
    }
}

TEST_CASE("a summary is bounded, and cut between characters") {
    std::string long_ = "x";
    for (int i = 0; i < 300; ++i) long_ += "ä ";
    const std::string summary = summaryOf(long_);
    CHECK(summary.size() <= 203);
    CHECK(summary.ends_with("…"));
    CHECK(summary.substr(0, 3) == "xä");
}

TEST_CASE("secrets leave the URLs of a summary") {
    CHECK(summaryOf("get https://a:b?c@d@example.com/x?y=z failed") ==
          "get https://example.com/x failed");
}
