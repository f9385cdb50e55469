#include "parsers/cloudformation/graph.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;

TEST_CASE("references are edges, exports and imports leave the stack") {
    StackSides sides;
    sides.stack.id = "arn:aws:cloudformation:eu-central-1:123456789012:stack/web/1";
    sides.stack.parameters["Net"] = {"prod", ""};
    sides.stack.outputs = {{"Url", "web-url"}, {"Plain", ""}};
    sides.deployed = *readTemplate(R"(
Parameters: { Net: { Type: String } }
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Dead: { Type: AWS::SQS::Queue }
  Role: { Type: AWS::IAM::Role }
  Worker:
    Type: AWS::Lambda::Function
    DependsOn: Dead
    Properties:
      Role: !GetAtt Role.Arn
      Environment: { Variables: { URL: !Sub "${Queue}" } }
      Subnet: !ImportValue { "Fn::Sub": "${Net}-subnet" }
Outputs:
  Url: { Value: !Ref Queue, Export: { Name: web-url } }
)");
    sides.resources = {{"Queue", "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
                        "AWS::SQS::Queue", "", ""},
                       {"Dead", "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
                        "AWS::SQS::Queue", "", ""},
                       {"Role", "web", "AWS::IAM::Role", "", ""},
                       {"Worker", "worker", "AWS::Lambda::Function", "", ""}};
    ResourceGraph graph;
    addToGraph(graph, sides);
    CHECK(graph.dependentsOf("Queue") == std::vector<std::string>{"Worker"});
    CHECK(graph.dependentsOf("Dead") == std::vector<std::string>{"Worker"});
    CHECK(graph.countDependents("Role") == 1);
    REQUIRE(graph.offers().size() == 1);
    CHECK(graph.offers()[0].address == "Queue");
    CHECK(graph.offers()[0].key == "cfn-export:eu-central-1:web-url");
    REQUIRE(graph.needs().size() == 1);
    CHECK(graph.needs()[0].address == "Worker");
    CHECK(graph.needs()[0].key == "cfn-export:eu-central-1:prod-subnet");
    CHECK(graph.resources()[0].identity == "arn:aws:sqs:eu-central-1:123456789012:jobs");
    CHECK(graph.resources()[2].identity == "arn:aws:iam::123456789012:role/web");
}

TEST_CASE("a nested stack uses what is in it") {
    StackSides root;
    root.resources = {
        {"Child", "arn:aws:cloudformation:r:1:stack/c/1", "AWS::CloudFormation::Stack", "", ""},
        {"User", "u", "X::Y", "", ""}};
    root.deployed = *readTemplate(
        "Resources:\n  Child: { Type: AWS::CloudFormation::Stack }\n  User: { Type: X::Y, "
        "Properties: { Q: !GetAtt "
        "Child.Outputs.Q } }\n");
    StackSides child;
    child.prefix = "Child/";
    child.resources = {{"Q", "q", "AWS::SQS::Queue", "", ""}};
    child.deployed = *readTemplate("Resources: { Q: { Type: AWS::SQS::Queue } }\n");
    ResourceGraph graph;
    addToGraph(graph, root);
    addToGraph(graph, child);
    CHECK(graph.countDependents("Child/Q") == 2);
}
