#include "daemon/cli/options.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <vector>

using namespace driftkeeper;

namespace {

CommandLine parse(std::initializer_list<const char*> words) {
    std::vector<const char*> all = {"driftkeeper"};
    all.insert(all.end(), words);
    return parseCommandLine(static_cast<int>(all.size()), all.data(), "1.2.3");
}

}  // namespace

TEST_CASE("each command of the contract is understood") {
    struct Row {
        std::initializer_list<const char*> words;
        Command command;
    };
    const Row rows[] = {
        {{"serve"}, Command::Serve},
        {{"serve", "--config", "f"}, Command::Serve},
        {{"check"}, Command::CheckTree},
        {{"check", "dir", "--format", "json"}, Command::CheckTree},
        {{"check", "--config", "f", "--stack", "infra/a"}, Command::CheckConfigured},
        {{"config", "check"}, Command::ConfigCheck},
        {{"config", "check", "f"}, Command::ConfigCheck},
        {{"stacks"}, Command::Stacks},
        {{"findings", "--format", "json"}, Command::Findings},
        {{"incidents"}, Command::Incidents},
        {{"show", "infra/a"}, Command::Show},
        {{"outbox", "--url", "http://127.0.0.1:1"}, Command::Outbox},
        {{"outbox", "list", "--state", "dead"}, Command::Outbox},
        {{"outbox", "show", "id"}, Command::ShowDelivery},
        {{"outbox", "retry", "id"}, Command::RetryDelivery},
        {{"outbox", "drop", "id", "--format", "json"}, Command::DropDelivery},
        {{"channels", "test", "chat"}, Command::TestChannel},
        {{"routes", "show", "--config", "f"}, Command::ShowRoutes},
        {{"routes", "test", "--stack", "infra/a", "--side", "live", "--owner", "@org/a"}, Command::TestRoutes},
        {{"run", "infra/a"}, Command::Run},
        {{"graph"}, Command::Graph},
        {{"graph", "infra/a", "--format", "mermaid"}, Command::Graph},
    };
    for (const auto& row : rows) {
        const auto line = parse(row.words);
        REQUIRE_MESSAGE(line.options.has_value(), line.text);
        CHECK(line.options->command == row.command);
    }
}

TEST_CASE("values arrive where they belong") {
    const auto check =
        parse({"check", "live/net", "--provider", "terraform", "--workspace", "prod", "--format", "json"});
    REQUIRE(check.options.has_value());
    CHECK(check.options->directory == "live/net");
    CHECK(check.options->provider == "terraform");
    CHECK(check.options->workspace == "prod");
    CHECK(check.options->json);
    CHECK(parse({"check"}).options->directory == ".");
    CHECK(parse({"show", "infra/prod/net"}).options->stack == "infra/prod/net");
    CHECK(parse({"config", "check", "my.yaml"}).options->configFile == "my.yaml");
}

TEST_CASE("a command line that makes no sense leaves with 2 and says why") {
    const std::initializer_list<const char*> rows[] = {
        {},
        {"fly"},
        {"check", "--format", "xml"},
        {"check", "a", "b"},
        {"check", "a", "--config", "f"},
        {"check", "--stack", "s"},
        {"show"},
        {"run"},
        {"config"},
        {"serve", "--nope"},
        {"stacks", "extra"},
    };
    for (const auto& words : rows) {
        const auto line = parse(words);
        CHECK(!line.options.has_value());
        CHECK(line.status == 2);
        CHECK(!line.text.empty());
    }
}

TEST_CASE("help and version leave with 0") {
    CHECK(parse({"--version"}).text == "driftkeeper 1.2.3\n");
    for (const auto& words : {std::initializer_list<const char*>{"--help"}, {"check", "--help"}, {"serve", "--help"}}) {
        const auto line = parse(words);
        CHECK(!line.options.has_value());
        CHECK(line.status == 0);
        CHECK(line.text.find("--help") != std::string::npos);
    }
}
