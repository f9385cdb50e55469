#include "parsers/cloudformation/template.hpp"

#include "parsers/cloudformation/values.hpp"
#include "tests/parsers/cloudformation/json.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;

namespace template_test {
namespace {

constexpr std::string_view yaml = R"(AWSTemplateFormatVersion: "2010-09-09"
Description: one queue
Parameters:
  Size: { Type: Number, Default: 5 }
  Password: { Type: String, NoEcho: true }
Conditions:
  IsBig: !Equals [!Ref Size, "9"]
Resources:
  # a comment
  Queue:
    Type: AWS::SQS::Queue
    Condition: IsBig
    DependsOn: [Topic, Key]
    Metadata: { cfn_nag: {} }
    Properties:
      QueueName: !Sub "${AWS::StackName}-jobs"
      FifoQueue: yes
      Policy: !GetAtt Topic.Policy.Arn
      Tags: [{ Key: a, Value: !If [IsBig, "1", !Ref "AWS::NoValue"] }]
      Version: 2012-10-17
      Mode: 0755
)";

constexpr std::string_view sameAsJson = R"({
  "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Condition": "IsBig", "DependsOn": ["Key", "Topic"],
    "Properties": {"Mode": "0755", "Version": "2012-10-17", "FifoQueue": true,
      "QueueName": {"Fn::Sub": "${AWS::StackName}-jobs"}, "Policy": {"Fn::GetAtt": ["Topic", "Policy.Arn"]},
      "Tags": [{"Key": "a", "Value": {"Fn::If": ["IsBig", "1", {"Ref": "AWS::NoValue"}]}}]}}},
  "Conditions": {"IsBig": {"Fn::Equals": [{"Ref": "Size"}, "9"]}},
  "Parameters": {"Password": {"Type": "String", "NoEcho": "true"}, "Size": {"Type": "Number", "Default": "5"}}})";

}  // namespace

TEST_CASE("YAML with short forms and JSON are one template") {
    const auto one = readTemplate(yaml);
    const auto other = readTemplate(sameAsJson);
    REQUIRE(one);
    REQUIRE(other);
    CHECK(canonicalText(one->resources.at("Queue").properties) ==
          canonicalText(other->resources.at("Queue").properties));
    CHECK(canonicalText(one->resources.at("Queue").attributes) ==
          R"({"DependsOn":["Key","Topic"]})");
    CHECK(one->resources.at("Queue").attributes == other->resources.at("Queue").attributes);
    CHECK(one->conditions == other->conditions);
    for (const auto* source : {&*one, &*other}) {
        CHECK(source->parameters.at("Size").defaultValue == "5");
        CHECK(source->parameters.at("Password").noEcho);
        CHECK_FALSE(source->parameters.at("Size").noEcho);
    }
}

TEST_CASE("what is no template says why, and repeats no value") {
    struct Row {
        std::string_view text;
        std::string_view message;
    };
    for (const auto& [text, message] : {
             Row{"Resources:\n  A:\n    Type: [canary\n", "line"},
             Row{"{\"Resources\": {\"A\": {\"Type\": \"canary\"}", "line"},
             Row{"Parameters: {}\n", "it has no Resources"},
             Row{"Resources: {}\n", "it has no Resources"},
             Row{"Resources: {A: {Properties: {Password: canary}}}\n", "resource A has no Type"},
             Row{"", "it has no Resources"},
         }) {
        CAPTURE(text);
        const auto source = readTemplate(text);
        REQUIRE_FALSE(source);
        CHECK(source.error().code == "broken_template");
        CHECK(source.error().message.contains(message));
        CHECK_FALSE(source.error().message.contains("canary"));
    }
}

TEST_CASE("transforms and loops are seen") {
    const auto source = readTemplate(
        "Transform: [AWS::LanguageExtensions]\nResources:\n  Fn::ForEach::Topics: [Name, [a, b], "
        "{\"T${Name}\": {Type: "
        "AWS::SNS::Topic}}]\n");
    REQUIRE(source);
    CHECK(source->transformed);
    CHECK(source->resources.at("Fn::ForEach::Topics").type.empty());
}

}  // namespace template_test
