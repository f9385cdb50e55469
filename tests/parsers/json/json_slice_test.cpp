#include "parsers/json/json_slice.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace json_slice_test {
namespace {

std::string_view memberOf(std::string_view text, std::string_view key) {
    return JsonMembers(JsonSlice::of(text).value())[key].raw();
}

}  // namespace

TEST_CASE("a slice is spelled exactly as in the text") {
    constexpr std::string_view text = R"( {"a" : 1.10 , "b":[ 1 , {"c":"]}\",:"} ], "c":-0,
        "d":12345678901234567890123,"e":"x, \"y\" \u00e4\\","f":{}, "g":null} )";
    CHECK(memberOf(text, "a") == "1.10");
    CHECK(memberOf(text, "b") == R"([ 1 , {"c":"]}\",:"} ])");
    CHECK(memberOf(text, "c") == "-0");
    CHECK(memberOf(text, "d") == "12345678901234567890123");
    CHECK(memberOf(text, "e") == R"("x, \"y\" \u00e4\\")");
    CHECK(memberOf(text, "f") == "{}");
    CHECK(memberOf(text, "g") == "null");
    CHECK(memberOf(text, "not there") == "null");
    CHECK(JsonMembers(JsonMembers(*JsonSlice::of(text))["b"].elements()->at(1))["c"].text() == R"(]}",:)");
}

TEST_CASE("of equal keys the first counts") {
    CHECK(memberOf(R"({"a":1,"a":2})", "a") == "1");
}

TEST_CASE("elements are cut at their commas only") {
    const auto count = [](std::string_view text) { return JsonSlice::of(text)->elements()->size(); };
    CHECK(count("[]") == 0);
    CHECK(count(" [ ] ") == 0);
    CHECK(count("[1]") == 1);
    CHECK(count(R"([1,[2,3],{"a":4,"b":5},"6,7"])") == 4);
    CHECK_FALSE(JsonSlice::of("{}")->elements().has_value());
}

TEST_CASE("a value of another kind is none") {
    const auto of = [](std::string_view text) { return JsonSlice::of(text).value(); };
    CHECK(of(R"("a\n\u00e4")").text() == "a\n\xc3\xa4");
    CHECK_FALSE(of("1").text().has_value());
    CHECK(of("18446744073709551615").count() == 18446744073709551615U);
    for (const auto* const text : {"18446744073709551616", "-1", "1.5", "1e3", "\"1\"", "null", "[1]"})
        CHECK_FALSE(of(text).count().has_value());
    CHECK(of("-2.5e1").number() == -25);
    CHECK_FALSE(of("\"1\"").number().has_value());
    CHECK_FALSE(of("null").number().has_value());
    CHECK_FALSE(of("true").number().has_value());
    CHECK(of("true").flag() == true);
    CHECK(of("false").flag() == false);
    CHECK_FALSE(of("0").flag().has_value());
    CHECK_FALSE(JsonMembers(of("[1]")).isObject());
    CHECK(JsonMembers(of("[1]"))["a"].isNull());
}

TEST_CASE("broken text is refused as a whole") {
    CHECK_FALSE(JsonSlice::of("{\"a\":1").has_value());
    CHECK_FALSE(JsonSlice::of("").has_value());
}

TEST_CASE("depth costs no stack") {
    constexpr std::size_t depth = 200'000;
    const auto deep = "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
    CHECK(memberOf(deep, "a").size() == 2 * depth);
}

}  // namespace json_slice_test
