#include "parsers/json/json_grammar.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

TEST_CASE("one JSON value is JSON") {
    for (const std::string_view text : {"null",
                                        " true ",
                                        "false",
                                        "0",
                                        "-0",
                                        "10",
                                        "-1.5e+10",
                                        "1E-2",
                                        "1e400",
                                        "12345678901234567890123",
                                        "\"\"",
                                        "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"ä😀\"",
                                        "[]",
                                        "[ ]",
                                        "{}",
                                        " { } ",
                                        "[1,[2,{}],{\"a\":[]}]",
                                        "{\"a\" : 1 , \"b\":{\"c\":null}}\n",
                                        "{\"a\":1,\"a\":2}"}) {
        CAPTURE(text);
        CHECK(isJson(text));
    }
}

TEST_CASE("anything else is not") {
    for (const std::string_view text : {"",
                                        " ",
                                        "nul",
                                        "nulll",
                                        "True",
                                        "01",
                                        "-",
                                        "+1",
                                        ".5",
                                        "1.",
                                        "1e",
                                        "1e+",
                                        "0x1",
                                        "NaN",
                                        "'a'",
                                        "\"",
                                        "\"a",
                                        "\"a\\",
                                        "\"a\\\"",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"\\ud83d\"",
                                        "\"\\ude00\"",
                                        "\"\n\"",
                                        "\"\xff\"",
                                        "\"\xc0\xaf\"",
                                        "[",
                                        "]",
                                        "[1",
                                        "[1,]",
                                        "[,1]",
                                        "[1 2]",
                                        "[1}",
                                        "{",
                                        "}",
                                        "{]",
                                        "{1:2}",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "{\"a\":1 \"b\":2}",
                                        "{\"a\":1",
                                        "1 2",
                                        "[] []",
                                        "//",
                                        "\xef\xbb\xbf{}"}) {
        CAPTURE(text);
        CHECK_FALSE(isJson(text));
    }
    CHECK_FALSE(isJson(std::string_view("1\0", 2)));
    CHECK_FALSE(isJson(std::string_view("\"\0\"", 3)));
    CHECK_FALSE(isJson(std::string_view("[\0]", 3)));
}

TEST_CASE("depth costs no stack") {
    constexpr std::size_t depth = 200'000;
    CHECK(isJson(std::string(depth, '[') + std::string(depth, ']')));
    CHECK_FALSE(isJson(std::string(depth, '[')));
    CHECK_FALSE(isJson(std::string(depth, '[') + std::string(depth + 1, ']')));
}
