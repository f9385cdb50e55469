#include "daemon/notify/slack_message.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace {

TEST_CASE("Slack's three characters are escaped, and the limit counts the escapes") {
    CHECK(slackText("a & b <!channel> c", 100) == "a &amp; b &lt;!channel&gt; c");
    CHECK(slackText("&&&", 15) == "&amp;&amp;&amp;");
    CHECK(slackText("&&&", 14) == "&amp;&amp;…");
    CHECK(slackText("&&&", 3) == "…");
    for (std::size_t bytes = 3; bytes < 200; ++bytes) {
        const std::string text = slackText("<a>&ä€😀\x1b\xff<!here>&amp;", bytes);
        CHECK(text.size() <= bytes);
        CHECK(tests::isClean(text));
        for (std::size_t at = text.find('&'); at != std::string::npos; at = text.find('&', at + 1))
            CHECK(text.find(';', at) <= at + 4);  // never half an escape
    }
}

TEST_CASE("a code span cannot be left") {
    CHECK(slackCode("a`b", 100) == "`aˋb`");
    CHECK(slackCode("", 100) == "` `");
    CHECK(slackCode("<@U1>", 100) == "`&lt;@U1&gt;`");
}

TEST_CASE("what does not fit is refused, and room for the footer is kept") {
    SlackMessage message;
    CHECK_FALSE(message.section(""));
    CHECK_FALSE(message.section(std::string(3001, 'x')));
    CHECK_FALSE(message.context(std::string(2001, 'x')));
    CHECK(message.section(std::string(3000, 'x')));
    CHECK(message.section(std::string(3000, 'x')));
    CHECK_FALSE(message.section(std::string(2501, 'x')));
    CHECK(message.section(std::string(2500, 'x')));
    message.footer(std::string(500, 'x'));
    CHECK(nlohmann::json::parse(message.json("fallback"))["blocks"].size() == 4);
}

TEST_CASE("there are never more than 45 blocks") {
    SlackMessage message;
    int added = 0;
    while (message.section("x")) ++added;
    message.footer("+1 more");
    CHECK(added == 44);
    CHECK(nlohmann::json::parse(message.json(""))["blocks"].size() == 45);
}

}  // namespace
}  // namespace driftkeeper
