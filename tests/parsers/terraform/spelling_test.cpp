#include "parsers/terraform/spelling.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace spelling_test {
namespace {

Json json(const std::string& text) {
    auto value = readJson(text);
    REQUIRE_MESSAGE(value, text);
    return *value;
}

// A JSON string that holds the text.
Json holding(std::string text) {
    Json value;
    value.kind = Json::Kind::String;
    value.text = std::move(text);
    return value;
}

bool both(const Json& a, const Json& b) {
    const bool result = isSameInAnotherSpelling(a, b);
    CHECK(isSameInAnotherSpelling(b, a) == result);
    return result;
}

struct Row {
    std::string a, b;
    bool same;
};

}  // namespace

TEST_CASE("null and a zero value are one value, and nothing else that is not equal") {
    const std::vector<Row> table = {
        {"null", R"("")", true},        {"null", "0", true},       {"null", "0.0", true},
        {"null", "-0e3", true},         {"null", "false", true},   {"null", "[]", true},
        {"null", "{}", true},           {"1", "1.0", true},        {"100", "1e2", true},
        {"null", "true", false},        {"null", "1", false},      {"null", R"(" ")", false},
        {"null", R"("0")", false},      {"null", "[null]", false}, {"null", R"([""])", false},
        {"null", R"({"a":""})", false}, {"true", "false", false},  {R"("")", "0", false},
        {R"("")", "false", false},      {"[]", "{}", false},       {"0", "false", false},
        {"1", R"("1")", false},         {"1", "1.01", false},      {R"("")", "[]", false},
        {R"("1")", R"("1.0")", false},
    };
    for (const auto& [a, b, same] : table) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(both(json(a), json(b)) == same);
    }
}

TEST_CASE("a key that is not there is no null") {
    const auto map = json(R"({"there":null,"empty":""})");
    CHECK(both(map["there"], map["empty"]));
    CHECK_FALSE(both(map["missing"], map["empty"]));
    CHECK_FALSE(both(json("[]").at(0), json("{}")));
}

TEST_CASE("strings that hold the same JSON document are one value") {
    const std::vector<Row> table = {
        {R"({"a":1,"b":[1,2]})", "{ \"b\" : [ 1, 2 ],\n \"a\" : 1 }", true},
        {"[1]", " [ 1 ] ", true},
        {"[1,2]", "[2,1]", false},
        {R"({"a":[1,2]})", R"({"a":[2,1]})", false},
        {R"({"Action":["r","w"]})", R"({"Action":["w","r"]})", true},
        {R"({"NotAction":["r","w"]})", R"({"NotAction":["w","r"]})", true},
        {R"({"Statement":[{"Resource":["x","y"],"NotResource":["p","q"]}]})",
         R"({"Statement":[{"NotResource":["q","p"],"Resource":["y","x"]}]})", true},
        {R"({"Action":["r","r","w"]})", R"({"Action":["r","w","w"]})", false},
        {R"({"Action":["r","w"]})", R"({"Action":["r"]})", false},
        {R"({"Action":["r"]})", R"({"Action":"r"})", true},
        {R"({"Statement":[{"Sid":"1"},{"Sid":"2"}]})", R"({"Statement":[{"Sid":"2"},{"Sid":"1"}]})",
         true},
        {R"({"Principal":{"AWS":["a","b"]}})", R"({"Principal":{"AWS":["b","a"]}})", true},
        {R"({"Principal":{"AWS":["a"]}})", R"({"Principal":{"Service":["a"]}})", false},
        {R"({"Condition":{"StringEquals":{"k":["a","b"]}}})",
         R"({"Condition":{"StringEquals":{"k":["b","a"]}}})", true},
        {R"({"Condition":{"StringEquals":{"k":["a"]}}})",
         R"({"Condition":{"StringLike":{"k":["a"]}}})", false},
        {R"({"Effect":"Allow"})", R"({"Effect":"Deny"})", false},
        {R"({"a":null})", "{}", true},
        {R"({"a":true})", R"({"a":false})", false},
        {R"({"a":1,"a":1})", R"({ "a":1,"a":1})", false},
        {"{", " {", false},
        {"1", " 1", false},
        {R"("x")", R"( "x")", false},
        {"", " ", false},
        {"text", "text ", false},
    };
    for (const auto& [a, b, same] : table) {
        CAPTURE(a);
        CAPTURE(b);
        CHECK(both(holding(a), holding(b)) == same);
    }
    CHECK_FALSE(both(holding("[1]"), json("[1]")));
}

TEST_CASE("a reordering has the same elements as often") {
    const std::vector<Row> table = {
        {"[1,2,3]", "[3,1,2]", true}, {"[1,1,2]", "[1,2,2]", false},
        {"[1,2]", "[1,2,2]", false},  {R"([{"a":1,"b":2},3])", R"([3,{"b":2,"a":1}])", true},
        {"[]", "[]", true},           {"null", "[]", false},
        {"{}", "{}", false},
    };
    for (const auto& [a, b, same] : table) {
        CAPTURE(a);
        CHECK(isReordering(json(a), json(b)) == same);
    }
}

TEST_CASE("the place where the tree was planned is no difference, anything else is") {
    struct Row {
        const char* live;
        const char* git;
        bool same;
    };
    const Row rows[] = {
        {R"("/builds/infra/app/a.zip")", R"("/src/infra/app/a.zip")", true},
        {R"("/builds/infra/app/a.zip")", R"("/src/infra/app/b.zip")", false},
        {R"("/builds/infra/app/a.zip")", R"("/src/infrastructure/app/a.zip")", false},
        {R"("infra/app/a.zip")", R"("/src/infra/app/a.zip")", false},
        {R"("cd /b/x && ls /b/x/app")", R"("cd /src/infra && ls /src/infra/app")", true},
        {R"("cd /b/x && ls /b/y/app")", R"("cd /src/infra && ls /src/infra/app")", false},
        {R"("cd /b && rm -rf \"x\" && ls")", R"("cd /src/infra && ls")", false},
        {R"("/b/x")", R"("/src/infra")", true},
        {R"(["/b/x/a", "same"])", R"(["/src/infra/a", "same"])", true},
        {R"(["/b/x/a", "other"])", R"(["/src/infra/a", "same"])", false},
        {R"({"a": "/b/x/a", "n": 1})", R"({"a": "/src/infra/a", "n": 1})", true},
        {R"({"a": "/b/x/a", "n": 2})", R"({"a": "/src/infra/a", "n": 1})", false},
        {R"(1)", R"("/src/infra")", false},
    };
    for (const auto& [live, git, same] : rows) {
        CAPTURE(live);
        CAPTURE(git);
        CHECK(isElsewhere(*readJson(live), *readJson(git), "/src/infra") == same);
        CHECK_FALSE(isElsewhere(*readJson(live), *readJson(git), ""));
    }
}

}  // namespace spelling_test
