#include "daemon/page/words.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::page;
using namespace std::chrono_literals;

TEST_CASE("lengths of time are told in two units at most") {
    for (const auto& [seconds, words] : {std::pair{0.44, "0.4 s"},
                                         {-1.0, "0.0 s"},
                                         {12.3, "12 s"},
                                         {200.0, "3 min 20 s"},
                                         {7500.0, "2 h 5 min"},
                                         {3600.0, "1 h"},
                                         {4 * 86400.0 + 3 * 3600, "4 d 3 h"}})
        CHECK(lengthText(seconds) == words);
}

TEST_CASE("moments are told by their distance") {
    const TimePoint now(1000h);
    CHECK(agoText(now - 12s, now) == "12 s ago");
    CHECK(agoText(now - 5min, now) == "5 min ago");
    CHECK(agoText(now - 30h, now) == "30 h ago");
    CHECK(agoText(now - 240h, now) == "10 d ago");
    CHECK(agoText(now + 2h, now) == "in 2 h");
    CHECK(moment(std::nullopt, now).take() == "never");
}

TEST_CASE("a name is one segment of a path") {
    CHECK(stackPath("infra/prod net@blue?") == "/stacks/infra%2Fprod%20net%40blue%3F");
    CHECK(queryText({{"a", "1&2"}, {"b", ""}, {"c", "ü"}}) == "?a=1%262&c=%C3%BC");
    CHECK(queryText({}).empty());
}

TEST_CASE("a number of a page stays within the pages") {
    CHECK(pageNumber("", 5) == 1);
    CHECK(pageNumber("x", 5) == 1);
    CHECK(pageNumber("0", 5) == 1);
    CHECK(pageNumber("3", 5) == 3);
    CHECK(pageNumber("99999999999999999999999", 5) == 1);
    CHECK(pageNumber("9", 5) == 5);
    CHECK(pagesOf(0, 100) == 1);
    CHECK(pagesOf(101, 100) == 2);
    CHECK(pager({"/", {}, "page", 1, 1}).empty());
    const auto middle = pager({"/", {{"q", "a"}}, "page", 2, 3}).take();
    CHECK(middle.find("href=\"/?q=a\"") != std::string::npos);
    CHECK(middle.find("page=3") != std::string::npos);
}

TEST_CASE("backticks become code, and nothing in them becomes markup") {
    CHECK(prose("Set `url` to `<b>`.").take() == "Set <code>url</code> to <code>&lt;b&gt;</code>.");
    CHECK(prose("Nothing to do.").take() == "Nothing to do.");
}

TEST_CASE("a reason has its meaning as the title of its code; one of another version has none") {
    CHECK(reasonLine({"state_locked", "locked by ci"}).take() ==
          "locked by ci <code class=\"quiet\" title=\"Somebody holds the lock of the state, "
          "usually a running apply.\">"
          "state_locked</code>");
    CHECK(reasonLine({"from_tomorrow", "x"}).take() ==
          "x <code class=\"quiet\">from_tomorrow</code>");
}
