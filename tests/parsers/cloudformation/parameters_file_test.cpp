#include "parsers/cloudformation/parameters_file.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper::cloudformation;

TEST_CASE("every usual form gives the same parameters") {
    const std::map<std::string, std::string> expected{
        {"Count", "3"}, {"Name", "web"}, {"Zones", "a,b"}};
    for (
        const auto* text : {
            R"([{"ParameterKey": "Name", "ParameterValue": "web"}, {"ParameterKey": "Count", "ParameterValue": "3"},
                 {"ParameterKey": "Zones", "ParameterValue": "a,b"}, {"ParameterKey": "Kept", "UsePreviousValue": true}])",
            R"({"Parameters": {"Name": "web", "Count": 3, "Zones": ["a", "b"]}, "Tags": {"team": "net"}})",
            "template-file-path: ./web.yaml\nparameters:\n  Name: web\n  Count: 3\n  Zones: [a, "
            "b]\ntags:\n  team: "
            "net\n",
            R"({"Name": "web", "Count": 3, "Zones": "a,b"})",
            "Name: web\nCount: 3\nZones: a,b\n",
        }) {
        CAPTURE(text);
        const auto settings = readStackSettings(text);
        REQUIRE(settings);
        CHECK(settings->parameters == expected);
        const bool saysTags = std::string_view(text).contains("team");
        CHECK(settings->tags.has_value() == saysTags);
        if (saysTags) CHECK(settings->tags->at("team") == "net");
    }
}

TEST_CASE("a deployment file is told from everything else") {
    CHECK(isDeploymentFile("template-file-path: a.yaml\n"));
    CHECK(readStackSettings("template-file-path: a.yaml\n")->templatePath == "a.yaml");
    CHECK_FALSE(isDeploymentFile("a: template-file-path\n"));
    CHECK_FALSE(isDeploymentFile("Name: web\n"));
    CHECK_FALSE(readStackSettings("just a text"));
    CHECK_FALSE(readStackSettings("a: [b"));
}
