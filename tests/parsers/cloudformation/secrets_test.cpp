#include "parsers/cloudformation/secrets.hpp"

#include "tests/parsers/cloudformation/json.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using tests::json;

TEST_CASE("what the template makes secret is found wherever it hides") {
    struct Row {
        const char* value;
        const char* mask;
    };
    for (const auto& [value, mask] : {
             Row{R"({"A": {"Ref": "Pw"}, "B": {"Ref": "Name"}})", R"({"A":true,"B":null})"},
             Row{R"({"A": {"Fn::Sub": "x ${Pw} y"}})", R"({"A":true})"},
             Row{R"({"A": {"Fn::Join": ["", ["a", {"Ref": "Pw"}]]}})", R"({"A":true})"},
             Row{R"({"A": "{{resolve:secretsmanager:x:SecretString:pw}}"})", R"({"A":true})"},
             Row{R"({"A": ["****"]})", R"({"A":[true]})"},
             Row{R"({"A": "{\"size\": 1}", "B": [1, {"C": "x"}]})", "null"},
         }) {
        CAPTURE(value);
        CHECK(canonicalText(secretMask(json(value), {"Pw"})) == mask);
    }
}

TEST_CASE("what cannot be compared is as expected") {
    struct Row {
        const char* expected;
        const char* live;
        const char* compared;
    };
    for (const auto& [expected, live, compared] : {
             Row{R"({"A": "****", "B": 1})", R"({"A": "secret", "B": 2})", R"({"A":"****","B":2})"},
             Row{R"({"A": "secret"})", R"({"A": "*****"})", R"({"A":"secret"})"},
             Row{R"({"A": "{{resolve:ssm:x:1}}"})", R"({"B": 1})",
                 R"({"A":"{{resolve:ssm:x:1}}","B":1})"},
             Row{R"([{"A": "****"}])", R"([{"A": "x"}])", R"([{"A":"****"}])"},
             Row{R"({"A": "***"})", R"({"A": "x"})", R"({"A":"x"})"},
         }) {
        CAPTURE(live);
        CHECK(canonicalText(comparable(json(expected), json(live))) == compared);
    }
}

TEST_CASE("lists of names and values are objects, when that loses nothing") {
    struct Row {
        const char* list;
        const char* object;
    };
    for (const auto& [list, object] : {
             Row{R"({"Tags": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}]})",
                 R"({"Tags":{"a":"1","b":"2"}})"},
             Row{R"([{"Name": "A", "Value": {"Ref": "X"}}])", R"({"A":{"Ref":"X"}})"},
             Row{R"([{"Key": "a", "Value": "1", "PropagateAtLaunch": true}])",
                 R"({"a":{"PropagateAtLaunch":true,"Value":"1"}})"},
             Row{R"([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])",
                 R"([{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}])"},
             Row{R"([{"Key": {"Ref": "K"}, "Value": "1"}])",
                 R"([{"Key":{"Ref":"K"},"Value":"1"}])"},
             Row{R"([{"Name": "a", "Value": "1", "Type": "x"}])",
                 R"([{"Name":"a","Type":"x","Value":"1"}])"},
             Row{"[]", "[]"},
         }) {
        CAPTURE(list);
        CHECK(canonicalText(keyed(json(list))) == object);
    }
}
