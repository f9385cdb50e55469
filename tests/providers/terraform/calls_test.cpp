#include "providers/terraform/calls.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace calls_test {
namespace {

Session session() {
    Session result;
    result.directory = "/export/net";
    result.dataDirectory = "/private/data";
    result.runDirectory = "/private/run";
    result.temporaryDirectory = "/private/run/tmp";
    result.workspace = "blue";
    result.variableFiles = {"prod.tfvars"};
    result.backendConfig = {"prod.hcl", "/private/run/backend-0.hcl"};
    result.pluginCache = "/cache";
    result.environment = {{"PATH", "/bin"}};
    result.sandbox.writable = {"/private"};
    return result;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("each call has its words") {
    const Session s = session();
    CHECK(versionCall(s).argv == Words{"terraform", "version", "-json"});
    CHECK(initCall(s, s.backendConfig, LockFileMode::MayComplete).argv ==
          Words{"terraform", "init", "-input=false", "-no-color", "-reconfigure",
                "-backend-config=prod.hcl", "-backend-config=/private/run/backend-0.hcl"});
    CHECK(initCall(s, s.backendConfig, LockFileMode::ReadOnly).argv ==
          Words{"terraform", "init", "-input=false", "-no-color", "-reconfigure",
                "-lockfile=readonly", "-backend-config=prod.hcl",
                "-backend-config=/private/run/backend-0.hcl"});
    CHECK(planCall(s).argv == Words{"terraform", "plan", "-input=false", "-lock=false", "-json",
                                    "-no-color", "-out=/private/run/plan",
                                    "-var-file=prod.tfvars"});
    CHECK(showCall(s).argv ==
          Words{"terraform", "show", "-json", "-no-color", "/private/run/plan"});
    CHECK(schemasCall(s).argv == Words{"terraform", "providers", "schema", "-json"});
    CHECK(workspaceListCall(s).argv == Words{"terraform", "workspace", "list", "-no-color"});
    CHECK(statePullCall(s).argv == Words{"terraform", "state", "pull"});
}

TEST_CASE("every call runs in the stack with our data and temporary folders") {
    const Session s = session();
    for (const ToolCall& call :
         {versionCall(s), initCall(s, s.backendConfig, LockFileMode::ReadOnly), planCall(s),
          showCall(s), schemasCall(s), workspaceListCall(s), statePullCall(s)}) {
        CAPTURE(call.argv[1]);
        CHECK(call.directory == "/export/net");
        CHECK(call.environment.at("TF_DATA_DIR") == "/private/data");
        CHECK(call.environment.at("TMPDIR") == "/private/run/tmp");
        CHECK(call.environment.at("PATH") == "/bin");
    }
}

TEST_CASE(
    "init and workspace list do not see the workspace: one would create it, the other list it") {
    const Session s = session();
    CHECK_FALSE(initCall(s, s.backendConfig, LockFileMode::MayComplete)
                    .environment.contains("TF_WORKSPACE"));
    CHECK_FALSE(workspaceListCall(s).environment.contains("TF_WORKSPACE"));
    CHECK(planCall(s).environment.at("TF_WORKSPACE") == "blue");
    CHECK(statePullCall(s).environment.at("TF_WORKSPACE") == "blue");
    Session unnamed = s;
    unnamed.workspace.clear();
    CHECK_FALSE(planCall(unnamed).environment.contains("TF_WORKSPACE"));
}

TEST_CASE(
    "only init writes the plugin cache, and the stack's folder when the lock file may change") {
    const Session s = session();
    using Paths = std::vector<std::filesystem::path>;
    CHECK(initCall(s, s.backendConfig, LockFileMode::MayComplete).sandbox.writable ==
          Paths{"/private", "/cache", "/export/net"});
    CHECK(initCall(s, s.backendConfig, LockFileMode::ReadOnly).sandbox.writable ==
          Paths{"/private", "/cache"});
    CHECK(initCall(s, s.backendConfig, LockFileMode::ReadOnly)
              .environment.at("TF_PLUGIN_CACHE_DIR") == "/cache");
    CHECK(planCall(s).sandbox.writable == Paths{"/private"});
    CHECK_FALSE(planCall(s).environment.contains("TF_PLUGIN_CACHE_DIR"));
}

TEST_CASE("the plan is streamed, not kept") {
    CHECK_FALSE(planCall(session()).keepOutput);
    CHECK(showCall(session()).keepOutput);
}

TEST_CASE("in the daemon a tool sees an allow-list and what the settings give") {
    Workspace workspace;
    workspace.privateDirectory = "/private";
    workspace.options["cli_config_file"] = {"/etc/terraformrc"};
    workspace.environment = {{"AWS_PROFILE", "prod"}, {"TF_LOG_PROVIDER", "trace"}, {"LANG", "C"}};
    const Environment caller = {
        {"PATH", "/bin"},        {"LANG", "de_DE"},       {"LC_ALL", "C.UTF-8"},
        {"HOME", "/root"},       {"SECRET", "x"},         {"https_proxy", "http://p"},
        {"NO_PROXY", "y"},       {"NOTIFY_SOCKET", "/s"}, {"TF_VAR_a", "1"},
        {"LD_PRELOAD", "/l.so"}, {"SSL_CERT_FILE", "/c"}, {"TF_CLI_ARGS_plan", "-refresh=false"}};
    CHECK(toolEnvironment(workspace, caller) ==
          Environment{{"PATH", "/bin"},
                      {"LANG", "C"},
                      {"LC_ALL", "C.UTF-8"},
                      {"https_proxy", "http://p"},
                      {"NO_PROXY", "y"},
                      {"SSL_CERT_FILE", "/c"},
                      {"HOME", "/private/home"},
                      {"GIT_TERMINAL_PROMPT", "0"},
                      {"GIT_CONFIG_COUNT", "1"},
                      {"GIT_CONFIG_KEY_0", "safe.bareRepository"},
                      {"GIT_CONFIG_VALUE_0", "explicit"},
                      {"AWS_PROFILE", "prod"},
                      {"TF_IN_AUTOMATION", "1"},
                      {"TF_INPUT", "0"},
                      {"CHECKPOINT_DISABLE", "1"},
                      {"TF_LOG_SDK", "off"},
                      {"TF_LOG_PROVIDER", "off"},
                      {"TF_CLI_CONFIG_FILE", "/etc/terraformrc"}});
}

TEST_CASE(
    "a working tree's tool sees the caller's environment less the names that change what a look "
    "means") {
    Workspace workspace;
    workspace.workingTree = true;
    const Environment caller = {{"HOME", "/elsewhere/a"},  {"AWS_PROFILE", "x"},
                                {"TF_VAR_a", "1"},         {"TF_LOG", "trace"},
                                {"TF_CLI_ARGS", "-x"},     {"TF_DATA_DIR", "/d"},
                                {"TF_WORKSPACE", "w"},     {"TF_REATTACH_PROVIDERS", "{}"},
                                {"LD_LIBRARY_PATH", "/l"}, {"TF_CLI_CONFIG_FILE", "/c"}};
    CHECK(toolEnvironment(workspace, caller) ==
          Environment{{"HOME", "/elsewhere/a"},
                      {"AWS_PROFILE", "x"},
                      {"TF_VAR_a", "1"},
                      {"TF_CLI_CONFIG_FILE", "/c"},
                      {"PATH", "/usr/local/bin:/usr/bin:/bin"},
                      {"TF_IN_AUTOMATION", "1"},
                      {"TF_INPUT", "0"},
                      {"CHECKPOINT_DISABLE", "1"},
                      {"TF_LOG_SDK", "off"},
                      {"TF_LOG_PROVIDER", "off"}});
}

}  // namespace calls_test
