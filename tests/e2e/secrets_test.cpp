// No secret leaves: canaries in every place that a secret comes in by are looked for in every place that anything goes
// out by. And a plan runs foreign code: a provider that tries to reach what it must not.
#include <doctest/doctest.h>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace {

// Files below a folder that hold the text, one a line.
std::string holding(const std::string& text, const std::filesystem::path& folder) {
    return run({"grep", "-rlaF", "--", text, folder.string()}).out;
}

}  // namespace

TEST_CASE("canary secrets are found nowhere") {
    GitWorld git;
    TerraformWorld terraform(git.path() / "net");
    terraform.write(
        "variable \"password\" {\n  sensitive = true\n}\n"
        "variable \"plain\" {}\n"
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n  secret = var.password\n}\n"
        "resource \"box_item\" \"b\" {\n  name = \"b\"\n  content = \"x\"\n  labels = { password = \"canary-label\" "
        "}\n}\n");
    writeFile(terraform.stack() / "backend.txt", "");
    std::filesystem::remove(terraform.stack() / "backend.txt");
    RunOptions options;
    setenv("TF_VAR_password", "canary-variable", 1);
    setenv("TF_VAR_plain", "p", 1);
    terraform.apply();
    unsetenv("TF_VAR_password");
    unsetenv("TF_VAR_plain");
    git.commit("net");

    DaemonWorld daemon(terraform);
    const TempDir secrets;
    writeFile(secrets / "hook", "canary-hook-key\n");
    daemon.channels = "channels:\n  - { name: hook, webhook: { url: \"" + daemon.hook.url("/canary-url-part") +
                      "\", secret_file: " + (secrets / "hook").string() + " } }\n" +
                      "  - { name: broken, slack: { webhook_url: \"http://127.0.0.1:1/canary-slack\" } }\n";
    daemon.watch("infra", git.path().string(),
                 "stacks: [ { path: net, environment: { TF_VAR_password: canary-variable, TF_VAR_plain: p, CANARY: "
                 "canary-environment } } ]");
    daemon.repositories +=
        "  - { name: other, url: \"http://127.0.0.1:1/canary.git\", poll: 1s, credentials: { username: git, password: "
        "canary-git } }\n";
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    terraform.set("a", "secret", "\"canary-live\"");
    terraform.set("b", "labels", "{\"password\": \"canary-label-live\"}");
    REQUIRE_MESSAGE(eventually([&] {
                        for (const auto& notice : daemon.notices())
                            if (notice.at("incident").at("kind") == "drift") return true;
                        return false;
                    }),
                    daemon.log());
    daemon.awaitChecks("infra/net", 1);

    std::string outside = daemon.log() + daemon.get("/metrics") + daemon.get("/");
    for (const char* path : {"stacks", "findings", "incidents", "outbox", "stacks/infra%2Fnet/history"})
        outside += daemon.get(std::string("/api/v1/") + path);
    for (const auto& request : daemon.hook.requests()) {
        outside += request.body;
        for (const auto& [name, value] : request.headers) outside += value;
    }
    CHECK(daemon.stop() == 0);
    for (const char* canary : {"canary-variable", "canary-live", "canary-label", "canary-environment", "canary-git",
                               "canary-hook-key", "canary-slack"}) {
        CHECK_MESSAGE(outside.find(canary) == std::string::npos, canary);
        CHECK_MESSAGE(holding(canary, daemon.stateDirectory() / "driftkeeper.db") == "", canary);
    }
    for (const char* canary : {"canary-variable", "canary-live", "canary-environment", "canary-git", "canary-hook-key",
                               "canary-slack", "canary-label-live"})
        CHECK_MESSAGE(holding(canary, daemon.stateDirectory()) == "", canary);
}

TEST_CASE("a provider reaches nothing that is not its own") {
    GitWorld git;
    TerraformWorld terraform(git.path() / "net");
    TerraformWorld other(git.path() / "other");
    const TempDir secrets;
    writeFile(secrets / "git", "canary\n");
    writeFile(secrets / "open", "public\n");
    DaemonWorld daemon(terraform);
    const auto state = daemon.stateDirectory();
    const std::vector<std::string> forbidden = {(state / "driftkeeper.db").string(), (state / "token").string(),
                                                (state / "git").string(), (state / "stacks").string(),
                                                (secrets / "git").string()};
    std::string reads = "\"" + (secrets / "open").string() + "\"";
    for (const auto& path : forbidden) reads += ", \"" + path + "\"";
    const std::vector<std::string> writes = {(state / "x").string(), (secrets / "x").string(),
                                             "/tmp/driftkeeper-escape", "/etc/driftkeeper-escape"};
    std::string targets;
    for (const auto& path : writes) targets += (targets.empty() ? "\"" : ", \"") + path + "\"";
    const std::string probes = "probe_read = [" + reads + "]\n  probe_write = [" + targets +
                               "]\n  probe_env = [\"CANARY_OTHER\", \"CANARY_OWN\"]\n";
    const std::string item = "resource \"box_item\" \"a\" {\n  name = \"a\"\n}\n";
    writeFile(terraform.stack() / "main.tf", terraform.header(probes) + item);
    terraform.apply();
    other.write(item);
    other.apply();
    git.commit("two stacks");
    for (const auto& path : writes) std::filesystem::remove(path);

    daemon.environment["CREDENTIALS_DIRECTORY"] = secrets.path().string();
    daemon.watch(
        "infra", git.path().string(),
        "stacks: [ { path: net, environment: { CANARY_OWN: x } }, { path: other, environment: { CANARY_OTHER: y } } ]");
    daemon.environment["CANARY_OTHER"] = "from the daemon";
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    const std::string said = daemon.stack("infra/net").at("diagnostics").dump();
    for (const auto& path : forbidden) {
        CHECK_MESSAGE(said.find("probe read " + path + ": denied") != std::string::npos, said);
        CHECK(said.find("probe read " + path + ": allowed") == std::string::npos);
    }
    for (const auto& path : writes) {
        CHECK_MESSAGE(said.find("probe write " + path + ": denied") != std::string::npos, said);
        CHECK(!std::filesystem::exists(path));
    }
    CHECK(said.find("probe env CANARY_OTHER: absent") != std::string::npos);
    CHECK(said.find("probe env CANARY_OWN: present") != std::string::npos);
}
