#include "daemon/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <sstream>

namespace driftkeeper {
namespace {

// `--format text|json`, the same everywhere.
void addFormat(CLI::App* command, std::string& format) {
    command->add_option("--format", format, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void addConfig(CLI::App* command, Options& options) {
    command->add_option("--config", options.configFile, "settings file (default /etc/driftkeeper/driftkeeper.yaml)");
}

// What has to be routed, in the words of the settings' `match`.
void addQuestion(CLI::App* command, RouteQuestion& question) {
    const auto word = [&](const char* flag, std::string& value, const char* help, std::vector<std::string> words) {
        auto* option = command->add_option(flag, value, help);
        if (!words.empty()) option->check(CLI::IsMember(words));
    };
    word("--stack", question.stack, "full name: repository/stack", {});
    word("--repository", question.repository, "default: the first part of the stack's name", {});
    word("--provider", question.provider, "terraform, …", {});
    word("--side", question.side, "which side moved", {"live", "git", "both", "unknown"});
    word("--change", question.change, "what happened", {"modified", "deleted", "created"});
    word("--severity", question.severity, "how bad", {"info", "warning", "critical"});
    word("--owner", question.owner, "of the stack", {});
    word("--type", question.type, "of the resource", {});
    word("--kind", question.kind, "of incident (default drift)",
         {"drift", "stale", "repository", "channel", "ownership", "reconciler", "orphaned", "overload"});
}

struct Question {
    const char* name;
    const char* help;
    Command command;
    bool namesStack;
};

constexpr Question questions[] = {
    {"stacks", "What the daemon knows of every stack", Command::Stacks, false},
    {"findings", "Open drifts of every stack", Command::Findings, false},
    {"incidents", "What people were told about", Command::Incidents, false},
    {"show", "One stack with its drifts", Command::Show, true},
    {"outbox", "Alerts on their way", Command::Outbox, false},
    {"explain", "Why a stack is told to differ, or not", Command::Explain, true},
    {"ignores", "What is never told, by which rule, and how often it was seen", Command::Ignores, false},
    {"silences", "What is kept quiet for a while", Command::Silences, false},
    {"run", "Have the daemon check a stack now and print the result", Command::Run, true},
};

}  // namespace

CommandLine parseCommandLine(int count, const char* const* words, const std::string& version) {
    Options options;
    std::string format = "text";
    CLI::App app("Tells an operations team when live infrastructure no longer matches Git.", "driftkeeper");
    app.set_version_flag("--version", "driftkeeper " + version);
    app.require_subcommand(1);

    auto* serve = app.add_subcommand("serve", "The daemon");
    addConfig(serve, options);

    auto* check = app.add_subcommand("check", "One look: at a working tree, or with --config at the configured stacks");
    auto* directory = check->add_option("DIR", options.directory, "working tree (default: .)");
    check->add_option("--provider", options.provider, "terraform, opentofu (default: what the files say)");
    check->add_option("--workspace", options.workspace, "workspace (default: what the tree selects)");
    auto* config = check->add_option("--config", options.configFile, "look at the stacks of this settings file");
    check->add_option("--stack", options.stack, "only this stack, with --config")->needs(config);
    config->excludes(directory);
    addFormat(check, format);
    check->footer(
        "Exit status: 0 in sync, 1 drifted or unapplied, 2 trouble, 3 no drift seen but something is inconclusive.");

    auto* settings = app.add_subcommand("config", "Work on settings files");
    settings->require_subcommand(1);
    auto* settingsCheck = settings->add_subcommand("check", "All mistakes of a settings file at once");
    settingsCheck->add_option("FILE", options.configFile, "settings file (default /etc/driftkeeper/driftkeeper.yaml)");

    const auto addDaemon = [&](CLI::App* command) {
        command->add_option("--url", options.url, "the daemon's address (default: from the settings)");
        addConfig(command, options);
        addFormat(command, format);
    };
    for (const auto& question : questions) {
        auto* command = app.add_subcommand(question.name, question.help);
        if (question.namesStack) command->add_option("STACK", options.stack, "full name: repository/stack")->required();
        addDaemon(command);
    }
    app.get_subcommand("explain")->add_option("ADDRESS", options.address, "one resource of it (default: all)");
    auto* test =
        app.get_subcommand("ignores")->add_subcommand("test", "What a rule would have hidden in the last 30 days");
    test->add_option("RULE", options.rule, R"(a rule's name, or a match: {address: "aws_*", attribute: tags})")
        ->required();
    addDaemon(test);

    auto* outbox = app.get_subcommand("outbox");
    struct Work {
        const char* name;
        const char* help;
        Command command;
        CLI::App* parsed = nullptr;
    };
    Work works[] = {{"list", "Those on their way, then the latest others", Command::Outbox},
                    {"show", "One delivery with what it says", Command::ShowDelivery},
                    {"retry", "Send one again that waits or was given up", Command::RetryDelivery},
                    {"drop", "Give one up", Command::DropDelivery}};
    for (auto& work : works) {
        work.parsed = outbox->add_subcommand(work.name, work.help);
        if (work.command == Command::Outbox)
            work.parsed->add_option("--state", options.state, "only these")
                ->check(CLI::IsMember({"pending", "sending", "delivered", "accepted", "dead", "dropped"}));
        else
            work.parsed->add_option("ID", options.delivery, "as `outbox list` shows it")->required();
        addDaemon(work.parsed);
    }
    outbox->require_subcommand(0, 1);

    auto* channels = app.add_subcommand("channels", "Work on channels");
    channels->require_subcommand(1);
    auto* testing = channels->add_subcommand("test", "Send a test message and show what the peer answers");
    testing->add_option("NAME", options.channel, "the channel's name")->required();
    addDaemon(testing);

    auto* routes = app.add_subcommand("routes", "Who is told what, by the settings");
    routes->require_subcommand(1);
    auto* routesShow = routes->add_subcommand("show", "All routes with their channels and timers");
    auto* routesTest = routes->add_subcommand("test", "The way of one thing through the routes");
    addQuestion(routesTest, options.question);
    for (auto* command : {routesShow, routesTest}) {
        addConfig(command, options);
        addFormat(command, format);
    }

    auto* graph = app.add_subcommand("graph", "What depends on what, in all stacks or around one");
    graph->add_option("STACK", options.stack, "full name: repository/stack (default: the whole estate)");
    graph->add_option("--format", options.format, "dot, json or mermaid (default dot)")
        ->check(CLI::IsMember({"dot", "json", "mermaid"}));
    graph->add_option("--url", options.url, "the daemon's address (default: from the settings)");
    addConfig(graph, options);

    auto* silence = app.add_subcommand("silence", "Tell nothing new for a while; what is still true then is told then");
    silence->add_option("MATCHER", options.matcher, "stack=infra/prod/**, side=live, severity=info, owner=@org/net, …");
    auto* length = silence->add_option("--for", options.length, "how long: 30m, 2h, 1d");
    auto* reason = silence->add_option("--reason", options.reason, "why, for the others");
    auto* end = silence->add_option("--end", options.silence, "end the silence of this id instead");
    length->needs(reason)->excludes(end);
    reason->needs(length)->excludes(end);
    addDaemon(silence);

    try {
        app.parse(count, words);
        if (silence->parsed() && length->count() == 0 && end->count() == 0)
            throw CLI::RequiredError("--for and --reason, or --end");
    } catch (const CLI::ParseError& error) {
        std::ostringstream out;
        std::ostringstream err;
        const int status = app.exit(error, out, err);
        return {std::nullopt, status == 0 ? 0 : 2, status == 0 ? out.str() : err.str()};
    }

    options.json = format == "json";
    if (serve->parsed()) options.command = Command::Serve;
    if (check->parsed()) options.command = config->count() > 0 ? Command::CheckConfigured : Command::CheckTree;
    if (settingsCheck->parsed()) options.command = Command::ConfigCheck;
    for (const auto& question : questions)
        if (app.got_subcommand(question.name)) options.command = question.command;
    if (test->parsed()) options.command = Command::TestRule;
    for (const auto& work : works)
        if (work.parsed->parsed()) options.command = work.command;
    if (testing->parsed()) options.command = Command::TestChannel;
    if (routesShow->parsed()) options.command = Command::ShowRoutes;
    if (routesTest->parsed()) options.command = Command::TestRoutes;
    if (graph->parsed()) options.command = Command::Graph;
    if (silence->parsed()) options.command = end->count() > 0 ? Command::EndSilence : Command::Silence;
    return {std::move(options), 0, {}};
}

}  // namespace driftkeeper
