// The commands that ask the running daemon.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "daemon/base/files.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/commands.hpp"
#include "daemon/config_file.hpp"
#include "daemon/notify/channel.hpp"
#include "daemon/present/json_slice.hpp"
#include "daemon/present/json_writer.hpp"
#include "daemon/present/stack_object.hpp"
#include "daemon/present/text.hpp"
#include "daemon/settings/scalars.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostAnswer = std::size_t{256} << 20;

struct Daemon {
    std::string url;
    std::string token;  // empty: could not be read
};

// Where the daemon is: --url, else what the settings say, else the default. The token lies in the state directory.
Daemon daemonOf(const Options& options) {
    Daemon daemon{options.url.empty() ? "http://127.0.0.1:9743" : options.url, {}};
    const auto loaded = loadSettings(configFileOf(options));
    const bool usable = loaded.mistakes.empty();
    if (usable && options.url.empty()) daemon.url = daemonUrl(loaded.settings);
    const std::filesystem::path directory = usable ? loaded.settings.stateDirectory : "/var/lib/driftkeeper";
    if (auto token = readFile(directory / "token", 4096)) {
        while (!token->empty() && token->back() == '\n') token->pop_back();
        daemon.token = *token;
    }
    while (daemon.url.ends_with('/')) daemon.url.pop_back();
    return daemon;
}

std::string segment(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

HttpAnswer ask(const Daemon& daemon, const std::string& method, const std::string& path, std::string body = {}) {
    HttpRequest request;
    request.method = method;
    request.body = std::move(body);
    request.url = daemon.url + path;
    if (method == "POST") request.headers["Authorization"] = "Bearer " + daemon.token;
    HttpClient::Options options;
    options.mostBody = mostAnswer;
    options.direct = true;
    return HttpClient(options).send(request);
}

int trouble(const std::string& text) {
    std::fprintf(stderr, "driftkeeper: %s\n", printable(text).c_str());
    return 2;
}

int refused(const Daemon& daemon, const HttpAnswer& answer) {
    if (answer.status == 0)
        return trouble("no answer from " + daemon.url + ": " + answer.error + " (is the daemon running?)");
    const auto body = JsonSlice::of(answer.body);
    if (body) {
        const JsonMembers error{JsonMembers(*body)["error"]};
        if (const auto text = error["text"].text()) return trouble(*text);
    }
    if (answer.status == 401)
        return trouble("the daemon refuses the token: run this as a user who can read it in the state directory");
    return trouble(daemon.url + " answered with status " + std::to_string(answer.status));
}

std::string cell(const JsonSlice& value) {
    if (value.isNull()) return "";
    if (const auto text = value.text()) return printable(*text);
    return std::string(value.raw());
}

// One line a stack.
std::string stackTable(const std::vector<StackObject>& stacks) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& stack : stacks)
        rows.push_back({printable(stack.stack), std::string(name(stack.verdict)), std::to_string(stack.drifts.size()),
                        stack.started ? utcText(*stack.started).substr(0, 19) + "Z" : "never",
                        stack.reason ? stack.reason->code : ""});
    return table({"STACK", "VERDICT", "DRIFTS", "CHECKED", "REASON"}, rows, terminalWidth());
}

struct Listing {
    Command command;
    const char* path;
    const char* list;  // member of the answer
    std::vector<std::string> headings;
    std::vector<std::vector<std::string>> columns;  // paths of members
};

const std::vector<Listing>& listings() {
    static const std::vector<Listing> all = {
        {Command::Findings,
         "/api/v1/findings",
         "findings",
         {"STACK", "ADDRESS", "SIDE", "CHANGE", "CAUSE", "FIRST SEEN"},
         {{"stack"}, {"address"}, {"drift", "side"}, {"drift", "change"}, {"drift", "cause"}, {"drift", "first_seen"}}},
        {Command::Incidents,
         "/api/v1/incidents",
         "incidents",
         {"KIND", "CAUSE", "OPENED", "CLOSED", "ID"},
         {{"kind"}, {"cause"}, {"opened"}, {"closed"}, {"id"}}},
        {Command::Outbox,
         "/api/v1/outbox",
         "deliveries",
         {"CHANNEL", "EVENT", "STATE", "ATTEMPTS", "CREATED", "LAST OUTCOME"},
         {{"channel"}, {"event"}, {"state"}, {"attempts"}, {"created"}, {"last_outcome"}}},
        {Command::Ignores,
         "/api/v1/ignores",
         "ignores",
         {"RULE", "STATE", "HITS", "LAST HIT", "EXPIRES", "REASON"},
         {{"name"}, {"state"}, {"hits"}, {"last_hit"}, {"expires"}, {"reason"}}},
        {Command::Silences,
         "/api/v1/silences",
         "silences",
         {"ID", "MATCHER", "UNTIL", "ACTIVE", "BY", "REASON"},
         {{"id"}, {"matcher"}, {"until"}, {"active"}, {"by"}, {"reason"}}},
    };
    return all;
}

std::string listTable(const Listing& listing, std::string_view body) {
    std::vector<std::vector<std::string>> rows;
    const auto json = JsonSlice::of(body);
    const auto elements = json ? JsonMembers(*json)[listing.list].elements() : std::nullopt;
    for (const auto& element : elements.value_or(std::vector<JsonSlice>())) {
        std::vector<std::string> row;
        for (const auto& path : listing.columns) {
            JsonSlice value = element;
            for (const auto& member : path) value = JsonMembers(value)[member];
            row.push_back(cell(value));
        }
        rows.push_back(std::move(row));
    }
    return table(listing.headings, rows, terminalWidth());
}

