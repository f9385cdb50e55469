#include "daemon/cli/options.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <sstream>
#include <vector>

using namespace driftkeeper;

namespace options_test {
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
        {{"config", "show", "f", "--format", "yaml"}, Command::ConfigShow},
        {{"config", "example"}, Command::ConfigExample},
        {{"config", "schema"}, Command::ConfigSchema},
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
        {{"routes", "test", "--stack", "infra/a", "--side", "live", "--owner", "@org/a"},
         Command::TestRoutes},
        {{"run", "infra/a"}, Command::Run},
        {{"graph"}, Command::Graph},
        {{"graph", "infra/a", "--format", "mermaid"}, Command::Graph},
        {{"init"}, Command::Init},
        {{"init", "https://git.example.org/infra.git", "--output", "-", "--force"}, Command::Init},
        {{"doctor", "--config", "f", "--online", "--format", "json"}, Command::Doctor},
        {{"stacks", "--watch"}, Command::Stacks},
        {{"outbox", "--watch"}, Command::Outbox},
        {{"silence", "--end", "id"}, Command::EndSilence},
        {{"silence", "stack=a", "--for", "2h", "--reason", "r"}, Command::Silence},
        {{"ignores", "test", "r"}, Command::TestRule},
        {{"complete", "--", "check", "--fo"}, Command::Complete},
    };
    for (const auto& row : rows) {
        const auto line = parse(row.words);
        REQUIRE_MESSAGE(line.options.has_value(), line.text);
        CHECK(line.options->command == row.command);
    }
}

TEST_CASE("values arrive where they belong") {
    const auto check = parse({"check", "live/net", "--provider", "terraform", "--workspace", "prod",
                              "--format", "json"});
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

TEST_CASE("formats are those of the command") {
    CHECK(parse({"check", "--format", "junit"}).options->format == "junit");
    CHECK(parse({"check", "--format", "markdown"}).options->format == "markdown");
    CHECK(parse({"stacks", "--format", "junit"}).status == 2);
    CHECK(parse({"graph"}).options->format == "dot");
    CHECK(parse({"graph", "--format", "json"}).options->json);
    CHECK(parse({"stacks"}).options->format == "text");
}

TEST_CASE("a wrong word is named, and the one that was meant") {
    struct Row {
        std::initializer_list<const char*> words;
        const char* wanted;
    };
    const Row rows[] = {
        {{"stcks"}, "there is no command \"stcks\"; did you mean \"stacks\"?\n"},
        {{"fly"}, "there is no command \"fly\"\n"},
        {{"outbox", "lst"}, "there is no command \"lst\"; did you mean \"list\"?\n"},
        {{"config", "chek"}, "did you mean \"check\"?\nRun \"driftkeeper config --help\""},
        {{"check", "--fromat", "json"}, "there is no flag --fromat; did you mean \"--format\"?\n"},
        {{"stacks", "--wach"}, "did you mean \"--watch\"?"},
        {{"check", "--format", "jsn"},
         "--format cannot be \"jsn\"; did you mean \"json\"? It is one of: text, json, junit, "
         "markdown\n"},
        {{"check", "--format=xml"}, "--format cannot be \"xml\""},
        {{"check", "--format"}, "--format needs a value"},
        {{"show"}, "STACK"},
        {{"silence", "stack=a"}, "--for and --reason, or --end"},
    };
    for (const auto& row : rows) {
        const auto line = parse(row.words);
        CHECK(line.status == 2);
        CHECK_MESSAGE(line.text.find(row.wanted) != std::string::npos, line.text);
        CHECK(line.text.starts_with("driftkeeper: "));
    }
}

TEST_CASE("help and version leave with 0") {
    CHECK(parse({"--version"}).text == "driftkeeper 1.2.3\n");
    for (const auto& words :
         {std::initializer_list<const char*>{"--help"}, {"check", "--help"}, {"serve", "--help"}}) {
        const auto line = parse(words);
        CHECK(!line.options.has_value());
        CHECK(line.status == 0);
        CHECK(line.text.find("--help") != std::string::npos);
    }
}

}  // namespace options_test
