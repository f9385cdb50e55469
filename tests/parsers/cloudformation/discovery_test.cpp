#include "parsers/cloudformation/discovery.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;

namespace discovery_test {
namespace {

const std::string queue = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n";

std::string nesting(const std::string& path) {
    return "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      "
           "TemplateURL: " +
           path + "\n";
}

// NAME PATH OPTION=VALUE [closure]
std::vector<std::string> found(const std::vector<SourceFile>& files) {
    std::vector<std::string> all;
    for (const auto& stack : discover(files)) {
        CHECK(stack.provider == "cloudformation");
        std::string text = (stack.name.empty() ? "-" : stack.name) + " " + stack.path;
        for (const auto& [key, values] : stack.options) text += " " + key + "=" + values.front();
        for (const auto& path : stack.closure) text += " [" + path + "]";
        all.push_back(text);
    }
    return all;
}

}  // namespace

TEST_CASE("a template is a stack, a folder with several holds several") {
    CHECK(found({{"net/template.yaml", queue},
                 {"apps/api.yaml", queue},
                 {"apps/web.template.json", R"({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}})"},
                 {"main.template", queue},
                 {"net/readme.yaml", "Resources: of AWS::SQS::Queue Type\n"},
                 {"k8s/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\n"},
                 {"package.json", "{}"}}) ==
          std::vector<std::string>{"- . template=main.template [.]",
                                   "apps/api apps template=api.yaml [apps]",
                                   "apps/web apps template=web.template.json [apps]",
                                   "- net template=template.yaml [net]"});
}

TEST_CASE("a broken template that says what it is stays a stack") {
    CHECK(
        found({{"a/b.yaml",
                "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Q:\n    Type: [AWS::SQS\n"}})
            .size() == 1);
    CHECK(found({{"c/t.yaml", queue + "    Properties: { DelaySeconds: 1\n"},
                 {"d/t.json", R"({"Resources": {"Q": {"Type": "AWS::SQS::Queue")"},
                 {"e/t.yaml", "Resources:\n  Q: [no Type of AWS::SQS::Queue\n"},
                 {"f/t.yaml", "{% if q %}\n" + queue + "{% endif %}\n"}})
              .size() == 2);
}

TEST_CASE("nested templates are no stacks of their own, and their stacks depend on them") {
    CHECK(found({{"net/main.yaml", nesting("../shared/vpc.yaml")},
                 {"shared/vpc.yaml", nesting("./deep/subnet.yaml")},
                 {"shared/deep/subnet.yaml", queue},
                 {"net/remote.yaml", nesting("https://s3.amazonaws.com/b/x.yaml")}}) ==
          std::vector<std::string>{
              "net/main net template=main.yaml [net] [shared/deep/subnet.yaml] [shared/vpc.yaml]",
              "net/remote net template=remote.yaml [net]"});
    CHECK(closureOf("net", {{"net/main.yaml", nesting("../shared/vpc.yaml")},
                            {"shared/vpc.yaml", queue}}) ==
          std::vector<std::string>{"net", "shared/vpc.yaml"});
    // A template that nests itself ends.
    CHECK(found({{"a/a.yaml", nesting("a.yaml")}}).empty());
}

TEST_CASE("deployment files of Git sync are the stacks of their template") {
    CHECK(found({{"templates/web.yaml", queue},
                 {"deploy/prod.yaml",
                  "template-file-path: ./templates/web.yaml\nparameters: {A: b}\n"},
                 {"deploy/dev.yaml", "template-file-path: templates/web.yaml\n"}}) ==
          std::vector<std::string>{
              "deploy/dev deploy deployment_file=dev.yaml [deploy] [templates/web.yaml]",
              "deploy/prod deploy deployment_file=prod.yaml [deploy] [templates/web.yaml]"});
}

TEST_CASE("the name of a stack follows from its file") {
    struct Row {
        const char* file;
        const char* folder;
        const char* name;
    };
    for (const auto& [file, folder, name] :
         {Row{"web.yaml", "apps", "web"}, Row{"template.yaml", "network", "network"},
          Row{"main.json", "net_prod", "net-prod"}, Row{"web.template.yaml", "x", "web"},
          Row{"web_app.template", "x", "web-app"}, Row{"index.yml", "", ""},
          Row{"_web.yaml", "x", "web"}, Row{"stack.cfn.yaml", "y", "y"}}) {
        CAPTURE(file);
        CHECK(conventionalStackName(file, folder) == name);
    }
}

TEST_CASE("a template of loops or transforms only is a stack") {
    CHECK(
        found(
            {{"loop/t.yaml",
              "AWSTemplateFormatVersion: '2010-09-09'\nTransform: "
              "AWS::LanguageExtensions\nResources:\n"
              "  Fn::ForEach::Topics:\n    - Name\n    - [A, B]\n    - Topic${Name}:\n        "
              "Type: AWS::SNS::Topic\n"},
             {"deep/t.json",
              R"({"Resources": {"Fn::ForEach::A": ["X", ["a"], {"Fn::ForEach::B": ["Y", ["b"], {"Q": {"Type": "AWS::SQS::Queue"}}]}]}})"},
             {"bring/t.yaml",
              "Resources:\n  Fn::Transform:\n    Name: AWS::Include\n    Parameters: {Location: "
              "s3://b/k}\n"}})
            .size() == 3);
}

TEST_CASE("what only names the words of a template is none") {
    CHECK(
        found(
            {{"schema.json",
              R"({"properties": {"AWSTemplateFormatVersion": {"type": "string"}, "Resources": {"enum": ["AWS::SNS::Topic"]}}})"},
             {"snapshot.json",
              R"({"exports": {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}})"},
             {"list.yaml", "- AWSTemplateFormatVersion\n- Resources\n- AWS::SNS::Topic\n"},
             {"values.yaml", "Resources:\n  cpu: Type::1\n"}})
            .empty());
}

TEST_CASE("templates that others nest by a URL are left out") {
    const auto leftOut = [](const std::vector<SourceFile>& files) {
        std::vector<std::string> paths;
        for (const auto& stack : discover(files))
            if (stack.leftOut == "nested")
                paths.push_back(stack.path + "/" + optionOf(stack.options, "template"));
        return paths;
    };
    CHECK(leftOut({{"a/main.yaml", nesting("https://s3.amazonaws.com/bucket/templates/vpc.yaml")},
                   {"a/templates/vpc.yaml", queue},
                   {"other/vpc.yaml", queue}}) == std::vector<std::string>{"a/templates/vpc.yaml"});
    CHECK(leftOut({{"a/main.yaml",
                    nesting("!Sub 'https://${Bucket}.s3.amazonaws.com/${Prefix}vpc.yaml?v=1'")},
                   {"a/vpc.yaml", queue},
                   {"b/vpc.yaml", queue}}) == std::vector<std::string>{"a/vpc.yaml"});
    CHECK(leftOut({{"a/main.yaml", nesting("!Sub ['https://${H}/x/db.yaml', {H: !Ref Host}]")},
                   {"x/db.yaml", queue}}) == std::vector<std::string>{"x/db.yaml"});
    CHECK(leftOut({{"a/main.yaml", nesting("!Join ['', ['https://', !Ref H, '/db.yaml']]")},
                   {"x/db.yaml", queue}}) == std::vector<std::string>{"x/db.yaml"});
    CHECK(leftOut({{"a/main.yaml", nesting("https://example.com/main.yaml")}}).empty());
    CHECK(
        leftOut({{"a/loop.yaml",
                  "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::S:\n    - N\n"
                  "    - [a]\n    - S${N}: {Type: AWS::CloudFormation::Stack, Properties: "
                  "{TemplateURL: 'https://b/in.yaml'}}\n"},
                 {"a/set.json",
                  R"({"Resources": {"S": {"Type": "AWS::CloudFormation::StackSet", "Properties": )"
                  R"({"TemplateURL": "https://b/set/of.yaml"}}}})"},
                 {"a/in.yaml", queue},
                 {"set/of.yaml", queue}}) == std::vector<std::string>{"a/in.yaml", "set/of.yaml"});
    CHECK(found({{"a/set.yaml",
                  "Resources:\n  S:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n"
                  "      TemplateURL: ../lib/of.yaml\n"},
                 {"lib/of.yaml", queue}}) ==
          std::vector<std::string>{"- a template=set.yaml [a] [lib/of.yaml]"});
}

TEST_CASE("templates that mean one deployed stack by their names are known") {
    const auto shared = [](const std::vector<SourceFile>& files) {
        std::vector<std::string> all;
        for (const auto& stack : discover(files))
            if (const auto same = stack.options.find("same_stack_as"); same != stack.options.end())
                all.push_back(stack.path + ": " + same->second.at(0) + " " + same->second.at(1));
        return all;
    };
    CHECK(shared({{"dev/app.yaml", queue}, {"prod/app.yaml", queue}, {"prod/db.yaml", queue}}) ==
          std::vector<std::string>{"dev: dev/app.yaml prod/app.yaml",
                                   "prod: dev/app.yaml prod/app.yaml"});
    CHECK(shared({{"a/app/template.yaml", queue}, {"b/app/main.yaml", queue}}).size() == 2);
    CHECK(shared({{"net/vpc.yaml", queue}, {"net/vpc.json", queue}}).size() == 2);
    CHECK(shared({{"dev/template.yaml", queue}, {"prod/template.yaml", queue}}).empty());
}

}  // namespace discovery_test