std::string textOf(const std::vector<StackObject>& stacks) {
    TextStyle style;
    style.colour = wantsColour();
    if (const auto width = terminalWidth(); width != 0) style.width = width;
    return checkText(stacks, style);
}

int print(const HttpAnswer& answer, const std::string& text, bool json) {
    std::fputs(json ? answer.body.c_str() : text.c_str(), stdout);
    return 0;
}

int explainStack(const Daemon& daemon, const Options& options) {
    const std::string format = options.json ? "json" : "text";
    const HttpAnswer answer = ask(daemon, "GET",
                                  "/api/v1/stacks/" + segment(options.stack) + "/explain?format=" + format +
                                      "&address=" + segment(options.address));
    return answer.status == 200 ? print(answer, answer.body, options.json) : refused(daemon, answer);
}

int testRule(const Daemon& daemon, const Options& options) {
    const HttpAnswer answer = ask(daemon, "GET", "/api/v1/ignores/test?rule=" + segment(options.rule));
    if (answer.status != 200) return refused(daemon, answer);
    static const Listing hits{Command::TestRule, "", "hits", {"STACK", "ADDRESS"}, {{"stack"}, {"address"}}};
    const auto json = JsonSlice::of(answer.body);
    const JsonMembers members(json.value_or(JsonSlice()));
    const auto count = [&](const char* key) { return std::string(members[key].raw()); };
    std::string text = "In the last " + count("days") + " days, " + count("checks") + " checks: it would have hidden " +
                       count("addresses") + " addresses, " + count("told") + " of them told (" + count("critical") +
                       " critical), " + count("partly") + " only in part.\n";
    if (const auto broad = members["too_broad"].text()) text += "Too broad: " + printable(*broad) + "\n";
    return print(answer, text + listTable(hits, answer.body), options.json);
}

// Who asks, for the others.
std::string asker() {
    for (const char* variable : {"SUDO_USER", "USER"})
        if (const char* name = std::getenv(variable); name != nullptr && *name != '\0') return name;
    return "uid " + std::to_string(getuid());
}

int silence(const Daemon& daemon, const Options& options) {
    const auto length = durationFrom(options.length);
    if (!length) return trouble("--for wants a length of time such as 30m, 2h or 1d");
    JsonWriter body;
    body.beginObject().key("matcher").beginArray();
    for (const auto& word : options.matcher) body.text(word);
    body.endArray().key("seconds").number(static_cast<std::uint64_t>(std::max<Seconds::rep>(length->count(), 0)));
    body.key("reason").text(options.reason).key("by").text(asker()).endObject();
    const HttpAnswer answer = ask(daemon, "POST", "/api/v1/silences", std::move(body).take());
    if (answer.status != 201) return refused(daemon, answer);
    const auto json = JsonSlice::of(answer.body);
    const JsonMembers made{JsonMembers(json.value_or(JsonSlice()))["silence"]};
    return print(answer,
                 "Silence " + cell(made["id"]) + " until " + cell(made["until"]) + ": " + cell(made["matcher"]) + "\n",
                 options.json);
}

int endSilence(const Daemon& daemon, const Options& options) {
    const HttpAnswer answer = ask(daemon, "POST", "/api/v1/silences/" + segment(options.silence) + "/end");
    return answer.status == 200 ? print(answer, answer.body, options.json) : refused(daemon, answer);
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
    for (const auto& listing : listings()) {
        if (listing.command != options.command) continue;
        const HttpAnswer answer = ask(daemon, "GET", listing.path);
        if (answer.status != 200) return refused(daemon, answer);
        return print(answer, listTable(listing, answer.body), options.json);
    }
    if (options.command == Command::Explain) return explainStack(daemon, options);
    if (options.command == Command::TestRule) return testRule(daemon, options);
    if (options.command == Command::Silence) return silence(daemon, options);
    if (options.command == Command::EndSilence) return endSilence(daemon, options);
    const bool one = options.command == Command::Show;
    const HttpAnswer answer = ask(daemon, "GET", "/api/v1/stacks" + (one ? "/" + segment(options.stack) : ""));
    if (answer.status != 200) return refused(daemon, answer);
    const auto stacks = stacksFromJson(answer.body);
    if (!stacks) return trouble(daemon.url + " gave an answer that is none of driftkeeper's");
    return print(answer, one ? textOf(*stacks) : stackTable(*stacks), options.json);
}

int runStack(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const std::string path = "/api/v1/stacks/" + segment(options.stack);
    const HttpAnswer asked = ask(daemon, "POST", path + "/check");
    if (asked.status != 202) return refused(daemon, asked);
    const auto body = JsonSlice::of(asked.body);
    const auto since = body ? utcFrom(JsonMembers(*body)["requested"].text().value_or("")) : std::nullopt;
    if (!since) return trouble(daemon.url + " gave an answer that is none of driftkeeper's");

    const bool terminal = isatty(STDERR_FILENO) != 0;
    for (unsigned tick = 0;; ++tick) {
        const HttpAnswer answer = ask(daemon, "GET", path);
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
