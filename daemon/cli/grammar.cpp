#include "daemon/cli/grammar.hpp"

#include <CLI/CLI.hpp>

#include "daemon/cli/help_text.hpp"

namespace driftkeeper {
namespace {

using Words = std::vector<std::string>;

const Words severities = {"info", "warning", "critical"};
const Words kinds = {"drift",      "stale",    "repository", "channel", "ownership",
                     "reconciler", "orphaned", "overload",   "daemon"};

}  // namespace

struct Grammar::Parts {
    Options options;
    std::string format = "text";
    std::string graphFormat = "dot";
    CLI::App app{"Alerts an operations team when live infrastructure no longer matches Git.",
                 "driftkeeper"};
    std::vector<std::pair<CLI::App*, Command>> commands;  // a command before those within it
    CLI::Option* configOfCheck = nullptr;
    CLI::App* silence = nullptr;
    CLI::Option* silenceLength = nullptr;
    CLI::Option* silenceEnd = nullptr;
    CLI::App* graph = nullptr;

    CLI::App* command(CLI::App* parent, const char* name, const char* help, Command means) {
        auto* added = parent->add_subcommand(name, help);
        commands.emplace_back(added, means);
        return added;
    }
    CLI::App* group(const char* name, const char* help) {
        auto* added = app.add_subcommand(name, help);
        added->require_subcommand(1);
        return added;
    }

    CLI::Option* config(CLI::App* to) {
        return to
            ->add_option("--config", options.configFile,
                         "settings file (default: /etc/driftkeeper/driftkeeper.yaml)")
            ->type_name("FILE");
    }
    void formats(CLI::App* to, const Words& words, const char* help = "output format") {
        to->add_option("--format", format, help)->check(CLI::IsMember(words));
    }
    CLI::Option* stack(CLI::App* to, const char* help = "full name: repository/stack") {
        return to->add_option("STACK", options.stack, help)->type_name("STACK");
    }
    void daemon(CLI::App* to) {
        to->add_option("--url", options.url, "the daemon's address (default: from the settings)")
            ->type_name("URL");
        config(to);
        formats(to, {"text", "json"});
    }
    void watched(CLI::App* to) {
        to->add_flag("--watch", options.watch,
                     "refresh the output on every change, until "
                     "Ctrl-C");
    }
    void word(CLI::App* to, const char* flag, std::string& value, const char* help,
              const Words& words) {
        auto* option = to->add_option(flag, value, help);
        if (!words.empty()) option->check(CLI::IsMember(words));
    }

