#include "providers/terragrunt/terragrunt_calls.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using Words = std::vector<std::string>;

namespace terragrunt_calls_test {
namespace {

Workspace workspace() {
    Workspace result;
    result.root = "/tree";
    result.directory = "/tree/live/app";
    result.privateDirectory = "/private";
    result.options["variable_files"] = {"a.tfvars"};
    result.options["backend_config"] = {"key=x", "b.hcl"};
    return result;
}

}  // namespace

TEST_CASE("Terraform's calls become calls of terragrunt, with downloads of their own") {
    auto session = terragrunt::sessionFor(workspace(), {{"PATH", "/bin"}});
    terragrunt::useProgram(session, "/opt/tofu");
    const auto call = terraform::planCall(session);
    CHECK(Words(call.argv.begin(), call.argv.begin() + 9) ==
          Words{"terragrunt", "run", "--non-interactive", "--no-color", "--log-format", "json",
                "--tf-forward-stdout", "--", "plan"});
    CHECK(call.argv.back() == "-var-file=/tree/live/app/a.tfvars");
    CHECK(call.directory == "/tree/live/app");
    CHECK(call.environment.at("TG_DOWNLOAD_DIR") == "/private/terragrunt");
    CHECK(call.environment.at("TG_TF_PATH") == "/opt/tofu");
    CHECK_FALSE(call.environment.contains("TF_DATA_DIR"));
    const auto init =
        terraform::initCall(session, session.backendConfig, terraform::LockFileMode::MayComplete);
    CHECK(init.argv.back() == "-backend-config=/tree/live/app/b.hcl");
}

TEST_CASE("what would make a look mean something else does not reach terragrunt") {
    auto tree = workspace();
    tree.workingTree = true;
    const auto session = terragrunt::sessionFor(tree, {{"PATH", "/bin"},
                                                       {"TG_ALL", "true"},
                                                       {"TG_LOG_DISABLE", "true"},
                                                       {"TG_SOURCE", "/x"},
                                                       {"TERRAGRUNT_DOWNLOAD", "/y"},
                                                       {"TG_PROVIDER_CACHE", "1"},
                                                       {"XDG_CACHE_HOME", "/z"},
                                                       {"TG_IAM_ASSUME_ROLE", "arn"}});
    for (const char* name :
         {"TG_ALL", "TG_LOG_DISABLE", "TG_SOURCE", "TERRAGRUNT_DOWNLOAD", "TG_PROVIDER_CACHE"})
        CHECK_FALSE(session.environment.contains(name));
    CHECK(session.environment.at("TG_IAM_ASSUME_ROLE") == "arn");
    CHECK(session.environment.at("XDG_CACHE_HOME") == "/private/terragrunt");
    CHECK(session.environment.at("TG_NO_AUTO_PROVIDER_CACHE_DIR") == "true");
}

TEST_CASE("what a plan left is read by the program itself, where terragrunt works") {
    auto tree = workspace();
    const auto session = terragrunt::sessionFor(tree, {{"PATH", "/bin"}});
    const auto plain = terragrunt::withoutTerragrunt(session, {"/w", "tofu"});
    const auto call = terraform::showCall(plain);
    CHECK(call.argv == Words{"tofu", "show", "-json", "-no-color", "/private/run/plan"});
    CHECK(call.directory == "/w");
    CHECK_FALSE(call.environment.contains("TG_DOWNLOAD_DIR"));
    CHECK_FALSE(call.environment.contains("TF_DATA_DIR"));
    const auto outputs = terragrunt::outputsCall(session, "/tree/live/vpc");
    CHECK(Words(outputs.argv.end() - 4, outputs.argv.end()) ==
          Words{"--", "output", "-json", "-no-color"});
    CHECK(outputs.directory == "/tree/live/vpc");
}

TEST_CASE("terragrunt is asked where it works, and says it by either spelling") {
    const auto call = terragrunt::infoCall(terragrunt::sessionFor(workspace(), {}));
    CHECK(call.argv == Words{"terragrunt", "info", "print", "--non-interactive", "--no-color",
                             "--log-format", "json"});
    const auto place = terragrunt::workPlaceIn(
        "a line of run_cmd\n{\n \"Account\": "
        "\"1\"\n}\n{\"working_dir\":\"/w\",\"terraform_binary\":\"tofu\"}");
    REQUIRE(place);
    CHECK(place->directory == "/w");
    CHECK(place->program == "tofu");
    CHECK(terragrunt::workPlaceIn(R"({"WorkingDir":"/w"})")->directory == "/w");
    CHECK_FALSE(terragrunt::workPlaceIn("{}"));
    CHECK_FALSE(terragrunt::workPlaceIn("no JSON"));
}

}  // namespace terragrunt_calls_test
