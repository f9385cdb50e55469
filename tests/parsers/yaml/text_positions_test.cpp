#include "parsers/yaml/text_positions.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

TEST_CASE("a position counts lines and code points from one") {
    const std::string text =
        "ab\r\nc\xC3\xA4"
        "d\n";
    const TextLines lines(text);
    CHECK(lines.at(0) == TextPosition{1, 1});
    CHECK(lines.at(4) == TextPosition{2, 1});
    CHECK(lines.at(7) == TextPosition{2, 3});
    CHECK(lines.at(999) == TextPosition{3, 1});
    CHECK(lines.atCharacter(5) == TextPosition{2, 2});
    CHECK(lines.atCharacter(6) == TextPosition{2, 3});
    CHECK(lines.atCharacter(999) == TextPosition{3, 1});
    CHECK(lines.line(1) == "ab");
    CHECK(lines.line(2) ==
          "c\xC3\xA4"
          "d");
    CHECK(lines.line(0).empty());
    CHECK(lines.line(9).empty());
}

TEST_CASE("what is no UTF-8 or a control character is found") {
    struct Row {
        std::string text;
        std::size_t offset;
    };
    const auto none = std::string::npos;
    const Row rows[] = {
        {"plain\ttext\r\n", none},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", none},
        {"a\x01", 1},
        {std::string("a\0b", 3), 1},
        {"a\x7F", 1},
        {"ab\xFF", 2},
        {"\xC0\xAF", 0},
        {"\xE0\x80\x80", 0},
        {"\xED\xA0\x80", 0},
        {"\xF4\x90\x80\x80", 0},
        {"\xE2\x82", 0},
        {"\xF0\x80\x80\x80", 0},
        {"\x80", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(firstUnprintable(row.text) == row.offset);
    }
}
