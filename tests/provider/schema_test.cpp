#include "tests/provider/schema.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::box;

TEST_CASE("a conforming object has exactly the schema's fields") {
    const Value object =
        conform(fromJson(R"({"name": "a", "size": "7", "surplus": 1, "rule": [{"port": 1}]})"),
                itemSchema());
    CHECK(object.fields.size() == 15);
    CHECK(object.at("size") == Value::number("7"));
    CHECK(object.at("content").isNull());
    CHECK(object.at("grant") == Value::array());
    CHECK(object.at("rule").items.at(0).fields.size() == 4);
}

TEST_CASE("a field of another type is refused by name") {
    CHECK_THROWS_WITH_AS(conform(fromJson(R"({"zones": "a"})"), itemSchema()),
                         doctest::Contains("zones"), BadValue);
}

TEST_CASE("null and unknown objects stay what they are") {
    CHECK(conform(Value(), itemSchema()).isNull());
    CHECK(conform(Value::unknown(), itemSchema()).isUnknown());
}

TEST_CASE("the order of sets does not count, the order of lists does") {
    const auto sorted = [](const char* text) {
        return withSortedSets(fromJson(text), itemSchema());
    };
    CHECK(sorted(R"({"members": ["b", "a"], "grant": [{"principal": "q"}, {"principal": "p"}]})") ==
          sorted(R"({"members": ["a", "b"], "grant": [{"principal": "p"}, {"principal": "q"}]})"));
    CHECK(sorted(R"({"zones": ["b", "a"]})") != sorted(R"({"zones": ["a", "b"]})"));
}

TEST_CASE("zeros take the place of unset values, and a plan keeps them") {
    const Value unset = conform(fromJson(R"({"name": "a", "rule": [{}]})"), itemSchema());
    const Value zeros = withZeros(unset, itemSchema());
    CHECK(zeros.at("size") == Value::number("0"));
    CHECK(zeros.at("content") == Value::string(""));
    CHECK(zeros.at("owner").isNull());
    CHECK(zeros.at("rule").items.at(0).at("note") == Value::string(""));
    CHECK(keepZeros(unset, zeros, itemSchema()) == zeros);
    CHECK(keepZeros(unset, unset, itemSchema()) == unset);
}
