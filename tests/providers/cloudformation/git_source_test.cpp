#include "providers/cloudformation/git_source.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::cloudformation;
using tests::Scratch;

namespace git_source_test {
namespace {

const std::string queue = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n";

struct Room {
    Scratch scratch;
    Workspace workspace;

    Room() {
        workspace.root = scratch.folder("tree");
        workspace.directory = scratch.folder("tree/net_prod");
    }
    std::string codeOf() const {
        const auto git = readGitSource(workspace);
        return git ? "" : git.error().code;
    }
};

}  // namespace

TEST_CASE("without settings the folder's template is the stack, and its name follows") {
    Room room;
    CHECK(room.codeOf() == "no_template");
    room.scratch.write("tree/net_prod/template.yaml", queue);
    CHECK(readGitSource(room.workspace)->stackName == "net-prod");
    room.workspace.options["stack_name"] = {"other"};
    CHECK(readGitSource(room.workspace)->stackName == "other");
    room.workspace.options["stack_name"] = {"file:///etc/passwd"};
    CHECK(room.codeOf() == "no_stack_name");
}

TEST_CASE("of several templates one has a conventional name, or the settings choose") {
    Room room;
    room.scratch.write("tree/net_prod/a.yaml", queue);
    room.scratch.write("tree/net_prod/b.yaml", queue);
    CHECK(room.codeOf() == "no_template");
    room.workspace.options["template"] = {"b.yaml"};
    CHECK(readGitSource(room.workspace)->stackName == "b");
    room.workspace.options.clear();
    room.scratch.write("tree/net_prod/main.yaml", queue);
    CHECK(readGitSource(room.workspace)->stackName == "net-prod");
}

TEST_CASE("at the root of an export the folder's name says nothing") {
    Room room;
    room.scratch.write("tree/template.yaml", queue);
    room.workspace.directory = room.workspace.root;
    CHECK(room.codeOf() == "no_stack_name");
    room.workspace.workingTree = true;
    CHECK(readGitSource(room.workspace)->stackName == "tree");
}

TEST_CASE("a parameters file and a deployment file of Git sync are read") {
    Room room;
    room.scratch.write("tree/net_prod/web.yaml", queue);
    room.scratch.write("tree/params.json", R"([{"ParameterKey": "A", "ParameterValue": "1"}])");
    room.workspace.options["parameters_file"] = {"../params.json"};
    CHECK(readGitSource(room.workspace)->settings.parameters.at("A") == "1");
    room.workspace.options = {{"deployment_file", {"prod.yaml"}}};
    room.scratch.write(
        "tree/net_prod/prod.yaml",
        "template-file-path: ./net_prod/web.yaml\nparameters: { A: 2 }\ntags: { t: x }\n");
    const auto git = readGitSource(room.workspace);
    REQUIRE(git);
    CHECK(git->stackName == "prod");
    CHECK(git->settings.parameters.at("A") == "2");
    CHECK(git->settings.tags->at("t") == "x");
    CHECK(git->source.resources.contains("Q"));
}

TEST_CASE("broken and missing files are the author's") {
    Room room;
    room.workspace.options["template"] = {"gone.yaml"};
    CHECK(room.codeOf() == "no_template");
    room.scratch.write("tree/net_prod/gone.yaml", "Resources: [canary\n");
    CHECK(room.codeOf() == "broken_configuration");
    CHECK_FALSE(readGitSource(room.workspace).error().text.contains("canary"));
    room.scratch.write("tree/net_prod/gone.yaml", queue);
    room.scratch.write("tree/net_prod/p.json", "{");
    room.workspace.options["parameters_file"] = {"p.json"};
    CHECK(room.codeOf() == "broken_configuration");
}

TEST_CASE("a link that leads out of the tree is no template, nor is a path") {
    Room room;
    room.scratch.write("outside.yaml", queue);
    std::filesystem::create_symlink(room.scratch.path() / "outside.yaml",
                                    room.workspace.directory / "web.yaml");
    room.workspace.options["template"] = {"web.yaml"};
    CHECK(room.codeOf() == "no_template");
    room.workspace.options["template"] = {"../../outside.yaml"};
    CHECK(room.codeOf() == "no_template");
    CHECK_FALSE(
        *readNested(room.workspace, room.workspace.directory / "a.yaml", "../../outside.yaml"));
}

}  // namespace git_source_test
