#include "daemon/commands/callers_wishes.hpp"

#include <doctest/doctest.h>

#include "tests/support/files.hpp"

namespace driftkeeper {
namespace {

DiscoveredStack stackOf(const char* provider) {
    DiscoveredStack stack;
    stack.path = "app";
    stack.provider = provider;
    stack.options["variable_files"] = {"own.tfvars"};
    return stack;
}

}  // namespace

TEST_CASE("a workspace and a data folder that the caller's shell names are heeded") {
    const CallersWishes wishes({}, {{"TF_WORKSPACE", "prod"}, {"TF_DATA_DIR", "data"}});
    const OptionValues options = wishes.of(stackOf("terraform"));
    CHECK(optionOf(options, "workspace") == "prod");
    CHECK(optionOf(options, "data_directory") == "data");
    CHECK(optionOf(options, "variable_files") == "own.tfvars");
    CHECK(wishes.notHeeded({stackOf("terraform")}).empty());
}

TEST_CASE("what the command line says goes before what the shell says") {
    Options given;
    given.workspace = "green";
    const CallersWishes wishes(given, {{"TF_WORKSPACE", "prod"}});
    CHECK(optionOf(wishes.of(stackOf("opentofu")), "workspace") == "green");
}

TEST_CASE("files of values are found from the caller's folder, else from the stack's") {
    const tests::TempDir scratch;
    tests::writeFile(scratch.path() / "prod.tfvars", "a = 1\n");
    Options given;
    given.variableFiles = {(scratch.path() / "prod.tfvars").string(), "beside-the-stack.tfvars"};
    given.backendConfig = {"key=prod"};
    const OptionValues options = CallersWishes(given, {}).of(stackOf("terragrunt"));
    CHECK(listOf(options, "variable_files") == given.variableFiles);
    CHECK(listOf(options, "backend_config") == std::vector<std::string>{"key=prod"});
}

TEST_CASE("arguments in the shell are named, and other kinds of stacks know no workspace") {
    const CallersWishes wishes({},
                               {{"TF_WORKSPACE", "prod"}, {"TF_CLI_ARGS_plan", "-refresh=false"}});
    CHECK(wishes.notHeeded({stackOf("kubernetes")}).empty());
    CHECK(wishes.notHeeded({stackOf("terraform")}).contains("TF_CLI_ARGS_plan is not used"));
    CHECK(optionOf(wishes.of(stackOf("kubernetes")), "workspace").empty());
}

}  // namespace driftkeeper
