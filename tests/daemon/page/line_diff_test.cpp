#include "daemon/page/line_diff.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::page;

namespace line_diff_test {
namespace {

// "= a | - b + c | - d": the rows in one line.
std::string rows(const std::vector<std::string>& left, const std::vector<std::string>& right) {
    std::string text;
    for (const auto& row : pairLines(left, right)) {
        if (!text.empty()) text += " | ";
        if (row.isSame)
            text += "= " + *row.left;
        else
            text += (row.left ? "- " + *row.left : "") + (row.left && row.right ? " " : "") +
                    (row.right ? "+ " + *row.right : "");
    }
    return text;
}

}  // namespace

TEST_CASE("lines that both sides have stand beside each other") {
    CHECK(rows({"a", "b", "c"}, {"a", "x", "c"}) == "= a | - b + x | = c");
    CHECK(rows({"a", "c"}, {"a", "b", "c"}) == "= a | + b | = c");
    CHECK(rows({"a", "b", "c", "d"}, {"b", "d"}) == "- a | = b | - c | = d");
    CHECK(rows({}, {"a"}) == "+ a");
    CHECK(rows({"a"}, {}) == "- a");
    CHECK(rows({}, {}).empty());
    CHECK(rows({"a", "a"}, {"a"}) == "= a | - a");
}

TEST_CASE("every line comes once on its side, however long the texts are") {
    std::vector<std::string> left;
    std::vector<std::string> right;
    for (int i = 0; i < 3000; ++i) {
        left.push_back(std::to_string(i * 7 % 1000));
        right.push_back(std::to_string(i * 3 % 1000));
    }
    std::vector<std::string> lefts;
    std::vector<std::string> rights;
    for (const auto& row : pairLines(left, right)) {
        if (row.left) lefts.push_back(*row.left);
        if (row.right) rights.push_back(*row.right);
    }
    CHECK(lefts == left);
    CHECK(rights == right);
}

TEST_CASE("what two lines have in common never splits a character") {
    const auto front = commonEnds("port = 80", "port = 8080");
    CHECK(front.front == 9);
    CHECK(front.back == 0);
    const auto umlaut = commonEnds("ä!", "ö!");  // both begin with the same byte
    CHECK(umlaut.front == 0);
    CHECK(umlaut.back == 1);
    const auto same = commonEnds("aa", "a");
    CHECK(same.front + same.back <= 1);
}

TEST_CASE("JSON gets a line for each member, other texts stay") {
    CHECK(indented(R"({"a":[1,"x,}"],"b":{}})") ==
          "{\n  \"a\": [\n    1,\n    \"x,}\"\n  ],\n  \"b\": {}\n}");
    CHECK(indented("plain {") == "plain {");
    CHECK(indented("[]") == "[]");
    CHECK(linesOf("a\nb\n") == std::vector<std::string>{"a", "b"});
    CHECK(linesOf("") == std::vector<std::string>{""});
}

}  // namespace line_diff_test
