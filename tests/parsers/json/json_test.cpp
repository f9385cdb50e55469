#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

using namespace driftkeeper;

namespace json_test {
namespace {

Json value(std::string_view text) {
    const auto result = readJson(text);
    REQUIRE_MESSAGE(result, text);
    return *result;
}

}  // namespace

TEST_CASE("members and elements are found, and what is not there is null") {
    const auto json = value(R"({"z":[1,"two"],"a":{"b":true},"n":null})");
    CHECK(json["z"].at(0).text == "1");
    CHECK(json["z"].at(1).string() == "two");
    CHECK(json["z"].at(2).isNull());
    CHECK(json["a"]["b"].isTrue());
    CHECK(json["a"]["c"]["d"].isNull());
    CHECK(json["z"]["a"].isNull());
    CHECK(json["a"].string().empty());
    CHECK(json.keys == std::vector<std::string>{"a", "n", "z"});
}

TEST_CASE("a value of another kind is none") {
    CHECK(value("18446744073709551615").count() == 18446744073709551615U);
    for (const auto* const text :
         {"18446744073709551616", "-1", "1.5", "1e3", "\"1\"", "null", "[1]"})
        CHECK_FALSE(value(text).count().has_value());
    CHECK(value("-2.5e1").number() == -25);
    for (const auto* const text : {"\"1\"", "null", "true", "[1]"})
        CHECK_FALSE(value(text).number().has_value());
    CHECK(value("[1]").elements().size() == 1);
    CHECK(value(R"({"a":1})").elements().empty());
    CHECK(value("1").string().empty());
}

TEST_CASE("numbers keep their token, however long") {
    for (const std::string token : {"1.10", "-0", "1e400", "12345678901234567890123"})
        CHECK(value(token).text == token);
}

TEST_CASE("numbers are the same however they are spelled, and never rounded") {
    const std::vector<std::tuple<std::string, std::string, bool>> table = {
        {"1", "1.0", true},
        {"1", "1e0", true},
        {"100", "1E+2", true},
        {"0.001", "1e-3", true},
        {"0", "-0.0e5", true},
        {"-1.50", "-15e-1", true},
        {"1", "-1", false},
        {"12345678901234567890123", "12345678901234567890124", false},
        {"0.1", "0.10000000000000001", false},
        {"1e99999999999999999999", "1e99999999999999999998",
         true},  // beyond any exponent that can be told apart
        {"1e5", "1e-5", false},
        {"10", "1", false},
    };
    for (const auto& [a, b, same] : table) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(sameNumber(a, b) == same);
        CHECK(sameNumber(b, a) == same);
    }
}

TEST_CASE("a member that is null equals one that is absent, an element does not") {
    const std::vector<std::tuple<std::string, std::string, bool>> table = {
        {R"({"a":null})", "{}", true}, {R"({"a":null,"b":1})", R"({"b":1.0})", true},
        {R"({"a":1})", "{}", false},   {R"({"a":1})", R"({"b":1})", false},
        {"[null]", "[]", false},       {"null", "{}", false},
        {"\"1\"", "1", false},         {R"({"a":[{"b":null}]})", R"({"a":[{}]})", true},
    };
    for (const auto& [a, b, same] : table) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(sameValue(value(a), value(b)) == same);
        CHECK(sameValue(value(b), value(a)) == same);
    }
}

}  // namespace json_test