    void addServe();
    void addCheck();
    void addSettings();
    void addFirstMinute();
    void addQuestions();
    void addOutbox();
    void addRoutes();
    void addGraph();
    void addSilence();
};

void Grammar::Parts::addServe() {
    config(command(&app, "serve", "Run the daemon", Command::Serve));
}

void Grammar::Parts::addCheck() {
    auto* check =
        command(&app, "check", "Check a working tree once, or with --config the configured stacks",
                Command::CheckTree);
    auto* directory =
        check->add_option("DIR", options.directory, "working tree (default: .)")->type_name("DIR");
    check
        ->add_option("--provider", options.provider,
                     "kind of the stacks (default: detected from the files)")
        ->type_name("KIND");
    check
        ->add_option("--workspace", options.workspace,
                     "workspace (default: TF_WORKSPACE, then the selected one)")
        ->type_name("NAME");
    auto* values = check->add_option("--var-file", options.variableFiles,
                                     "file of values for Terraform's family; can be repeated");
    values->type_name("FILE")->take_all();
    auto* backend = check->add_option("--backend-config", options.backendConfig,
                                      "FILE or KEY=VALUE for init; can be repeated");
    backend->type_name("SETTING")->take_all();
    configOfCheck = config(check);
    check->add_option("--stack", options.stack, "only this stack, with --config")
        ->type_name("STACK")
        ->needs(configOfCheck);
    configOfCheck->excludes(directory)->excludes(values)->excludes(backend);
    formats(check, {"text", "json", "junit", "markdown"});
    check->footer(
        "Exit status: 0 in sync, 1 drifted or unapplied, 2 trouble, 3 no drift seen but something "
        "is inconclusive.");
}

void Grammar::Parts::addSettings() {
    auto* settings = group("config", "Validate and print settings");
    auto* check = command(settings, "check", "Validate a settings file: list all mistakes at once",
                          Command::ConfigCheck);
    formats(check, {"text", "json"});
    auto* show = command(settings, "show",
                         "Print the effective settings, with defaults and "
                         "without secrets",
                         Command::ConfigShow);
    formats(show, {"yaml", "json"});
    for (auto* of : {check, show})
        of->add_option("FILE", options.configFile,
                       "settings file (default: /etc/driftkeeper/driftkeeper.yaml)")
            ->type_name("FILE");
    command(settings, "example", "Print a commented settings file with every key",
            Command::ConfigExample);
    command(settings, "schema", "Print the JSON Schema of the settings, for editors",
            Command::ConfigSchema);
}

void Grammar::Parts::addFirstMinute() {
    auto* init = command(
        &app, "init", "Find the stacks of a working tree or a Git URL and write settings for them",
        Command::Init);
    init->add_option("DIR", options.directory,
                     "working tree, or https, ssh or file URL (default: .)")
        ->type_name("DIR");
    init->add_option("--output", options.output,
                     "file to write (default: "
                     "./driftkeeper.yaml; -: stdout)")
        ->type_name("FILE");
    init->add_flag("--force", options.force, "overwrite an existing file");

    auto* doctor = command(&app, "doctor", "Diagnose an installation, and show how to fix it",
                           Command::Doctor);
    config(doctor);
    formats(doctor, {"text", "json"});
    doctor->add_flag("--online", options.online, "also connect to the channels' receivers");
    doctor->footer(
        "Exit status: 0 no problems (there may be warnings), 2 at least one "
        "problem.");
}

void Grammar::Parts::addQuestions() {
    struct Question {
        const char* name;
        const char* help;
        Command command;
        bool namesStack;
        bool canWatch;
    };
    const Question questions[] = {
        {"stacks", "List all stacks with their last result", Command::Stacks, false, true},
        {"findings", "List the open drifts of all stacks", Command::Findings, false, true},
        {"incidents", "List open and closed incidents", Command::Incidents, false, true},
        {"show", "Show one stack with its drifts", Command::Show, true, true},
        {"explain", "Explain why a stack was alerted, or not", Command::Explain, true, false},
        {"ignores", "List the ignore rules, and how often each one matched", Command::Ignores,
         false, false},
        {"silences", "List silences", Command::Silences, false, true},
        {"run", "Check a stack now in the daemon, and print the result", Command::Run, true, false},
    };
    for (const auto& question : questions) {
        auto* asked = command(&app, question.name, question.help, question.command);
        if (question.namesStack) stack(asked)->required();
        if (question.canWatch) watched(asked);
        daemon(asked);
    }
    app.get_subcommand("explain")->add_option("ADDRESS", options.address,
                                              "one resource of the stack (default: all)");
    auto* test =
        command(app.get_subcommand("ignores"), "test",
                "Show what a rule would have suppressed in the last 30 days", Command::TestRule);
    test->add_option("RULE", options.rule,
                     R"(a rule's name, or a match: {address: "aws_*", attribute: tags})")
        ->type_name("RULE")
        ->required();
    daemon(test);
}

void Grammar::Parts::addOutbox() {
    auto* outbox =
        command(&app, "outbox", "Inspect and manage deliveries of alerts", Command::Outbox);
    watched(outbox);
    daemon(outbox);
    auto* list = command(outbox, "list", "List pending deliveries, then the latest finished ones",
                         Command::Outbox);
    word(list, "--state", options.state, "only these",
         {"pending", "sending", "delivered", "accepted", "dead", "dropped"});
    watched(list);
    daemon(list);
    const struct {
        const char* name;
        const char* help;
        Command command;
    } works[] = {{"show", "Show one delivery and its content", Command::ShowDelivery},
                 {"retry", "Retry a pending or dead delivery now", Command::RetryDelivery},
                 {"drop", "Drop a pending or dead delivery", Command::DropDelivery}};
    for (const auto& work : works) {
        auto* added = command(outbox, work.name, work.help, work.command);
        added
            ->add_option("ID", options.delivery,
                         "id of the delivery, as `outbox list` "
                         "shows it")
            ->type_name("DELIVERY")
            ->required();
        daemon(added);
    }
    outbox->require_subcommand(0, 1);

    auto* channels = group("channels", "Test channels");
    auto* testing = command(channels, "test", "Send a test message and show the receiver's answer",
                            Command::TestChannel);
    testing->add_option("NAME", options.channel, "name of the channel")
        ->type_name("CHANNEL")
        ->required();
    daemon(testing);
}

// What has to be routed, in the words of the settings' `match`.
void Grammar::Parts::addRoutes() {
    auto* routes = group("routes", "Show and test routes");
    auto* show = command(routes, "show", "List all routes with their channels and timers",
                         Command::ShowRoutes);
    auto* test = command(routes, "test", "Which routes match a drift or incident, and why",
                         Command::TestRoutes);
    auto& question = options.question;
    test->add_option("--stack", question.stack, "full name: repository/stack")->type_name("STACK");
    word(test, "--repository", question.repository, "default: the first part of the stack's name",
         {});
    word(test, "--provider", question.provider, "kind of the stack's provider", {});
    word(test, "--side", question.side, "side that changed", {"live", "git", "both", "unknown"});
    word(test, "--change", question.change, "kind of change", {"modified", "deleted", "created"});
    word(test, "--severity", question.severity, "severity of the drift", severities);
    word(test, "--owner", question.owner, "owner of the stack", {});
    word(test, "--type", question.type, "type of the resource", {});
    word(test, "--kind", question.kind, "kind of the incident (default drift)", kinds);
    for (auto* one : {show, test}) {
        config(one);
        formats(one, {"text", "json"});
    }
}

void Grammar::Parts::addGraph() {
    graph = command(&app, "graph", "Draw the dependencies of all stacks, or around one",
                    Command::Graph);
    stack(graph, "full name: repository/stack (default: all stacks)");
    graph->add_option("--format", graphFormat, "output format (default: dot)")
        ->check(CLI::IsMember(Words{"dot", "json", "mermaid"}));
    graph->add_option("--url", options.url, "the daemon's address (default: from the settings)")
        ->type_name("URL");
    config(graph);
}

void Grammar::Parts::addSilence() {
    silence = command(&app, "silence",
                      "Suppress new alerts for a while; what is still true afterwards is alerted "
                      "then",
                      Command::Silence);
    silence
        ->add_option("MATCHER", options.matcher,
                     "stack=infra/prod/**, side=live, severity=info, owner=@org/net, …")
        ->type_name("MATCHER");
    silenceLength = silence->add_option("--for", options.length, "duration: 30m, 2h, 1d")
                        ->type_name("DURATION");
    auto* reason = silence->add_option("--reason", options.reason, "reason, shown to others");
    silenceEnd = silence->add_option("--end", options.silence, "end the silence with this id")
                     ->type_name("SILENCE");
    silenceLength->needs(reason)->excludes(silenceEnd);
    reason->needs(silenceLength)->excludes(silenceEnd);
    daemon(silence);
}

Grammar::Grammar(const std::string& version) : parts_(std::make_unique<Parts>()) {
    auto& app = parts_->app;
    app.formatter(helpText());
    app.set_version_flag("--version", "driftkeeper " + version);
    app.require_subcommand(1);
    parts_->addServe();
    parts_->addCheck();
    parts_->addSettings();
    parts_->addFirstMinute();
    parts_->addQuestions();
    parts_->addOutbox();
    parts_->addRoutes();
    parts_->addGraph();
    parts_->addSilence();
}

Grammar::~Grammar() = default;

CLI::App& Grammar::app() noexcept {
    return parts_->app;
}

Options Grammar::options() const {
    const Parts& parts = *parts_;
    if (parts.silence->parsed() && parts.silenceLength->count() == 0 &&
        parts.silenceEnd->count() == 0)
        throw CLI::RequiredError("--for and --reason, or --end");
    Options options = parts.options;
    for (const auto& [command, means] : parts.commands)
        if (command->parsed()) options.command = means;
    if (parts.configOfCheck->count() > 0) options.command = Command::CheckConfigured;
    if (parts.silenceEnd->count() > 0) options.command = Command::EndSilence;
    options.format = parts.graph->parsed() ? parts.graphFormat : parts.format;
    options.json = options.format == "json";
    return options;
}

std::string pathOf(const CLI::App& command) {
    if (command.get_parent() == nullptr) return {};
    const std::string above = pathOf(*command.get_parent());
    return above.empty() ? command.get_name() : above + " " + command.get_name();
}

}  // namespace driftkeeper
