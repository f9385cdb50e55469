#include "parsers/kubernetes/difference.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace difference_test {
namespace {

Json json(std::string_view text) {
    return *readJson(text);
}

std::string told(std::string_view live, std::string_view git) {
    const Json a = json(live), b = json(git);
    std::string text;
    for (const Difference& one : differences(a, b))
        text += toText(one.path) + " " + canonicalText(*one.live) + " " + canonicalText(*one.git) +
                (isCosmetic(one) ? " cosmetic" : "") + "\n";
    return text;
}

}  // namespace

TEST_CASE("objects differ member by member, keyed lists item by item, others by index") {
    CHECK(told(R"({"a":1,"b":{"x":1,"y":2}})", R"({"b":{"x":1,"y":3},"c":4})") ==
          "a 1 null\nb.y 2 3\nc null 4\n");
    CHECK(told(R"({"env":[{"name":"A","value":"1"},{"name":"B"}]})",
               R"({"env":[{"name":"B"},{"name":"A","value":"2"}]})") ==
          "env[name=A].value \"1\" \"2\"\n");
    CHECK(told(R"({"ports":[{"port":80}]})", R"({"ports":[{"port":80,"protocol":"UDP"}]})") ==
          "ports[port=80,protocol=TCP] {\"port\":80} null\n"
          "ports[port=80,protocol=UDP] null {\"port\":80,\"protocol\":\"UDP\"}\n");
    CHECK(told(R"({"args":["a","b"]})", R"({"args":["b","a"]})") ==
          "args[0] \"a\" \"b\"\nargs[1] \"b\" \"a\"\n");
    CHECK(told(R"({"metadata":{"annotations":{"a/b":"1"}}})",
               R"({"metadata":{"annotations":{"a/b":"2"}}})") ==
          "metadata.annotations[\"a/b\"] \"1\" \"2\"\n");
}

TEST_CASE("null is not there, and what the server alone decides is not compared") {
    CHECK(told(R"({"a":null,"metadata":{"uid":"1","resourceVersion":"2"}})",
               R"({"metadata":{"uid":"3"}})")
              .empty());
    CHECK(told(R"({"spec":{"uid":"1"}})", R"({"spec":{"uid":"2"}})") == "spec.uid \"1\" \"2\"\n");
}

TEST_CASE("other words for the same are cosmetic where they belong") {
    CHECK(told(R"({"resources":{"limits":{"cpu":"100m"}}})",
               R"({"resources":{"limits":{"cpu":0.1}}})") ==
          "resources.limits.cpu \"100m\" 0.1 cosmetic\n");
    CHECK(told(R"({"tag":"1.0"})", R"({"tag":"1"})") == "tag \"1.0\" \"1\"\n");
    CHECK(told(R"({"a":[]})", R"({})") == "a [] null cosmetic\n");
}

TEST_CASE("an empty object is not nothing, and only people write it where a server drops it") {
    CHECK(told(R"({"from":[{"podSelector":{"a":"b"},"namespaceSelector":{}}]})",
               R"({"from":[{"podSelector":{"a":"b"}}]})") == "from[0].namespaceSelector {} null\n");
    const Json empty = json("{}");
    CHECK(isSpelling({{}, &Json::absent(), &empty}));
    CHECK_FALSE(isSpelling({{}, &empty, &Json::absent()}));
}

TEST_CASE("labels and annotations differ one by one, also the first and the last one") {
    CHECK(told(R"({"metadata":{"labels":{"a":"1","b":"2"}}})", R"({"metadata":{}})") ==
          "metadata.labels.a \"1\" null\nmetadata.labels.b \"2\" null\n");
}

