#include "parsers/cloudformation/discovery.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;

namespace discovery_test {
namespace {

const std::string queue = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n";

std::string nesting(const std::string& path) {
    return "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: " + path +
           "\n";
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
                 {"package.json", "{}"}}) == std::vector<std::string>{"- . template=main.template [.]",
                                                                      "apps/api apps template=api.yaml [apps]",
                                                                      "apps/web apps template=web.template.json [apps]",
                                                                      "- net template=template.yaml [net]"});
}

TEST_CASE("a broken template that says what it is stays a stack") {
    CHECK(found({{"a/b.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Q:\n    Type: [AWS::SQS\n"}})
              .size() == 1);
}

TEST_CASE("nested templates are no stacks of their own, and their stacks depend on them") {
    CHECK(found({{"net/main.yaml", nesting("../shared/vpc.yaml")},
                 {"shared/vpc.yaml", nesting("./deep/subnet.yaml")},
                 {"shared/deep/subnet.yaml", queue},
                 {"net/remote.yaml", nesting("https://s3.amazonaws.com/b/x.yaml")}}) ==
          std::vector<std::string>{"net/main net template=main.yaml [net] [shared/deep/subnet.yaml] [shared/vpc.yaml]",
                                   "net/remote net template=remote.yaml [net]"});
    CHECK(closureOf("net", {{"net/main.yaml", nesting("../shared/vpc.yaml")}, {"shared/vpc.yaml", queue}}) ==
          std::vector<std::string>{"net", "shared/vpc.yaml"});
    // A template that nests itself ends.
    CHECK(found({{"a/a.yaml", nesting("a.yaml")}}).empty());
}

TEST_CASE("deployment files of Git sync are the stacks of their template") {
    CHECK(found({{"templates/web.yaml", queue},
                 {"deploy/prod.yaml", "template-file-path: ./templates/web.yaml\nparameters: {A: b}\n"},
                 {"deploy/dev.yaml", "template-file-path: templates/web.yaml\n"}}) ==
          std::vector<std::string>{"deploy/dev deploy deployment_file=dev.yaml [deploy] [templates/web.yaml]",
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
          Row{"web_app.template", "x", "web-app"}, Row{"index.yml", "", ""}, Row{"_web.yaml", "x", "web"},
          Row{"stack.cfn.yaml", "y", "y"}}) {
        CAPTURE(file);
        CHECK(conventionalStackName(file, folder) == name);
    }
}

}  // namespace discovery_test
