#include "daemon/settings/settings_file.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace driftkeeper;
using Texts = std::vector<std::string>;

namespace settings_file_test {
namespace {

VariableLookup given(const std::map<std::string, std::string>& variables) {
    return [variables](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

const std::string everything = R"(
state_directory: /var/lib/driftkeeper
listen: "[::1]:9000"
time_zone: UTC
checks: { every: 10m, timeout: 5m, parallel: 3, confirm: 1, confirm_after: 0s, unapplied_grace: 2h, stale_after: 1d }
providers:
  terraform:
    program: /usr/bin/terraform
    cli_config_file: /etc/driftkeeper/terraformrc
    plugin_cache: /var/cache/plugins
    environment: { AWS_REGION: eu-central-1, PORT: 80 }
repositories:
  - name: infra
    url: https://git@git.example.com/infra.git
    ref: main
    poll: 60s
    credentials: { username: git, password_file: "${CREDENTIALS_DIRECTORY}/git", known_hosts_file: /etc/hosts }
    tls_ca_file: /etc/ssl/corp.pem
    discover: { include: ["prod/**"], exclude: ["modules/**"] }
    stacks:
      - path: ./prod//network/
        name: network
        provider: opentofu
        workspace: blue
        variable_files: [prod.tfvars, ../common.tfvars]
        backend_config: [prod.backend.hcl, "key=prod"]
        environment: { AWS_PROFILE: prod }
        environment_file: /etc/driftkeeper/prod.env
        every: 20m
        timeout: 15m
        owner: "@org/network"
        enabled: false
        renamed_from: old
      - path: prod/network
  - { name: other, url: git@example.com:x/y.git, discover: false }
channels:
  - { name: chat, slack: { webhook_url_file: /etc/driftkeeper/slack } }
  - { name: am, alertmanager: { url: "http://127.0.0.1:9093" } }
  - { name: hook, values: hide, webhook: { url: "http://127.0.0.1:8080/", secret: s3cret, proxy: "http://proxy:3128" } }
routes:
  - { match: { stack: "infra/prod/**", side: [live, both], change: deleted, severity: critical, kind: [drift] }, channels: [chat], continue: true }
  - { channels: [am, hook] }
heartbeat: { url_file: /etc/driftkeeper/heartbeat, every: 1m }
)";

}  // namespace

TEST_CASE("every setting arrives where it belongs") {
    const auto loaded =
        parseSettings(everything, "x.yaml", given({{"CREDENTIALS_DIRECTORY", "/run/c"}}));
    REQUIRE(render(loaded.mistakes) == "");
    const auto& settings = loaded.settings;
    CHECK(settings.stateDirectory == "/var/lib/driftkeeper");
    CHECK(settings.listenAddress == "::1");
    CHECK(settings.listenPort == 9000);
    CHECK(settings.checks.every == Seconds(600));
    CHECK(settings.checks.timeout == Seconds(300));
    CHECK(settings.checks.parallel == 3);
    CHECK(settings.checks.confirm == 1);
    CHECK(settings.checks.confirmAfter == Seconds(0));
    CHECK(settings.checks.unappliedGrace == Seconds(7200));
    CHECK(settings.checks.staleAfter == Seconds(86400));
    const auto& terraform = settings.providers.at("terraform");
    CHECK(optionOf(terraform.options, "program") == "/usr/bin/terraform");
    CHECK(optionOf(terraform.options, "cli_config_file") == "/etc/driftkeeper/terraformrc");
    CHECK(optionOf(terraform.options, "plugin_cache") == "/var/cache/plugins");
    CHECK(terraform.environment == Environment{{"AWS_REGION", "eu-central-1"}, {"PORT", "80"}});

    REQUIRE(settings.repositories.size() == 2);
    const auto& infra = settings.repositories[0];
    CHECK(infra.url == "https://git@git.example.com/infra.git");
    CHECK(infra.ref == "main");
    CHECK(infra.credentials.username == "git");
    CHECK(infra.credentials.password.file == "/run/c/git");
    CHECK(infra.credentials.knownHostsFile == "/etc/hosts");
    CHECK(infra.tlsCaFile == "/etc/ssl/corp.pem");
    CHECK(infra.discover.include == Texts{"prod/**"});
    CHECK(infra.discover.exclude == Texts{"modules/**"});
    CHECK_FALSE(settings.repositories[1].discover.enabled);

    REQUIRE(infra.stacks.size() == 2);
    const auto& stack = infra.stacks[0];
    CHECK(stack.path == "prod/network");
    CHECK(stack.name == "network");
    CHECK(stack.provider == "opentofu");
    CHECK(optionOf(stack.options, "workspace") == "blue");
    CHECK(listOf(stack.options, "variable_files") == Texts{"prod.tfvars", "../common.tfvars"});
    CHECK(listOf(stack.options, "backend_config") == Texts{"prod.backend.hcl", "key=prod"});
    CHECK(stack.environment == Environment{{"AWS_PROFILE", "prod"}});
    CHECK(stack.environmentFile == "/etc/driftkeeper/prod.env");
    CHECK(stack.every == Seconds(1200));
    CHECK(stack.timeout == Seconds(900));
    CHECK(stack.owner == "@org/network");
    CHECK_FALSE(stack.enabled);
    CHECK(stack.renamedFrom == "old");
    CHECK(infra.stacks[1].enabled);

    REQUIRE(settings.channels.size() == 3);
    CHECK(settings.channels[0].kind->name == "slack");
    CHECK(settings.channels[0].secret("webhook_url").file == "/etc/driftkeeper/slack");
    CHECK(settings.channels[1].kind->name == "alertmanager");
    CHECK(settings.channels[1].secret("url").value == "http://127.0.0.1:9093");
    CHECK(settings.channels[2].secret("secret").value == "s3cret");
    CHECK(settings.channels[2].proxy == "http://proxy:3128");
    CHECK_FALSE(settings.channels[2].showValues);

    REQUIRE(settings.routes.size() == 2);
    CHECK(settings.routes[0].match.stack == Texts{"infra/prod/**"});
    CHECK(settings.routes[0].match.side == std::vector{Side::Live, Side::Both});
    CHECK(settings.routes[0].match.change == std::vector{Change::Deleted});
    CHECK(settings.routes[0].match.severity == std::vector{Severity::Critical});
    CHECK(settings.routes[0].match.kind == Texts{"drift"});
    CHECK(settings.routes[0].continues);
    CHECK(settings.routes[1].channels == Texts{"am", "hook"});
    REQUIRE(settings.heartbeat.has_value());
    CHECK(settings.heartbeat->url.file == "/etc/driftkeeper/heartbeat");
    CHECK(settings.heartbeat->every == Seconds(60));
}

TEST_CASE("what tools connect to is said for all, a provider, a repository and a stack") {
    const auto loaded = parseSettings(R"(
state_directory: /s
sandbox: { network: { metadata: allow } }
providers: { terraform: { network: { allow: ["127.0.0.1:8200", "[::1]"] } } }
repositories:
  - name: a
    url: /r
    network: { allow: ["*.amazonaws.com:443", git.example.com] }
    stacks: [ { path: b, network: { allow: localhost } } ]
)",
                                      "x.yaml", given({}));
    CHECK(render(loaded.mistakes) == "");
    CHECK(loaded.settings.repositories.at(0).network.allow ==
          Texts{"*.amazonaws.com:443", "git.example.com"});
    CHECK(loaded.settings.sandbox.network.metadata);
    CHECK(loaded.settings.sandbox.mode == SandboxSettings::Mode::Strongest);
    CHECK(loaded.settings.providers.at("terraform").network.allow ==
          Texts{"127.0.0.1:8200", "[::1]"});
    CHECK(loaded.settings.repositories.at(0).stacks.at(0).network.allow == Texts{"localhost"});
    for (const char* bad : {"example.com:x", "example.com/x", "ann@example.com", "1.2.3.4.5",
                            "127.0.0.1:0x", ":80", "http://127.0.0.1"}) {
        const auto refused = parseSettings(
            "state_directory: /s\nsandbox: { network: { allow: [\"" + std::string(bad) + "\"] } }",
            "x.yaml", given({}));
        CHECK_MESSAGE(refused.mistakes.size() == 1, std::string(bad));
    }
}

TEST_CASE("what is not given has its default") {
    const auto loaded = parseSettings("", "x.yaml", given({{"HOME", "/h"}}));
    CHECK(loaded.mistakes.empty());
    Settings defaults;
    defaults.stateDirectory = "/h/.local/state/driftkeeper";
    defaults.checks.parallel = std::max(1U, std::thread::hardware_concurrency());
    defaults.secretFiles = {std::filesystem::absolute("x.yaml")};
    CHECK(loaded.settings == defaults);
}

TEST_CASE("the state directory comes from the settings, systemd, XDG or the home, in this order") {
    struct Row {
        std::string text;
        std::map<std::string, std::string> variables;
        std::string directory;
    };
    const Row rows[] = {
        {"state_directory: /s", {{"STATE_DIRECTORY", "/a"}}, "/s"},
        {"", {{"STATE_DIRECTORY", "/a:/b"}, {"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, "/a"},
        {"", {{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}}, "/x/driftkeeper"},
        {"", {{"XDG_STATE_HOME", "relative"}, {"HOME", "/h"}}, "/h/.local/state/driftkeeper"},
    };
    for (const auto& row : rows)
        CHECK(parseSettings(row.text, "x", given(row.variables)).settings.stateDirectory ==
              row.directory);
}

TEST_CASE("credentials are where systemd says, or will say") {
    const auto text = "heartbeat: { url_file: \"${CREDENTIALS_DIRECTORY}/url\" }\n";
    const auto inside =
        parseSettings(text, "x", given({{"HOME", "/h"}, {"CREDENTIALS_DIRECTORY", "/c"}}));
    CHECK(inside.settings.heartbeat.value().url.file == "/c/url");
    const auto outside = parseSettings(text, "x", given({{"HOME", "/h"}}));
    CHECK(outside.settings.heartbeat.value().url.file ==
          "/run/credentials/driftkeeper.service/url");
}

TEST_CASE("a file that cannot be read is a mistake of the file") {
    const auto loaded = loadSettings("/nowhere/driftkeeper.yaml");
    REQUIRE(loaded.mistakes.size() == 1);
    CHECK(loaded.mistakes[0].code == "settings/unreadable");
    CHECK(render(loaded.mistakes).starts_with("/nowhere/driftkeeper.yaml:1:1: "));
}

TEST_CASE("a file over one MiB is not read") {
    const auto loaded = parseSettings(std::string((1U << 20U) + 1, ' '), "x.yaml");
    REQUIRE(loaded.mistakes.size() == 1);
    CHECK(loaded.mistakes[0].code == "settings/too_large");
}

TEST_CASE("a route has its own timers, and says what it does not want") {
    const auto loaded = parseSettings(
        "channels:\n  - { name: c, webhook: { url: \"http://127.0.0.1:1/\" } }\n"
        "routes:\n  - { channels: [c], group_wait: 0s, repeat_every: 4h, resolve: false, values: "
        "hide,\n"
        "      digest: { every: week, on: fri, at: \"16:30\" } }\n"
        "  - { channels: [c] }\n",
        "x.yaml");
    REQUIRE(render(loaded.mistakes) == "");
    const auto& wishes = loaded.settings.routes.at(0);
    CHECK(wishes.groupWait == Seconds(0));
    CHECK(wishes.repeatEvery == Seconds(4 * 60 * 60));
    CHECK_FALSE(wishes.notifiesEnd);
    CHECK_FALSE(wishes.showValues);
    CHECK(wishes.digest == DigestSettings{5, Seconds(16 * 3600 + 30 * 60)});
    const auto& usual = loaded.settings.routes.at(1);
    CHECK_FALSE(usual.groupWait.has_value());
    CHECK_FALSE(usual.repeatEvery.has_value());
    CHECK(usual.notifiesEnd);
    CHECK(usual.showValues);
}

}  // namespace settings_file_test
