#include "parsers/cloudformation/answers.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::cloudformation;

// As aws 1.45.11 and 2.9.19 print it, less what is not read.
TEST_CASE("a stack is read with its parameters, tags and exports") {
    const auto stack =
        readStack(R"({"Stacks": [{"StackId": "arn:aws:cloudformation:eu-central-1:1:stack/web/1",
        "StackName": "web", "Parameters": [{"ParameterKey": "Ami", "ParameterValue": "/ami", "ResolvedValue": "ami-1"},
        {"ParameterKey": "Password", "ParameterValue": "****"}], "CreationTime": "2026-01-01T00:00:00+00:00",
        "LastUpdatedTime": "2026-01-02T00:00:00+00:00", "StackStatus": "UPDATE_COMPLETE", "DisableRollback": false,
        "Outputs": [{"OutputKey": "Url", "OutputValue": "u", "ExportName": "web-url"}, {"OutputKey": "X", "OutputValue": "v"}],
        "Tags": [{"Key": "team", "Value": "net"}], "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"}}]})");
    REQUIRE(stack);
    CHECK(stack->name == "web");
    CHECK(stack->status == "UPDATE_COMPLETE");
    CHECK(stack->lastUpdated == "2026-01-02T00:00:00+00:00");
    CHECK(stack->parameters.at("Ami") == StackParameter{"/ami", "ami-1"});
    CHECK(stack->tags.at("team") == "net");
    REQUIRE(stack->outputs.size() == 2);
    CHECK(stack->outputs[0].exportName == "web-url");
    CHECK(stack->outputs[1].exportName.empty());
}

TEST_CASE("a page of drifts has its properties as values and the token of the next one") {
    const auto page = readResourceDrifts(R"({"StackResourceDrifts": [{"LogicalResourceId": "Q",
        "ExpectedProperties": "{\"Delay\":1}", "ActualProperties": "{\"Delay\":2}", "PropertyDifferences": [
        {"PropertyPath": "/Delay", "ExpectedValue": "1", "ActualValue": "2", "DifferenceType": "NOT_EQUAL"}],
        "StackResourceDriftStatus": "MODIFIED"}, {"LogicalResourceId": "T", "ExpectedProperties": "{",
        "StackResourceDriftStatus": "UNKNOWN", "DriftStatusReason": "no"}], "NextToken": "page-2"})");
    REQUIRE(page);
    CHECK(page->nextToken == "page-2");
    REQUIRE(page->drifts.size() == 2);
    CHECK(page->drifts[0].live->keys == std::vector<std::string>{"Delay"});
    CHECK(page->drifts[0].differences[0].path == "/Delay");
    CHECK_FALSE(page->drifts[1].expected);
    CHECK(page->drifts[1].statusReason == "no");
}

TEST_CASE("deleted resources are none") {
    const auto resources = readResources(R"({"StackResourceSummaries": [
        {"LogicalResourceId": "A", "PhysicalResourceId": "a", "ResourceType": "T", "ResourceStatus": "CREATE_COMPLETE",
         "DriftInformation": {"StackResourceDriftStatus": "IN_SYNC"}},
        {"LogicalResourceId": "B", "ResourceType": "T", "ResourceStatus": "DELETE_COMPLETE"}]})");
    REQUIRE(resources);
    REQUIRE(resources->size() == 1);
    CHECK(resources->front().driftStatus == "IN_SYNC");
}

TEST_CASE("a deployed template comes as an object or as a text") {
    CHECK(readTemplateAnswer(R"({"TemplateBody": {"Resources": {"A": {"Type": "X::Y"}}}})")
              ->resources.size() == 1);
    CHECK(readTemplateAnswer(R"({"TemplateBody": "Resources:\n  A:\n    Type: X::Y\n"})")
              ->resources.size() == 1);
    CHECK(readTemplateAnswer(R"({"TemplateBody": "Resources: ["})").error().code ==
          "broken_template");
}

TEST_CASE("what is no answer is an error, never an empty one") {
    for (const auto* text : {"", "{", "[]", "{}", R"({"Stacks": []})", "null"}) {
        CAPTURE(text);
        CHECK(readStack(text).error().code == "output_unreadable");
        CHECK(readResources(text).error().code == "output_unreadable");
        CHECK(readResourceDrifts(text).error().code == "output_unreadable");
        CHECK(readDetectionId(text).error().code == "output_unreadable");
        CHECK(readDetection(text).error().code == "output_unreadable");
        CHECK(readTemplateAnswer(text).error().code == "output_unreadable");
    }
}

TEST_CASE("an error of the service is found in what the CLI says") {
    const auto error = serviceErrorIn(
        "\nAn error occurred (Throttling) when calling the DetectStackDrift operation (reached max "
        "retries: 4): Rate "
        "exceeded\n");
    REQUIRE(error);
    CHECK(error->code == "Throttling");
    CHECK(error->operation == "DetectStackDrift");
    CHECK(error->message == "Rate exceeded");
    CHECK_FALSE(serviceErrorIn("Unable to locate credentials"));
    CHECK_FALSE(serviceErrorIn("An error occurred (half"));
}
