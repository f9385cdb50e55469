#include "parsers/json/json_cursor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace driftkeeper;

namespace {

// Every member of a document as KEY=RAW;
std::string members(std::string_view text) {
    JsonCursor cursor(text);
    std::string out;
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        out += key;
        out += '=';
        out += cursor.skip();
        out += ';';
    }
    return cursor.finished() ? out : "failed";
}

}  // namespace

TEST_CASE("a document is walked member by member") {
    CHECK(members("{}") == "");
    CHECK(members(R"( { "a" : 1 , "b":[1,{"c":"}]"}] ,"d":"x\"y\\","e":{} } )") ==
          R"(a=1;b=[1,{"c":"}]"}];d="x\"y\\";e={};)");
}

TEST_CASE("nested containers are entered in place") {
    JsonCursor cursor(R"({"a":[{"x":1},{"x":2}],"b":true})");
    std::string out;
    cursor.enterObject();
    for (std::string_view key; cursor.nextKey(key);) {
        if (key != "a") {
            out += cursor.isTrue() ? "true" : "other";
            continue;
        }
        for (cursor.enterArray(); cursor.nextElement();) {
            cursor.enterObject();
            for (std::string_view inner; cursor.nextKey(inner);) out += cursor.skip();
            out += '|';
        }
    }
    CHECK(cursor.finished());
    CHECK(out == "1|2|true");
}

TEST_CASE("broken documents fail and stay failed") {
    const std::vector<std::string> table = {"", "[]", "1", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}",
                                            "{\"a\":1 \"b\":2}", "{\"a\" 1}", "{a:1}", "{\"a\":[1}", "{\"a\":\"x}", "{\"a\":1}}",
                                            "{\"a\":1} x", "{\"a\":\"\\\"}", "{\"a\":,}"};
    for (const auto& text : table) {
        CAPTURE(text);
        CHECK(members(text) == "failed");
    }
    CHECK(members(R"({"a":)" + std::string(100'000, '[')) == "failed");
    CHECK(members(R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}").size() == 200'003);
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
