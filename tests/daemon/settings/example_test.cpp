#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "daemon/settings/settings_file.hpp"

using namespace driftkeeper;

namespace example_test {
namespace {

std::string example() {
    std::ifstream file(DRIFTKEEPER_SOURCE_DIR "/config/driftkeeper.yaml");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// "#key" is a setting, "# words" is prose.
std::string uncommented(const std::string& text) {
    std::istringstream lines(text);
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        const auto mark = line.find_first_not_of(' ');
        const bool setting = mark != std::string::npos && line[mark] == '#' &&
                             mark + 1 < line.size() && line[mark + 1] != ' ';
        if (setting) line.erase(mark, 1);
        out += line + "\n";
    }
    return out;
}

std::optional<std::string> variables(std::string_view name) {
    if (name == "CREDENTIALS_DIRECTORY") return "/run/credentials/driftkeeper.service";
    if (name == "STATE_DIRECTORY") return "/var/lib/driftkeeper";
    return std::nullopt;
}

}  // namespace

TEST_CASE("the example file is right as it is installed, and means the defaults") {
    const auto loaded = loadSettings(DRIFTKEEPER_SOURCE_DIR "/config/driftkeeper.yaml", variables);
    CHECK(render(loaded.mistakes) == "");
    auto defaults = parseSettings("", "none", variables);
    auto settings = loaded.settings;
    settings.secretFiles = defaults.settings.secretFiles = {};  // the files themselves
    CHECK(settings.providers.erase("terraform") == 1);
    CHECK(settings == defaults.settings);
}

TEST_CASE("every setting of the example file is known, and written with its default") {
    auto loaded = parseSettings(uncommented(example()), "example", variables);
    REQUIRE(render(loaded.mistakes) == "");
    const auto& settings = loaded.settings;
    auto checks = settings.checks;
    auto defaults = CheckSettings{};
    CHECK(checks.staleAfter == Seconds(90 * 60));
    checks.staleAfter.reset();
    checks.parallel = defaults.parallel;
    CHECK(checks == defaults);
    REQUIRE(settings.repositories.size() == 1);
    CHECK(settings.repositories[0].credentials.password.file ==
          "/run/credentials/driftkeeper.service/git");
    CHECK(settings.repositories[0].poll == RepositorySettings{}.poll);
    REQUIRE(settings.repositories[0].stacks.size() == 1);
    CHECK(optionOf(settings.repositories[0].stacks[0].options, "workspace") == "default");
    CHECK(settings.channels.size() == 16);
    CHECK(settings.routes.size() == 2);
    CHECK(settings.repositories[0].allowIgnores == RepositorySettings{}.allowIgnores);
    REQUIRE(settings.ignores.size() == 1);
    CHECK_FALSE(settings.ignores[0].match.attribute.empty());
    CHECK(settings.builtinRulesOff == std::vector<std::string>{"builtin/cascade"});
    REQUIRE(settings.severities.size() == 2);
    CHECK(settings.severities[0].severity == Severity::Critical);
    REQUIRE(settings.mutes.size() == 1);
    CHECK(settings.mutes[0].days.size() == 2);
    REQUIRE(settings.heartbeat.has_value());
    CHECK(settings.heartbeat->every == HeartbeatSettings{}.every);
    CHECK(settings.listenPort == Settings{}.listenPort);
}

TEST_CASE("the example file names every key") {
    const auto text = example();
    for (const std::string key : {"state_directory",
                                  "listen",
                                  "time_zone",
                                  "every",
                                  "timeout",
                                  "parallel",
                                  "confirm",
                                  "confirm_after",
                                  "unapplied_grace",
                                  "stale_after",
                                  "program",
                                  "cli_config_file",
                                  "plugin_cache",
                                  "environment",
                                  "name",
                                  "url",
                                  "ref",
                                  "poll",
                                  "username",
                                  "password_file",
                                  "ssh_key_file",
                                  "known_hosts_file",
                                  "ssh_config_file",
                                  "tls_ca_file",
                                  "include",
                                  "exclude",
                                  "path",
                                  "provider",
                                  "workspace",
                                  "variable_files",
                                  "backend_config",
                                  "environment_file",
                                  "owner",
                                  "enabled",
                                  "renamed_from",
                                  "webhook_url_file",
                                  "external_url",
                                  "bot_token_file",
                                  "channel",
                                  "thread",
                                  "chat",
                                  "topic",
                                  "routing_key_file",
                                  "api_key_file",
                                  "token_file",
                                  "server",
                                  "username",
                                  "tls",
                                  "repository",
                                  "project",
                                  "secret_file",
                                  "proxy",
                                  "values",
                                  "match",
                                  "side",
                                  "change",
                                  "severity",
                                  "type",
                                  "kind",
                                  "continue",
                                  "group_wait",
                                  "allow_ignores",
                                  "ignores",
                                  "address",
                                  "id",
                                  "attribute",
                                  "cause",
                                  "reason",
                                  "expires",
                                  "builtin",
                                  "mutes",
                                  "days",
                                  "from",
                                  "to",
                                  "url_file"}) {
        CAPTURE(key);
        CHECK(text.find(key) != std::string::npos);
    }
}

}  // namespace example_test
