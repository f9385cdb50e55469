#include "daemon/cli/table.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace driftkeeper;

TEST_CASE("columns are as wide as their widest cell, without trailing blanks") {
    CHECK(table({"A", "BEE"}, {{"one", "x"}, {"fifteen", ""}}, 0) ==
          "A        BEE\n"
          "one      x\n"
          "fifteen\n");
}

TEST_CASE("code points count, not bytes") {
    CHECK(table({"A", "B"}, {{"ü…", "x"}}, 0) == "A   B\nü…  x\n");
}

TEST_CASE("the widest column gives way to the terminal") {
    const std::string out = table({"STACK", "V"}, {{std::string(60, 'a'), "in_sync"}}, 40);
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);)
        CHECK(line.size() <= 42);  // an ellipsis has three bytes
    CHECK(out.find("…  in_sync") != std::string::npos);
}

TEST_CASE("wide characters take two columns, combining ones none, and broken bytes one") {
    CHECK(columnsOf("abc") == 3);
    CHECK(columnsOf("東京") == 4);
    CHECK(columnsOf("e\u0301") == 1);
    CHECK(columnsOf("…→ü") == 3);
    CHECK(columnsOf("\xff\xfe") == 2);
    CHECK(table({"A", "B"}, {{"東京", "x"}, {"ab", "y"}}, 0) == "A     B\n東京  x\nab    y\n");
    CHECK(inColumns("東京都", 4) == "東…");
    CHECK(inColumns("東京都", 6) == "東京都");
    CHECK(inColumns("abc", 1) == "…");
}

TEST_CASE(
    "a very narrow terminal still gets lines that fit, as long as there is a column for each") {
    const std::vector<std::string> row = {"infra/prod/network", "in_sync", "2026-11-22T19:07:00Z"};
    for (const std::size_t width :
         {std::size_t{8}, std::size_t{12}, std::size_t{20}, std::size_t{33}}) {
        std::istringstream lines(table({"STACK", "VERDICT", "CHECKED"}, {row}, width));
        for (std::string line; std::getline(lines, line);) CHECK(columnsOf(line) <= width);
    }
}

TEST_CASE(
    "words that mean something have a colour where colour is wanted, and take no room by it") {
    CHECK(table({"V", "X"}, {{"drifted", "a"}, {"other", "b"}}, 0, true) ==
          "V        X\n\x1b[31mdrifted\x1b[0m  a\nother    b\n");
    CHECK(table({"V"}, {{"drifted"}}, 0).find('\x1b') == std::string::npos);
    CHECK(table({"V"}, {{"drifted"}}, 4, true) == "V\n\x1b[31mdri…\x1b[0m\n");
}
