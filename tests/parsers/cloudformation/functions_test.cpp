#include "parsers/cloudformation/functions.hpp"

#include "tests/parsers/cloudformation/json.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using tests::json;

namespace functions_test {
namespace {

struct World {
    Template source;
    Surroundings around{{{"Name", "web"}, {"Zones", "a, b"}, {"Stage", "prod"}},
                        {{"Queue", "https://sqs/1/q"}},
                        "net",
                        "arn:aws:cloudformation:eu-central-1:123456789012:stack/net/1"};

    World() {
        source.parameters["Name"].type = "String";
        source.parameters["Zones"].type = "CommaDelimitedList";
        source.parameters["Stage"].type = "String";
        source.parameters["Secret"].noEcho = true;
        source.mappings = json(R"({"Sizes": {"prod": {"Count": 3}, "dev": {"Count": 1}}})");
        source.conditions = json(R"({
            "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
            "Either": {"Fn::Or": [{"Condition": "NotProd"}, {"Condition": "IsProd"}]},
            "Both": {"Fn::And": [{"Condition": "NotProd"}, {"Condition": "Unknown"}]},
            "Unknown": {"Fn::Equals": [{"Ref": "Secret"}, "x"]},
            "Circle": {"Fn::And": [{"Condition": "Circle"}, {"Condition": "Circle"}]}})");
    }
};

}  // namespace

TEST_CASE("functions are worked out as far as it goes") {
    const World world;
    const Functions functions(world.source, world.around);
    struct Row {
        const char* value;
        const char* resolved;
    };
    for (
        const auto& [value, resolved] : {
            Row{R"({"Ref": "Name"})", R"("web")"},
            Row{R"({"Ref": "Zones"})", R"(["a","b"])"},
            Row{R"({"Ref": "Queue"})", R"("https://sqs/1/q")"},
            Row{R"({"Ref": "Secret"})", R"({"Ref":"Secret"})"},
            Row{R"({"Ref": "Nobody"})", R"({"Ref":"Nobody"})"},
            Row{R"({"Ref": "AWS::Region"})", R"("eu-central-1")"},
            Row{R"({"Ref": "AWS::AccountId"})", R"("123456789012")"},
            Row{R"({"Ref": "AWS::URLSuffix"})", R"("amazonaws.com")"},
            Row{R"({"Fn::Sub": "${AWS::StackName}-${Name}-${!Name}"})", R"("net-web-${Name}")"},
            Row{R"({"Fn::Sub": "x-${Queue.Arn}"})", R"({"Fn::Sub":"x-${Queue.Arn}"})"},
            Row{R"({"Fn::Sub": ["${A}-${Secret}", {"A": {"Ref": "Name"}}]})",
                R"({"Fn::Sub":["web-${Secret}",{"A":"web"}]})"},
            Row{R"({"Fn::Join": ["-", ["a", {"Ref": "Name"}, 3]]})", R"("a-web-3")"},
            Row{R"({"Fn::Join": [",", {"Ref": "Zones"}]})", R"("a,b")"},
            Row{R"({"Fn::Join": ["-", ["a", {"Fn::GetAtt": ["Queue", "Arn"]}]]})",
                R"({"Fn::Join":["-",["a",{"Fn::GetAtt":["Queue","Arn"]}]]})"},
            Row{R"({"Fn::Select": [1, {"Ref": "Zones"}]})", R"("b")"},
            Row{R"({"Fn::Select": ["7", {"Ref": "Zones"}]})", R"({"Fn::Select":["7",["a","b"]]})"},
            Row{R"({"Fn::Split": ["-", "a-b"]})", R"(["a","b"])"},
            Row{R"({"Fn::Base64": "hello"})", R"("aGVsbG8=")"},
            Row{R"({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Count"]})", "3"},
            Row{R"({"Fn::If": ["IsProd", "yes", "no"]})", R"("yes")"},
            Row{R"({"Fn::If": ["Unknown", {"Ref": "Name"}, "no"]})",
                R"({"Fn::If":["Unknown","web","no"]})"},
            Row{R"({"A": {"Fn::If": ["NotProd", 1, {"Ref": "AWS::NoValue"}]}, "B": [{"Ref": "AWS::NoValue"}, 2]})",
                R"({"B":[2]})"},
            Row{R"({"Fn::GetAZs": {"Ref": "AWS::Region"}})", R"({"Fn::GetAZs":"eu-central-1"})"},
        }) {
        CAPTURE(value);
        CHECK(canonicalText(functions.resolved(json(value))) == resolved);
    }
}

TEST_CASE("conditions are true, false or not to be told") {
    const World world;
    const Functions functions(world.source, world.around);
    CHECK(functions.condition("") == true);
    CHECK(functions.condition("IsProd") == true);
    CHECK(functions.condition("NotProd") == false);
    CHECK(functions.condition("Either") == true);
    CHECK(functions.condition("Both") == false);  // whatever Unknown is
    CHECK(functions.condition("Unknown") == std::nullopt);
    CHECK(functions.condition("Circle") == std::nullopt);
    CHECK(functions.condition("Nobody") == std::nullopt);
}

TEST_CASE("what a value names is found, also behind its conditions") {
    const World world;
    const auto value = json(R"({"A": {"Ref": "Name"}, "B": {"Fn::GetAtt": ["Queue", "Arn"]},
        "C": {"Fn::Sub": ["${Topic.Arn} ${X} ${!No}", {"X": {"Ref": "Inner"}}]}, "D": {"Fn::If": ["NotProd", 1, 2]}})");
    CHECK(namesIn(value, world.source.conditions) ==
          std::set<std::string>{"Inner", "Name", "Queue", "Stage", "Topic", "X"});
    CHECK(importsIn(json(R"([{"Fn::ImportValue": {"Fn::Sub": "${Name}-vpc"}}])")).size() == 1);
}

TEST_CASE("parts of an ARN") {
    CHECK(arnPart("arn:aws:cloudformation:eu-central-1:1:stack/a/b", 3) == "eu-central-1");
    CHECK(arnPart("arn:aws", 3).empty());
    CHECK(arnPart("web", 0).empty());
}

}  // namespace functions_test
