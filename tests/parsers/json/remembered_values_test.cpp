#include "parsers/json/remembered_values.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper;

namespace remembered_values_test {
namespace {

Json json(const std::string& text) {
    auto value = readJson(text);
    REQUIRE_MESSAGE(value, text);
    return *value;
}

const ValueTags tags("a key of this installation");

}  // namespace

TEST_CASE("every attribute and every member of an object is remembered, a list as a whole") {
    RememberedValues values;
    values.add("box.a", json(R"({"size":1,"tags":{"team":"red"},"rule":[{"port":80}],"no":null})"),
               tags);
    const auto tag = [](const char* text) { return RememberedValues::tagOf(json(text), tags); };
    CHECK(values.holds("box.a"));
    CHECK_FALSE(values.holds("box.b"));
    CHECK(values.read("box.a", "size") == tag("1"));
    CHECK(values.read("box.a", "size") != tag("2"));
    CHECK(values.read("box.b", "size") == RememberedValues::nothing);
    CHECK(values.read("box.a", "tags.team") == tag(R"("red")"));
    CHECK(values.read("box.a", "rule") == tag(R"([{"port":80}])"));
    CHECK(values.read("box.a", "no") == tag("[]"));
    CHECK(tag("null") == RememberedValues::nothing);
    CHECK(tag("0") != RememberedValues::nothing);
}

TEST_CASE("what Git asks for otherwise is remembered beside what was read") {
    RememberedValues values;
    values.add("box.a", json(R"({"size":1,"name":"a"})"), tags);
    values.addAsked("box.a", "size", json("2"), tags);
    CHECK(values.asked("box.a", "size") == RememberedValues::tagOf(json("2"), tags));
    CHECK(values.read("box.a", "size") == RememberedValues::tagOf(json("1"), tags));
    CHECK(values.asked("box.a", "name") == values.read("box.a", "name"));
}

TEST_CASE("the text comes back, is one for one memory, and holds no value") {
    RememberedValues values;
    values.add("box.a", json(R"({"password":"canary","size":1})"), tags);
    values.add("box.b", json(R"({"size":1})"), tags);
    RememberedValues others;
    others.add("box.b", json(R"({"size":1})"), tags);
    others.add("box.a", json(R"({"size":1,"password":"canary"})"), tags);
    const std::string text = values.toText();
    CHECK(others.toText() == text);
    CHECK(text.find("canary") == std::string::npos);
    const auto back = RememberedValues::fromText(text);
    REQUIRE(back);
    CHECK(back->toText() == text);
    CHECK(back->holds("box.b"));
    CHECK(RememberedValues::fromText("")->isEmpty());
    for (const char* broken : {"x", "AAAA", "????????????????"})
        CHECK_FALSE(RememberedValues::fromText(broken));
}

TEST_CASE("another key, other tags") {
    const ValueTags others("another key");
    CHECK(RememberedValues::tagOf(json("1"), tags) != RememberedValues::tagOf(json("1"), others));
}

}  // namespace remembered_values_test
