// The commands that ask the running daemon.
#include <signal.h>

#include <chrono>
#include <optional>

#include "daemon/base/signals.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/commands/asking.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/contract/stack_object.hpp"
#include "daemon/wording/check_text.hpp"
#include "parsers/text/encoding.hpp"

namespace driftkeeper {
namespace {

// One line a stack.
std::string stackTable(const std::vector<StackObject>& stacks) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& stack : stacks)
        rows.push_back({printable(stack.stack), std::string(name(stack.verdict)),
                        std::to_string(stack.drifts.size()),
                        stack.started ? utcText(*stack.started).substr(0, 19) + "Z" : "never",
                        stack.reason ? stack.reason->code : ""});
    return table({"STACK", "VERDICT", "DRIFTS", "CHECKED", "REASON"}, rows, terminalWidth(),
                 wantsColour());
}

const std::vector<std::pair<Command, Listing>>& listings() {
    static const std::vector<std::pair<Command, Listing>> all = {
        {Command::Findings,
         {"/api/v1/findings",
          "findings",
          {"STACK", "ADDRESS", "SIDE", "CHANGE", "CAUSE", "ALERT", "FIRST SEEN"},
          {{"stack"},
           {"address"},
           {"drift", "side"},
           {"drift", "change"},
           {"drift", "cause"},
           {"alert", "state"},
           {"drift", "first_seen"}}}},
        {Command::Incidents,
         {"/api/v1/incidents",
          "incidents",
          {"KIND", "CAUSE", "OPENED", "CLOSED", "ID"},
          {{"kind"}, {"cause"}, {"opened"}, {"closed"}, {"id"}}}},
        {Command::Ignores,
         {"/api/v1/ignores",
          "ignores",
          {"RULE", "STATE", "HITS", "LAST HIT", "EXPIRES", "REASON"},
          {{"name"}, {"state"}, {"hits"}, {"last_hit"}, {"expires"}, {"reason"}}}},
        {Command::Silences,
         {"/api/v1/silences",
          "silences",
          {"ID", "MATCHER", "UNTIL", "ACTIVE", "BY", "REASON"},
          {{"id"}, {"matcher"}, {"until"}, {"active"}, {"by"}, {"reason"}}}},
    };
    return all;
}

std::string textOf(const std::vector<StackObject>& stacks) {
    TextStyle style;
    style.colour = wantsColour();
    if (const auto width = terminalWidth(); width != 0) style.width = width;
    return checkText(stacks, style);
}

int exitStatus(const StackObject& stack) {
    switch (stack.verdict) {
        case Verdict::InSync:
            return 0;
        case Verdict::Drifted:
        case Verdict::Unapplied:
            return 1;
        case Verdict::Inconclusive:
            return 3;
    }
    return 3;
}

}  // namespace

int askDaemon(const Options& options) {
    const Daemon daemon = daemonOf(options);
    for (const auto& [command, listing] : listings())
        if (command == options.command) return showList(daemon, options, listing);
    const bool one = options.command == Command::Show;
    return showAnswer(daemon, options,
                      "/api/v1/stacks" + (one ? "/" + percentEncoded(options.stack) : ""),
                      [&](const std::string& body) -> std::optional<std::string> {
                          const auto stacks = stacksFromJson(body);
                          if (!stacks) return std::nullopt;
                          return one ? textOf(*stacks) : stackTable(*stacks);
                      });
}

int runStack(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const std::string path = "/api/v1/stacks/" + percentEncoded(options.stack);
    const Answer asked = ask(daemon, "POST", path + "/check");
    if (asked.status != 202) return refusedFor(daemon, asked, options.stack);
    const Json body = readJson(asked.body).value_or(Json());
    const auto since = utcFrom(body["requested"].string());
    if (!since) return strange(daemon);

    blockSignals();
    std::optional<Progress> progress(std::in_place, 1U);
    progress->begin(options.stack);
    progress->say(options.stack, "the daemon checks it");
    for (;;) {
        const Answer answer = ask(daemon, "GET", path);
        if (answer.status != 200) return refused(daemon, answer);
        const auto stacks = stacksFromJson(answer.body);
        if (!stacks || stacks->size() != 1) return strange(daemon);
        if (const auto& stack = stacks->front(); stack.started && *stack.started >= *since) {
            progress.reset();
            print(answer, textOf(*stacks), options.json);
            return exitStatus(stack);
        }
        if (const auto signal = waitForSignal(std::chrono::milliseconds(250));
            signal && *signal != SIGHUP) {
            progress.reset();
            return trouble("stopped waiting: the daemon continues the check",
                           {"its result: driftkeeper show " + options.stack});
        }
    }
}

}  // namespace driftkeeper
