#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace driftkeeper;

TEST_CASE("canonical text has sorted keys, no white space, and every number token as written") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {R"( { "b" : 1 , "a" : [ true , null ] } )", R"({"a":[true,null],"b":1})"},
        {"1.0", "1.0"},
        {"1e0", "1e0"},
        {"-0", "-0"},
        {"12345678901234567890123", "12345678901234567890123"},
        {"1e999999", "1e999999"},
        {R"("a\u0041\/\n\u00e9")", "\"aA/\\u000aé\""},
        {R"("\ud83d\ude00")", "\"😀\""},
        {R"("\"\\")", R"("\"\\")"},
        {"[]", "[]"},
        {"{}", "{}"},
        {" null ", "null"},
        {R"({"a":{"z":{},"y":[[]]}})", R"({"a":{"y":[[]],"z":{}}})"},
    };
    for (const auto& [text, expected] : table) {
        CAPTURE(text);
        const auto result = canonicalJson(text);
        REQUIRE(result);
        CHECK(*result == expected);
        CHECK(*canonicalJson(*result) == expected);
    }
}

TEST_CASE("text that is no single valid JSON value is refused") {
    const std::vector<std::string> table = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "1 2",
        "1,2",
        "1],[2",
        "[1 2]",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{a:1}",
        "nul",
        "nulll",
        "true false",
        "tru",
        "TRUE",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "1e+",
        "--1",
        "0x1",
        "NaN",
        "Infinity",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"tab\there\"",
        "\"\xff\"",
        "\"\xc0\x80\"",
        "\"\xed\xa0\x80\"",
        "[1}",
        "{\"a\":1]",
        "\"a\" x",
        "/**/1",
    };
    for (const auto& text : table) {
        CAPTURE(text);
        const auto result = canonicalJson(text);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == "invalid_json");
    }
}

TEST_CASE("nesting up to 512 levels is read, deeper is refused however deep") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(canonicalJson(nested(500)));
    CHECK_FALSE(canonicalJson(nested(600)));
    CHECK_FALSE(canonicalJson(nested(10'000)));
    CHECK_FALSE(canonicalJson(std::string(10'000, '[')));
    std::string objects;
    for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
    CHECK_FALSE(canonicalJson(objects + "1" + std::string(10'000, '}')));
}
