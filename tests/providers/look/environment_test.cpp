#include "providers/look/environment.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

TEST_CASE("forbidden names are told from those that only look like them") {
    for (const char* name : {"TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_LOG", "TF_LOG_PATH",
                             "TF_REATTACH_PROVIDERS", "TF_DATA_DIR", "TF_WORKSPACE", "LD_PRELOAD"})
        CHECK_MESSAGE(isForbidden(name), name);
    for (const char* name :
         {"TF_CLI_CONFIG_FILE", "TF_VAR_LD_x", "OLD_PATH", "TF_DATA_DIRECTORY", "TF_TOKEN_host"})
        CHECK_MESSAGE(!isForbidden(name), name);
}

TEST_CASE(
    "the tools of a look write into the private directory alone, and see the tree whatever hides "
    "it") {
    Workspace workspace;
    workspace.root = "/state/exports/a";
    workspace.directory = "/state/exports/a/prod";
    workspace.privateDirectory = "/state/stacks/a";
    workspace.hidden = {"/state"};
    const Sandbox sandbox = lookSandbox(workspace, {{"HOME", "/root"}});
    CHECK(sandbox.hidden == workspace.hidden);
    CHECK(sandbox.readable ==
          std::vector<std::filesystem::path>{workspace.root, workspace.directory});
    CHECK(sandbox.writable == std::vector<std::filesystem::path>{workspace.privateDirectory});
}

TEST_CASE("files that the environment names can be read, but not what is hidden") {
    Workspace workspace;
    workspace.root = workspace.directory = "/state/exports/a";
    workspace.hidden = {"/etc/group"};
    const Sandbox sandbox =
        lookSandbox(workspace, {{"KUBECONFIG", "/nowhere/at/all:/etc/passwd"},
                                {"SECRET_FILE", "/etc/group"},
                                {"FOLDER", "/etc"},
                                {"GIT_SSH_COMMAND", "ssh -i /etc/fstab -o File=/etc/hostname"},
                                {"WORD", "etc/hosts"}});
    const std::vector<std::filesystem::path> wanted = {workspace.root, workspace.root, "/etc/fstab",
                                                       "/etc/hostname", "/etc/passwd"};
    CHECK(sandbox.readable == wanted);
}

TEST_CASE("a tree that is laid out takes its own place alone from the host") {
    using Paths = std::vector<std::filesystem::path>;
    Workspace workspace;
    workspace.sight.tree = {"/state/git/exports/a/src", "/no-such-folder/infra", "/state/a"};
    const Environment environment = {{"SSL_CERT_FILE", "/etc/passwd"}};
    CHECK(lookSandbox(workspace, environment).hidden.empty());
    CHECK(lookSandbox(workspace, environment).readable == Paths{"/etc/passwd"});
    workspace.sight.tree->at = "/usr";
    CHECK(lookSandbox(workspace, environment).hidden.empty());
    workspace.sight.tree->at = "/usr/no-such-folder/infra";
    CHECK(lookSandbox(workspace, environment).hidden == Paths{"/usr"});
}
