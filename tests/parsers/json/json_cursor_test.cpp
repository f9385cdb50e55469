#include "parsers/json/json_cursor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace driftkeeper;

namespace json_cursor_test {
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
    const std::vector<std::string> table = {"",
                                            "[]",
                                            "1",
                                            "{",
                                            "{\"a\"",
                                            "{\"a\":",
                                            "{\"a\":1",
                                            "{\"a\":1,",
                                            "{\"a\":1,}",
                                            "{,}",
                                            "{\"a\":1 \"b\":2}",
                                            "{\"a\" 1}",
                                            "{a:1}",
                                            "{\"a\":[1}",
                                            "{\"a\":\"x}",
                                            "{\"a\":1}}",
                                            "{\"a\":1} x",
                                            "{\"a\":\"\\\"}",
                                            "{\"a\":,}"};
    for (const auto& text : table) {
        CAPTURE(text);
        CHECK(members(text) == "failed");
    }
    CHECK(members(R"({"a":)" + std::string(100'000, '[')) == "failed");
    CHECK(
        members(R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}").size() ==
        200'003);
}

TEST_CASE("a container of any length is skipped to its end, whatever its strings hold") {
    // Pieces whose brackets, quotes and escapes come to lie on every position of a block.
    const std::vector<std::string> pieces = {R"("x")",      R"("}]{[")",    R"("\"}")",  R"("\\")",
                                             R"({"a":[]})", "[{},[1]]",     R"("\\\"")", "12",
                                             R"("]\\\\")",  R"({"}":"{"})", "null",      "[]"};
    unsigned random = 1;
    const auto next = [&](std::size_t below) {
        random = random * 1'103'515'245U + 12'345U;
        return (random >> 16U) % below;
    };
    for (std::size_t count = 0; count < 400; ++count) {
        std::string list = "[";
        for (std::size_t i = 0; i < count; ++i)
            list += (i > 0 ? "," : "") + std::string(next(3), ' ') + pieces[next(pieces.size())];
        list += ']';
        const std::string text = "[" + list + ",7]";
        CAPTURE(text);

        JsonCursor skipping(text);
        skipping.enterArray();
        REQUIRE(skipping.nextElement());
        CHECK(skipping.skip() == list);
        REQUIRE(skipping.nextElement());
        CHECK(skipping.skip() == "7");
        CHECK_FALSE(skipping.nextElement());
        CHECK(skipping.finished());

        JsonCursor leaving(text);
        leaving.enterArray();
        REQUIRE(leaving.nextElement());
        leaving.enterArray();
        if (leaving.nextElement()) {
            leaving.skip();
            leaving.leave();
        }
        REQUIRE(leaving.nextElement());
        CHECK(leaving.skip() == "7");

        JsonCursor cut(std::string_view(text).substr(0, text.size() - 4));
        cut.enterArray();
        REQUIRE(cut.nextElement());
        cut.skip();
        CHECK(cut.failed());
    }
}

}  // namespace json_cursor_test
