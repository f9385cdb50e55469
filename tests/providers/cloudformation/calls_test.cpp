#include "providers/cloudformation/calls.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using Words = std::vector<std::string>;

namespace calls_test {
namespace {

Workspace workspace() {
    Workspace result;
    result.root = result.directory = "/tree";
    result.privateDirectory = "/private";
    return result;
}

}  // namespace

TEST_CASE("every call says what it wants in words that both versions of the CLI know") {
    Session session = sessionFor(workspace(), {});
    session.region = "eu-central-1";
    session.endpointUrl = "http://127.0.0.1:1";
    CHECK(resourceDriftsCall(session, "web", "t").argv ==
          Words{"aws", "cloudformation", "describe-stack-resource-drifts", "--stack-name", "web",
                "--max-results", "100", "--next-token", "t", "--output", "json", "--color", "off",
                "--region", "eu-central-1", "--endpoint-url", "http://127.0.0.1:1"});
    CHECK(versionCall(session).argv == Words{"aws", "--version"});
    const auto words = getTemplateCall(session, "web").argv;
    CHECK(std::ranges::find(words, "Original") != words.end());
    CHECK(describeStackCall(session, "web").environment.at("AWS_PAGER").empty());
}

TEST_CASE(
    "options come before the environment, and the endpoint is passed on to CLIs that do not know "
    "its variable") {
    auto look = workspace();
    look.workingTree = true;
    const Environment caller{
        {"AWS_ENDPOINT_URL", "http://all"}, {"AWS_PROFILE", "prod"}, {"LD_PRELOAD", "x"}};
    CHECK(sessionFor(look, caller).endpointUrl == "http://all");
    CHECK(sessionFor(look, caller).environment.at("AWS_PROFILE") == "prod");
    CHECK_FALSE(sessionFor(look, caller).environment.contains("LD_PRELOAD"));
    look.environment["AWS_ENDPOINT_URL_CLOUDFORMATION"] = "http://one";
    CHECK(sessionFor(look, caller).endpointUrl == "http://one");
    look.options["endpoint_url"] = {"http://option"};
    look.options["region"] = {"eu-west-1"};
    CHECK(sessionFor(look, caller).endpointUrl == "http://option");
    CHECK(sessionFor(look, caller).region == "eu-west-1");
    look.workingTree = false;
    look.environment.clear();
    CHECK_FALSE(sessionFor(look, caller).environment.contains("AWS_PROFILE"));
}

TEST_CASE("the settings decide how often the CLI itself asks again") {
    auto look = workspace();
    CHECK(sessionFor(look, {}).environment.at("AWS_MAX_ATTEMPTS") == "2");
    look.environment["AWS_MAX_ATTEMPTS"] = "7";
    CHECK(sessionFor(look, {}).environment.at("AWS_MAX_ATTEMPTS") == "7");
}

TEST_CASE("the version of both generations") {
    CHECK(versionIn("aws-cli/1.45.11 Python/3.11.7 Linux/6.18 botocore/1.43.11\n") == "1.45.11");
    CHECK(
        versionIn("aws-cli/2.9.19 Python/3.11.2 Linux/6.18 source/x86_64.debian.12 prompt/off\n") ==
        "2.9.19");
    CHECK(versionIn("bash: aws: not found").empty());
}

}  // namespace calls_test
