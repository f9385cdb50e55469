#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/settings/settings_file.hpp"

namespace driftkeeper {
namespace access_test {
namespace {

LoadedSettings parse(const std::string& text) {
    return parseSettings("state_directory: /s\n" + text, "d.yaml",
                         [](std::string_view) { return std::optional<std::string>(); });
}

const std::string infra = "repositories: [{ name: infra, url: /r }]\n";

TEST_CASE("who may ask, and who says that something was pushed") {
    const auto loaded =
        parse(infra +
              "listen: 0.0.0.0:443\n"
              "access:\n"
              "  web_config_file: ${CREDENTIALS_DIRECTORY}/web.yaml\n"
              "  socket: /run/driftkeeper/driftkeeper.sock\n"
              "  hosts: [drift.example.com, \"drift:9743\"]\n"
              "  operators: [alice]\n"
              "  tokens:\n"
              "    - { name: ci, token_file: /etc/ci, role: operate }\n"
              "    - { name: scrape, token: 0123456789abcdef }\n"
              "hooks:\n"
              "  - { name: forge, forge: gitea, secret_file: /etc/hook, repositories: [infra] }\n"
              "  - { name: other, forge: bitbucket, secret: 0123456789abcdef }\n");
    for (const auto& mistake : loaded.mistakes) FAIL_CHECK(mistake.message);
    const auto& [settings, none] = loaded;
    CHECK(settings.listenAddress == "0.0.0.0");
    CHECK(settings.access.webConfigFile == "/run/credentials/driftkeeper.service/web.yaml");
    CHECK(settings.access.socket == "/run/driftkeeper/driftkeeper.sock");
    CHECK(settings.access.hosts == std::vector<std::string>{"drift.example.com", "drift:9743"});
    CHECK(settings.access.operators == std::vector<std::string>{"alice"});
    REQUIRE(settings.access.tokens.size() == 2);
    CHECK(settings.access.tokens[0] == AccessSettings::Token{"ci", {"", "/etc/ci"}, true});
    CHECK(settings.access.tokens[1] ==
          AccessSettings::Token{"scrape", {"0123456789abcdef", ""}, false});
    REQUIRE(settings.hooks.size() == 2);
    CHECK(settings.hooks[0] ==
          HookSettings{"forge", HookSettings::Forge::Gitea, {"", "/etc/hook"}, {"infra"}});
    CHECK(settings.hooks[1].forge == HookSettings::Forge::Bitbucket);
}

TEST_CASE("mistakes about access are told at their place, without the secrets") {
    struct Row {
        const char* text;
        const char* code;
        const char* keyPath;
    };
    const Row rows[] = {
        {"access: { web_config: x }\n", "unknown_key", "access.web_config"},
        {"access: { socket: run/x.sock }\n", "bad_path", "access.socket"},
        {"access: { hosts: [\"https://drift\"] }\n", "bad_name", "access.hosts[0]"},
        {"access: { operators: [alice] }\n", "missing_key", "access.operators"},
        {"access: { operators: [\"a:b\"], web_config_file: /w }\n", "bad_name",
         "access.operators[0]"},
        {"access: { tokens: [{ token_file: /t }] }\n", "missing_key", "access.tokens[0].name"},
        {"access: { tokens: [{ name: a }] }\n", "missing_key", "access.tokens[0]"},
        {"access: { tokens: [{ name: a, token: canary-short }] }\n", "bad_text",
         "access.tokens[0].token"},
        {"access: { tokens: [{ name: a, token_file: /t, role: admin }] }\n", "unknown_value",
         "access.tokens[0].role"},
        {"access: { tokens: [{ name: a, token_file: /t }, { name: a, token_file: /u }] }\n",
         "repeated_name", "access.tokens[1].name"},
        {"hooks: [{ name: a, forge: svn, secret_file: /s }]\n", "unknown_value", "hooks[0].forge"},
        {"hooks: [{ name: a, forge: github }]\n", "missing_key", "hooks[0]"},
        {"hooks: [{ name: a, forge: github, secret: canary-short }]\n", "bad_text",
         "hooks[0].secret"},
        {"hooks: [{ name: a, forge: github, secret_file: /s, repositories: [infr] }]\n",
         "unknown_value", "hooks[0].repositories[0]"},
        {"hooks: [{ name: a, forge: github, secret_file: /s }, { name: a, forge: gitlab, "
         "secret_file: /s }]\n",
         "repeated_name", "hooks[1].name"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto mistakes = parse(infra + row.text).mistakes;
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].code == std::string("settings/") + row.code);
        CHECK(mistakes[0].keyPath == row.keyPath);
        CHECK(render(mistakes).find("canary") == std::string::npos);
    }
}

TEST_CASE("an address beyond loopback says exactly what is missing") {
    const auto messageOf = [](const std::string& text) {
        const auto mistakes = parse(text).mistakes;
        REQUIRE(mistakes.size() == 1);
        CHECK(mistakes[0].code == "settings/listen_not_loopback");
        CHECK(mistakes[0].keyPath == "listen");
        return mistakes[0].message;
    };
    const auto both = messageOf("listen: 0.0.0.0:9743\n");
    CHECK(both.find("tls_server_config") != std::string::npos);
    CHECK(both.find("access.tokens") != std::string::npos);
    const auto tls =
        messageOf("listen: \"[::]:9743\"\naccess: { tokens: [{ name: a, token_file: /t }] }\n");
    CHECK(tls.find("tls_server_config") != std::string::npos);
    CHECK(tls.find("access.tokens") == std::string::npos);
    CHECK(parse("listen: \":9743\"\naccess: { web_config_file: /w }\n").mistakes.empty());
    CHECK(parse("listen: 127.0.0.2:9743\n").mistakes.empty());
}

}  // namespace
}  // namespace access_test
}  // namespace driftkeeper
