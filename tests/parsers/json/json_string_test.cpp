#include "parsers/json/json_string.hpp"

#include <doctest/doctest.h>

#include <string>

#include "parsers/json/json.hpp"
#include "parsers/json/json_cursor.hpp"

using namespace driftkeeper;

TEST_CASE("a string literal escapes what it must and replaces what is no UTF-8") {
    CHECK(jsonString("a\"b\\c\x01\n") == R"("a\"b\\c\u0001\u000a")");
    CHECK(jsonString("é😀") == "\"é😀\"");
    CHECK(jsonString("a\xff\xc3") == "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK(canonicalJson(jsonString("\xed\xa0\x80|\xf5\x80|\xe0\x80\x80")));
}

TEST_CASE("the usual literal has the short escapes") {
    CHECK(usualJsonString("a\"b\\c\x01\b\f\n\r\t\x7f") ==
          "\"a\\\"b\\\\c\\u0001\\b\\f\\n\\r\\t\x7f\"");
    CHECK(usualJsonString("a\xff") == "\"a\xEF\xBF\xBD\"");
}

TEST_CASE("strings are unescaped, and broken escapes are replaced") {
    CHECK(unescaped(R"(a\"b\\\/\b\f\n\r\t)") == "a\"b\\/\b\f\n\r\t");
    CHECK(unescaped(R"(\u0041\u00e9\u20ac\ud83d\ude00)") == "Aé€😀");
    CHECK(unescaped(R"(\ud83d|)") == "\xEF\xBF\xBD|");
    CHECK(unescaped(R"(\ude00)") == "\xEF\xBF\xBD");
    CHECK(unescaped(R"(\u12)") == "\xEF\xBF\xBD\x31\x32");
    CHECK(unescaped("a\\") == "a\\");
    JsonCursor text(R"("x\"y")");
    CHECK(text.string() == "x\"y");
    JsonCursor number("12");
    CHECK(number.string() == "");
    CHECK(number.finished());
}

TEST_CASE("what is broken in a string is found") {
    std::string text;
    CHECK((unescape(R"(a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00ä)", text) &&
           text == "a\"\\/\b\f\n\r\tä😀ä"));
    for (const std::string_view raw : {"\\", "\\x", "\\u12", "\\u12x4", "\\ud83d", "\\ud83d\\u0041",
                                       "\\ude00", "\n", "a\\\n", "\xff", "\xc0\xaf"}) {
        CAPTURE(raw);
        CHECK_FALSE(unescape(raw, text));
    }
}
