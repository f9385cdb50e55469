#pragma once

#include <optional>
#include <string>
#include <vector>

namespace driftkeeper {

enum class Command {
    Serve,
    CheckTree,
    CheckConfigured,
    ConfigCheck,
    ConfigShow,
    ConfigExample,
    ConfigSchema,
    Stacks,
    Findings,
    Incidents,
    Show,
    Outbox,
    ShowDelivery,
    RetryDelivery,
    DropDelivery,
    TestChannel,
    ShowRoutes,
    TestRoutes,
    Run,
    Explain,
    Ignores,
    TestRule,
    Silence,
    EndSilence,
    Silences,
    Graph,
    Init,
    Doctor,
    Complete
};

// What `routes test` is asked about: words of the settings, empty where nothing is said.
struct RouteQuestion {
    std::string stack;
    std::string repository;
    std::string provider;
    std::string side;
    std::string change;
    std::string severity;
    std::string owner;
    std::string type;
    std::string kind = "drift";
};

// What the command line asks for.
struct Options {
    Command command = Command::Serve;
    std::string configFile;                  // empty: the default file
    std::string directory = ".";             // check; init: a folder or a URL
    std::string provider;                    // check; empty: what the files say
    std::string workspace;                   // check; empty: what the tree selects
    std::vector<std::string> variableFiles;  // check --var-file
    std::vector<std::string> backendConfig;  // check --backend-config
    std::string stack;                 // check --stack, show, run, explain, graph; a full name
    std::string address;               // explain; empty: everything of the stack
    std::string rule;                  // ignores test: a name, or a match as YAML
    std::vector<std::string> matcher;  // silence
    std::string length;                // silence --for: 30m, 2h, 1d
    std::string reason;                // silence
    std::string silence;               // silence --end: its id
    std::string delivery;              // outbox show, retry, drop: its id
    std::string state;                 // outbox list: only those in this state
    std::string channel;               // channels test
    RouteQuestion question;            // routes test
    std::string url;                   // of the running daemon; empty: from the settings
    std::string output;                // init: where to; empty: ./driftkeeper.yaml, "-": stdout
    std::vector<std::string> words;    // complete: what it is asked
    std::string format =
        "text";           // text, json; check: also junit, markdown; graph: dot, json, mermaid
    bool json = false;    // that format
    bool watch = false;   // show it again whenever it changes
    bool force = false;   // init: write over what is there
    bool online = false;  // doctor: reach the channels' peers, too
};

// Either options, or what to print (on stdout when `status` is 0, else on stderr) before leaving
// with `status`: 0 for help and version, 2 for a command line that makes no sense.
struct CommandLine {
    std::optional<Options> options;
    int status = 0;
    std::string text;
};

// Never throws.
CommandLine parseCommandLine(int count, const char* const* words, const std::string& version);

}  // namespace driftkeeper