TEST_CASE("a list of a custom resource is merged as its managed fields say") {
    const std::vector<Owner> owners = {
        {"ci", true, "", "",
         json(R"({"f:spec":{"f:rules":{"k:{\"id\":\"a\"}":{".":{},"f:id":{},"f:to":{}}},)"
              R"("f:hosts":{"v:\"x\"":{}},"f:env":{}}})")}};
    const Json live =
        json(R"({"spec":{"rules":[{"id":"b","to":2},{"id":"a","to":1}],"hosts":["y","x"],)"
             R"("env":[{"name":"A"},{"name":"B"}]}})");
    const Json git =
        json(R"({"spec":{"rules":[{"id":"a","to":3}],"hosts":["x"],"env":[{"name":"B"}]}})");
    std::string text;
    for (const Difference& one : differences(live, git, Shape(owners)))
        text += toText(one.path) + "\n";
    CHECK(text ==
          "spec.env[0].name\nspec.env[1]\nspec.hosts[\"y\"]\nspec.rules[id=a].to\n"
          "spec.rules[id=b]\n");
}

TEST_CASE("a name that a list has twice is compared by place") {
    CHECK(told(R"({"env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]})",
               R"({"env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]})")
              .empty());
    CHECK(canonicalText(overlaid(json(R"({"env":[{"name":"A","value":"2"}]})"),
                                 json(R"({"env":[{"name":"A","value":"1"},)"
                                      R"({"name":"A","value":"2"}]})"))) ==
          R"({"env":[{"name":"A","value":"2"}]})");
}

TEST_CASE("live is surely what Git asks for, or the server has to say it") {
    const std::vector<Owner> owners = {
        {"kubectl-client-side-apply", false, "", "",
         json(
             R"({"f:spec":{"f:selector":{},"f:replicas":{},"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":)"
             R"({".":{},"f:port":{}}}}})")}};
    const Json live = json(
        R"({"spec":{"selector":{"app":"web"},"replicas":1,"ports":[{"port":80,"protocol":"TCP","targetPort":80}],)"
        R"("ingress":[{"from":[{"podSelector":{}}],"ports":[{"port":80,"protocol":"TCP"}]}],"clusterIP":"10.0.0.1"}})");
    struct Row {
        const char* git;
        bool isSure;
    };
    for (const auto& [git, isSure] : {
             Row{R"({"spec":{"selector":{"app":"web"},"ports":[{"port":80}]}})", true},
             Row{R"({"spec":{"replicas":1,"nodeSelector":{},"args":[]}})", true},
             Row{R"({"spec":{"replicas":2}})", false},
             Row{R"({"spec":{"selector":{}}})", false},
             Row{R"({"spec":{"selector":{"app":"web","tier":"a"}}})", false},
             Row{R"({"spec":{"ingress":[{"from":[{"podSelector":{}}],"ports":[{"port":80}]}]}})",
                 true},
             Row{R"({"spec":{"ingress":[{"ports":[{"port":80}]}]}})", false},
             Row{R"({"spec":{"ports":[{"port":81}]}})", false},
             Row{R"({"spec":{"securityContext":{}}})", false},
         }) {
        CAPTURE(git);
        CHECK(isAsAsked(live, json(git), Shape(owners)) == isSure);
    }
    const Json more = json(R"({"spec":{"selector":{"app":"web","by":"hand"}}})");
    CHECK_FALSE(isAsAsked(more, json(R"({"spec":{"selector":{"app":"web"}}})"), Shape(owners)));
}

TEST_CASE("laid over live, a manifest keeps what it does not ask for") {
    const Json live = json(
        R"({"spec":{"replicas":3,"clusterIP":"10.0.0.1","ports":[{"port":80,"protocol":"TCP","targetPort":80}],)"
        R"("list":[{"a":1,"b":2}],"words":["x"]}})");
    const Json git = json(
        R"({"spec":{"replicas":2,"ports":[{"port":80},{"port":81}],"list":[{"a":5}],"words":["y","z"],"no":null}})");
    CHECK(
        canonicalText(overlaid(live, git)) ==
        R"({"spec":{"clusterIP":"10.0.0.1","list":[{"a":5,"b":2}],"ports":[{"port":80,"protocol":"TCP","targetPort":80},{"port":81}],)"
        R"("replicas":2,"words":["y","z"]}})");
}

}  // namespace difference_test
