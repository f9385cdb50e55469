// No secret leaves: canaries in every place that a secret comes in by are looked for in every place
// that anything goes out by. And a plan runs foreign code: a provider that tries to reach what it
// must not.
#include <doctest/doctest.h>

#include <array>

#include "tests/e2e/daemon_world.hpp"

using namespace driftkeeper::tests;

namespace secrets_test {
namespace {

// Files below a folder that hold the text, one a line.
std::string holding(const std::string& text, const std::filesystem::path& folder) {
    return run({"grep", "-rlaF", "--", text, folder.string()}).out;
}

// One of each kind with its secret, all where nobody listens.
std::string unreachableChannels() {
    std::string text;
    for (const char* type :
         {"slack: { webhook_url: 'http://127.0.0.1:1/canary-slack' }",
          "slack: { bot_token: canary-bot, channel: C1, url: 'http://127.0.0.1:1/api' }",
          "teams: { webhook_url: 'http://127.0.0.1:1/workflows/canary-teams' }",
          "discord: { webhook_url: 'http://127.0.0.1:1/webhooks/1/canary-discord' }",
          "mattermost: { webhook_url: 'http://127.0.0.1:1/hooks/canary-mattermost' }",
          "google_chat: { webhook_url: "
          "'http://127.0.0.1:1/v1/spaces/A/messages?key=k&token=canary-google' }",
          "telegram: { bot_token: '1:canary-telegram', chat: '-100', url: 'http://127.0.0.1:1' }",
          "pagerduty: { routing_key: canary-pagerduty, url: 'http://127.0.0.1:1' }",
          "jira_service_management: { api_key: canary-jira, url: 'http://127.0.0.1:1' }",
          "alertmanager: { url: 'http://127.0.0.1:1/canary-alertmanager' }",
          "ntfy: { topic: drift, token: canary-ntfy, url: 'http://127.0.0.1:1' }",
          "email: { server: 'smtp://127.0.0.1:1', from: a@example.com, to: [b@example.com], "
          "username: u, password: "
          "canary-mail }",
          "github_issue: { repository: o/r, token: canary-github, url: 'http://127.0.0.1:1' }",
          "gitlab_issue: { project: o/r, token: canary-gitlab, url: 'http://127.0.0.1:1' }"})
        text += "  - { name: c" + std::to_string(text.size()) + ", " + type + " }\n";
    return text;
}

constexpr std::array channelCanaries{
    "canary-slack",  "canary-bot",      "canary-teams",     "canary-discord", "canary-mattermost",
    "canary-google", "canary-telegram", "canary-pagerduty", "canary-jira",    "canary-alertmanager",
    "canary-ntfy",   "canary-mail",     "canary-github",    "canary-gitlab"};

}  // namespace

TEST_CASE("canary secrets are found nowhere") {
    GitWorld git;
    TerraformWorld terraform(git.path() / "net");
    terraform.write(
        "variable \"password\" {\n  sensitive = true\n}\n"
        "variable \"plain\" {}\n"
        "resource \"box_item\" \"a\" {\n  name = \"a\"\n  content = \"one\"\n  secret = "
        "var.password\n}\n"
        "resource \"box_item\" \"b\" {\n  name = \"b\"\n  content = \"x\"\n  labels = { password = "
        "\"canary-label\" "
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
    daemon.channels =
        "channels:\n  - { name: hook, webhook: { url: \"" + daemon.hook.url("/canary-url-part") +
        "\", secret_file: " + (secrets / "hook").string() + " } }\n" + unreachableChannels();
    daemon.watch("infra", git.path().string(),
                 "stacks: [ { path: net, environment: { TF_VAR_password: canary-variable, "
                 "TF_VAR_plain: p, CANARY: "
                 "canary-environment } } ]");
    daemon.repositories +=
        "  - { name: other, url: \"http://127.0.0.1:1/canary.git\", poll: 1s, credentials: { "
        "username: git, password: "
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
    for (const char* path :
         {"stacks", "findings", "incidents", "outbox", "stacks/infra%2Fnet/history"})
        outside += daemon.get(std::string("/api/v1/") + path);
    for (std::size_t at = 0; (at = daemon.channels.find("name: c", at)) != std::string::npos;
         ++at) {
        const auto name = daemon.channels.substr(at + 6, daemon.channels.find(',', at) - at - 6);
        const auto tried = daemon.ask({"channels", "test", name});
        CHECK_MESSAGE(tried.out.find("opened: ") != std::string::npos, tried.out);
        outside += tried.out + tried.err;
    }
    for (const auto& request : daemon.hook.requests()) {
        outside += request.body;
        for (const auto& [name, value] : request.headers) outside += value;
    }
    CHECK(daemon.stop() == 0);
    for (const char* canary : channelCanaries) {
        CHECK_MESSAGE(outside.find(canary) == std::string::npos, canary);
        CHECK_MESSAGE(holding(canary, daemon.stateDirectory()) == "", canary);
    }
    for (const char* canary : {"canary-variable", "canary-live", "canary-label",
                               "canary-environment", "canary-git", "canary-hook-key"}) {
        CHECK_MESSAGE(outside.find(canary) == std::string::npos, canary);
        CHECK_MESSAGE(holding(canary, daemon.stateDirectory() / "driftkeeper.db") == "", canary);
    }
    for (const char* canary : {"canary-variable", "canary-live", "canary-environment", "canary-git",
                               "canary-hook-key", "canary-label-live"})
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
    const std::vector<std::string> forbidden = {(state / "driftkeeper.db").string(),
                                                (state / "token").string(),
                                                (state / "git").string(),
                                                (state / "stacks").string(),
                                                (state / "notes").string(),
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
    daemon.watch("infra", git.path().string(),
                 "stacks: [ { path: net, environment: { CANARY_OWN: x } }, { path: other, "
                 "environment: { CANARY_OTHER: y } } ]");
    daemon.environment["CANARY_OTHER"] = "from the daemon";
    daemon.start();
    REQUIRE_MESSAGE(daemon.awaitVerdict("infra/net", "in_sync"), daemon.log());
    const std::string said = daemon.stack("infra/net").at("diagnostics").dump();
    for (const auto& path : forbidden) {
        // What follows "token:" is hidden as a secret would be; the errno behind it is not.
        const std::string probe = "probe read " + path + ": ";
        CHECK_MESSAGE((said.find(probe + "denied (") != std::string::npos ||
                       said.find(probe + "*** (") != std::string::npos),
                      said);
        CHECK(said.find(probe + "allowed") == std::string::npos);
    }
    for (const auto& path : writes) {
        CHECK_MESSAGE(said.find("probe write " + path + ": denied") != std::string::npos, said);
        CHECK(!std::filesystem::exists(path));
    }
    CHECK(said.find("probe env CANARY_OTHER: absent") != std::string::npos);
    CHECK(said.find("probe env CANARY_OWN: present") != std::string::npos);
}

}  // namespace secrets_test
