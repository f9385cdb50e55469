// The commands that ask the running daemon.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "daemon/asking.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/commands.hpp"
#include "daemon/present/stack_object.hpp"
#include "daemon/present/text.hpp"

namespace driftkeeper {
namespace {

// One line a stack.
std::string stackTable(const std::vector<StackObject>& stacks) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& stack : stacks)
        rows.push_back({printable(stack.stack), std::string(name(stack.verdict)), std::to_string(stack.drifts.size()),
                        stack.started ? utcText(*stack.started).substr(0, 19) + "Z" : "never",
                        stack.reason ? stack.reason->code : ""});
    return table({"STACK", "VERDICT", "DRIFTS", "CHECKED", "REASON"}, rows, terminalWidth());
}

const std::vector<std::pair<Command, Listing>>& listings() {
    static const std::vector<std::pair<Command, Listing>> all = {
        {Command::Findings,
         {"/api/v1/findings",
          "findings",
          {"STACK", "ADDRESS", "SIDE", "CHANGE", "CAUSE", "FIRST SEEN"},
          {{"stack"},
           {"address"},
           {"drift", "side"},
           {"drift", "change"},
           {"drift", "cause"},
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
        if (command == options.command) return printList(daemon, listing, options.json);
    const bool one = options.command == Command::Show;
    const Answer answer = ask(daemon, "GET", "/api/v1/stacks" + (one ? "/" + segment(options.stack) : ""));
    if (answer.status != 200) return refused(daemon, answer);
    const auto stacks = stacksFromJson(answer.body);
    if (!stacks) return trouble(daemon.url + " gave an answer that is none of driftkeeper's");
    return print(answer, one ? textOf(*stacks) : stackTable(*stacks), options.json);
}

int runStack(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const std::string path = "/api/v1/stacks/" + segment(options.stack);
    const Answer asked = ask(daemon, "POST", path + "/check");
    if (asked.status != 202) return refused(daemon, asked);
    const auto body = JsonSlice::of(asked.body);
    const auto since = body ? utcFrom(JsonMembers(*body)["requested"].text().value_or("")) : std::nullopt;
    if (!since) return trouble(daemon.url + " gave an answer that is none of driftkeeper's");

    const bool terminal = isatty(STDERR_FILENO) != 0;
    for (unsigned tick = 0;; ++tick) {
        const Answer answer = ask(daemon, "GET", path);
        if (answer.status != 200) return refused(daemon, answer);
        const auto stacks = stacksFromJson(answer.body);
        if (!stacks || stacks->size() != 1)
            return trouble(daemon.url + " gave an answer that is none of driftkeeper's");
        if (const auto& stack = stacks->front(); stack.started && *stack.started >= *since) {
            if (terminal) std::fputs("\r\033[K", stderr);
            print(answer, textOf(*stacks), options.json);
            return exitStatus(stack);
        }
        if (terminal) std::fprintf(stderr, "\r\033[Kchecking %s … %u s", options.stack.c_str(), tick / 4);
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
}

}  // namespace driftkeeper
