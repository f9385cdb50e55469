#include "daemon/notify/slack_message.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/notify/sample_notice.hpp"

namespace driftkeeper {
namespace slack_message_test {
namespace {

nlohmann::json blocksOf(const SlackMessage& message) {
    return nlohmann::json::parse(jsonObject(message.members("fallback")))["blocks"];
}

TEST_CASE("Slack's three characters are escaped, and the limit counts the escapes") {
    const auto text = mrkdwnMarkup.text;
    CHECK(text("&&&", 15) == "&amp;&amp;&amp;");
    CHECK(text("&&&", 14) == "&amp;&amp;…");
    CHECK(text("&&&", 3) == "…");
    for (std::size_t bytes = 3; bytes < 200; ++bytes) {
        const std::string set = text("<a>&ä€😀\x1b\xff<!here>&amp;", bytes);
        CHECK(set.size() <= bytes);
        CHECK(tests::isClean(set));
        for (std::size_t at = set.find('&'); at != std::string::npos; at = set.find('&', at + 1))
            CHECK(set.find(';', at) <= at + 4);  // never half an escape
    }
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
    CHECK(blocksOf(message).size() == 4);
}

TEST_CASE("there are never more than 45 blocks") {
    SlackMessage message;
    int added = 0;
    while (message.section("x")) ++added;
    message.footer("+1 more");
    CHECK(added == 44);
    CHECK(blocksOf(message).size() == 45);
}

}  // namespace
}  // namespace slack_message_test
}  // namespace driftkeeper
