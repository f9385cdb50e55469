#include "providers/terraform/session.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using tests::Scratch;

namespace session_test {
namespace {

bool contains(const std::vector<std::filesystem::path>& paths, const std::filesystem::path& path) {
    return std::ranges::find(paths, path) != paths.end();
}

Workspace workspaceIn(const Scratch& scratch) {
    Workspace workspace;
    workspace.root = scratch.folder("tree");
    workspace.directory = scratch.folder("tree/stack");
    workspace.privateDirectory = scratch.folder("state/private");
    workspace.notesDirectory = scratch.folder("state/notes");
    return workspace;
}

}  // namespace

TEST_CASE("the daemon's sandbox writes to the private directory alone") {
    const Scratch scratch;
    Workspace workspace = workspaceIn(scratch);
    workspace.hidden = {scratch.path() / "state"};
    workspace.options["cli_config_file"] = {scratch.write(
        "terraformrc", "provider_installation {\n  filesystem_mirror {\n    path = \"" +
                           (scratch.path() / "state/mirror").string() +
                           "\"\n  }\n}\nplugin_cache_dir = \"" + scratch.path().string() + "\"\n")};
    workspace.options["variable_files"] = {"a.tfvars", "/etc/b.tfvars"};
    const Session session = sessionFor(workspace, {{"HOME", scratch.path().string()}});
    CHECK(session.sandbox.writable == std::vector{workspace.privateDirectory});
    CHECK(session.sandbox.hidden == workspace.hidden);
    CHECK(contains(session.sandbox.readable, workspace.root));
    CHECK(contains(session.sandbox.readable, "/etc/b.tfvars"));
    CHECK(contains(session.sandbox.readable, scratch.path() / "state/mirror"));
    CHECK_FALSE(
        contains(session.sandbox.readable, scratch.path()));  // it would show what is hidden
}

TEST_CASE("a one-shot look may refresh the caller's caches, but not the tree it looks at") {
    const Scratch scratch;
    Workspace workspace = workspaceIn(scratch);
    workspace.workingTree = true;
    workspace.directory = scratch.folder("home/.config/infra");
    const Session session = sessionFor(workspace, {{"HOME", (scratch.path() / "home").string()},
                                                   {"TF_PLUGIN_CACHE_DIR", "/cache"}});
    CHECK(contains(session.sandbox.readable, scratch.path() / "home"));
    CHECK(contains(session.sandbox.writable, scratch.path() / "home/.aws/sso/cache"));
    for (const char* name : {"home", "home/.aws", "home/.config", "home/.kube"})
        CHECK_FALSE(contains(session.sandbox.writable, scratch.path() / name));
    CHECK(session.pluginCache == "/cache");
}

TEST_CASE("the caller's CLI settings name the plugin cache of a one-shot look") {
    const Scratch scratch;
    Workspace workspace = workspaceIn(scratch);
    workspace.workingTree = true;
    const auto rc = scratch.write("rc", "plugin_cache_dir = \"/my/cache\"\n");
    const Session session = sessionFor(workspace, {{"TF_CLI_CONFIG_FILE", rc.string()}});
    CHECK(session.pluginCache == "/my/cache");
    CHECK(contains(session.sandbox.readable, rc));
}

TEST_CASE("in the daemon no tool writes what all stacks share, and init has a HOME of its own") {
    const Scratch scratch;
    Workspace workspace = workspaceIn(scratch);
    workspace.options["plugin_cache"] = {"/shared"};
    const Session session = sessionFor(workspace, {});
    const ToolCall init = initCall(session, {}, LockFileMode::MayComplete);
    CHECK_FALSE(contains(init.sandbox.writable, "/shared"));
    CHECK(contains(init.sandbox.readable, "/shared"));
    CHECK(init.environment.at("TF_PLUGIN_CACHE_DIR") == workspace.privateDirectory / "plugins");
    CHECK(init.environment.at("HOME") == workspace.privateDirectory / "init-home");
    CHECK(init.environment.at("GIT_CONFIG_GLOBAL") == "/dev/null");
    CHECK(init.environment.at("GIT_CONFIG_SYSTEM") == "/dev/null");
    CHECK(planCall(session).environment.at("HOME") == workspace.privateDirectory / "home");

    workspace.environment["HOME"] = "/srv/terraform";  // what the settings want, counts
    CHECK(
        initCall(sessionFor(workspace, {}), {}, LockFileMode::MayComplete).environment.at("HOME") ==
        "/srv/terraform");
}

TEST_CASE("the fingerprint of init changes with everything that init depends on") {
    const Scratch scratch;
    const ValueTags tags("key");
    Workspace workspace = workspaceIn(scratch);
    workspace.options["cli_config_file"] = {scratch.write("terraformrc", "a")};
    workspace.options["backend_config"] = {"prod.hcl", "key=a"};
    scratch.write("tree/stack/prod.hcl", "x");
    Sources sources;
    sources.setupText = "setup";
    std::string lock = "lock";
    const auto fingerprint = [&] {
        return initFingerprint(workspace, sessionFor(workspace, {}), sources, lock, tags);
    };
    std::string before = fingerprint();
    CHECK(fingerprint() == before);
    const auto changes = [&](const char* what) {
        const std::string now = fingerprint();
        CHECK_MESSAGE(now != before, what);
        before = now;
    };
    lock = "other";
    changes("lock file");
    sources.setupText = "other";
    changes("configuration");
    scratch.write("terraformrc", "b");
    changes("CLI settings");
    scratch.write("tree/stack/prod.hcl", "y");
    changes("backend file");
    workspace.options["backend_config"][1] = "key=b";
    changes("backend setting");
    workspace.environment["AWS_PROFILE"] = "b";
    changes("environment");
    workspace.options["workspace"] = {"blue"};
    changes("workspace");
    workspace.options["plugin_cache"] = {"/cache"};
    changes("plugin cache");
    const auto program = scratch.write("terraform", "#!/bin/sh\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    workspace.options["program"] = {program.string()};
    changes("program");
    scratch.write("terraform", "#!/bin/sh\n# newer\n");
    changes("another build of the program");
    workspace.options["variable_files"] = {"a.tfvars"};
    CHECK(fingerprint() == before);
}

TEST_CASE("secret-looking values are known, longest first") {
    const Scratch scratch;
    Workspace workspace = workspaceIn(scratch);
    workspace.environment = {{"DB_PASSWORD", "hunter22"},
                             {"TF_VAR_x", "hunter22-and-more"},
                             {"AWS_REGION", "eu-central-1"}};
    workspace.options["backend_config"] = {"secret_key=abcdefgh", "bucket=states", "prod.hcl"};
    Sources sources;
    sources.root.backendAttributes = {{"access_key", "AKIA1234"}, {"path", "/somewhere"}};
    const auto secrets = secretsOf(sessionFor(workspace, {}), sources);
    CHECK(secrets.front() == "hunter22-and-more");
    CHECK(std::ranges::find(secrets, "hunter22") != secrets.end());
    CHECK(std::ranges::find(secrets, "abcdefgh") != secrets.end());
    CHECK(std::ranges::find(secrets, "AKIA1234") != secrets.end());
    CHECK(std::ranges::find(secrets, "eu-central-1") == secrets.end());
    CHECK(std::ranges::find(secrets, "/somewhere") == secrets.end());
}

TEST_CASE("CLI settings with providers of somebody's own are known by their block") {
    const Scratch scratch;
    const auto with = scratch.write("home/.terraformrc",
                                    "provider_installation {\n dev_overrides {\n  \"a/box\" = "
                                    "\"/dev/box\"\n }\n direct {}\n}\n");
    CHECK(haveDevOverrides(with));
    CHECK_FALSE(haveDevOverrides(scratch.write("rc", "provider_installation {\n direct {}\n}\n")));
    CHECK_FALSE(haveDevOverrides(""));
    const auto home = (scratch.path() / "home").string();
    CHECK(cliSettingsOf({{"HOME", home}}, terraformFlavour) == with);
    CHECK(cliSettingsOf({{"HOME", home}, {"TF_CLI_CONFIG_FILE", "/c"}}, terraformFlavour) == "/c");
    const auto own = scratch.write("home/.tofurc", "");
    CHECK(cliSettingsOf({{"HOME", home}}, openTofuFlavour) == own);
    CHECK(cliSettingsOf({{"HOME", home}}, terraformFlavour) == with);
}

}  // namespace session_test
