#include "providers/terraform/inputs.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

namespace inputs_test {
namespace {

const ValueTags tags("test");
const std::string one(40, '1');
const std::string two(40, '2');

const char* const manifest = R"({"Modules":[
    {"Key":"","Source":"","Dir":"."},
    {"Key":"own","Source":"./own","Dir":"own"},
    {"Key":"vpc","Source":"git::https://u:canary@git.example.com/vpc.git?ref=main","Dir":"x"},
    {"Key":"vpc.subnets","Source":"registry.terraform.io/a/b/c","Version":"1.2.3","Dir":"y"}]})";

std::vector<std::string> namesOf(const std::vector<MovedInput>& moved) {
    std::vector<std::string> names;
    for (const auto& input : moved)
        names.push_back(input.what + " / " + input.variable + " / " + input.module);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a module by Git is at the commit of its clone, one of a registry at its version") {
    const Scratch scratch;
    CHECK(installedModules(scratch.path()).empty());
    scratch.write("modules/modules.json", manifest);
    scratch.write("modules/vpc/.git/HEAD", "ref: refs/heads/main\n");
    scratch.write("modules/vpc/.git/refs/heads/main", one + "\n");
    auto modules = installedModules(scratch.path());
    REQUIRE(modules.size() == 2);
    CHECK(modules[0].key == "vpc");
    CHECK(modules[0].commit == one);
    CHECK(modules[1].version == "1.2.3");
    CHECK(modules[1].commit.empty());

    scratch.write("modules/vpc/.git/HEAD", two + "\n");
    CHECK(installedModules(scratch.path())[0].commit == two);
    scratch.write("modules/vpc/.git/HEAD", "ref: refs/heads/packed\n");
    scratch.write("modules/vpc/.git/packed-refs",
                  "# pack-refs\n" + one + " refs/heads/other\n" + two + " refs/heads/packed\n");
    CHECK(installedModules(scratch.path())[0].commit == two);
    scratch.write("modules/vpc/.git/HEAD", "ref: ../../../../etc/passwd\n");
    CHECK(installedModules(scratch.path())[0].commit.empty());
}

TEST_CASE("what is beside the repository moves by its name, and no secret is in it") {
    const Scratch scratch;
    scratch.write("values.tfvars", "size = 1\n");
    Workspace workspace;
    workspace.environment = {{"TF_VAR_size", "canary-1"}, {"AWS_PROFILE", "prod"}};
    Session session;
    session.variableFiles = {(scratch.path() / "values.tfvars").string(), "own.tfvars"};
    std::vector<InstalledModule> modules = {
        {"vpc", "git::https://u:canary@git.example.com/vpc.git?ref=main", "", one}};
    const auto then = inputsOf(workspace, session, modules, tags);
    CHECK(then.size() == 4);
    for (const auto& [name, tag] : then) CHECK((name + tag).find("canary") == std::string::npos);
    CHECK(movedInputs(then, then).empty());

    workspace.environment["TF_VAR_size"] = "canary-2";
    modules[0].commit = two;
    const auto now = inputsOf(workspace, session, modules, tags);
    const auto moved = movedInputs(then, now);
    REQUIRE(moved.size() == 2);
    CHECK(namesOf(moved)[0] == "environment variable TF_VAR_size / size / ");
    CHECK(moved[1].module == "module.vpc");

    scratch.write("values.tfvars", "size = 2\n");
    workspace.environment = {{"TF_VAR_size", "canary-1"}};
    const auto later = namesOf(movedInputs(then, inputsOf(workspace, session, modules, tags)));
    CHECK(later.size() == 3);  // the file, the module, and the profile that is gone
}

TEST_CASE("a module that Git asks for otherwise is no input that moved") {
    const Workspace workspace;
    const Session session;
    const auto then =
        inputsOf(workspace, session, {{"vpc", "git::https://x/vpc.git?ref=v1", "", one}}, tags);
    const auto now =
        inputsOf(workspace, session, {{"vpc", "git::https://x/vpc.git?ref=v2", "", two}}, tags);
    CHECK(movedInputs(then, now).empty());
}

}  // namespace inputs_test
