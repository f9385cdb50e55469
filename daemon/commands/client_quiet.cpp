// The commands that ask why something is alerted or not, and that keep things quiet.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "daemon/commands/asking.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/settings/scalars.hpp"
#include "parsers/json/json_writer.hpp"
#include "parsers/text/encoding.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

// Who asks, for the others.
std::string asker() {
    for (const char* variable : {"SUDO_USER", "USER"})
        if (const char* name = std::getenv(variable); name != nullptr && *name != '\0') return name;
    return "uid " + std::to_string(getuid());
}

}  // namespace

int explainStack(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const std::string format = options.json ? "json" : "text";
    const Answer answer =
        ask(daemon, "GET",
            "/api/v1/stacks/" + percentEncoded(options.stack) + "/explain?format=" + format +
                "&address=" + percentEncoded(options.address));
    return answer.status == 200 ? print(answer, answer.body, options.json)
                                : refusedFor(daemon, answer, options.stack);
}

int testRule(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const Answer answer =
        ask(daemon, "GET", "/api/v1/ignores/test?rule=" + percentEncoded(options.rule));
    if (answer.status != 200) return refused(daemon, answer);
    static const Listing hits{"", "hits", {"STACK", "ADDRESS"}, {{"stack"}, {"address"}}};
    const Json body = readJson(answer.body).value_or(Json());
    const auto count = [&](const char* key) { return body[key].text; };
    std::string text = "In the last " + count("days") + " days, " + count("checks") +
                       " checks: it would have hidden " + count("addresses") + " addresses, " +
                       count("told") + " of them alerted (" + count("critical") + " critical), " +
                       count("partly") + " only in part.\n";
    if (const Json& broad = body["too_broad"]; broad.isString())
        text += "Too broad: " + printable(broad.text) + "\n";
    return print(answer, text + listTable(hits, answer.body), options.json);
}

int silence(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const auto length = durationFrom(options.length);
    if (!length) return trouble("--for needs a duration such as 30m, 2h or 1d");
    JsonWriter body;
    body.beginObject().key("matcher").beginArray();
    for (const auto& word : options.matcher) body.text(word);
    body.endArray().key("seconds").number(
        static_cast<std::uint64_t>(std::max<Seconds::rep>(length->count(), 0)));
    body.key("reason").text(options.reason).key("by").text(asker()).endObject();
    const Answer answer = ask(daemon, "POST", "/api/v1/silences", std::move(body).take());
    if (answer.status != 201) return refused(daemon, answer);
    const Json said = readJson(answer.body).value_or(Json());
    const Json& made = said["silence"];
    if (said["matches"]["stacks"].count() == 0)
        std::fprintf(stderr, "driftkeeper: nothing matches %s now: check the spelling\n",
                     cell(made["matcher"]).c_str());
    return print(answer,
                 "Silence " + cell(made["id"]) + " until " + cell(made["until"]) + ": " +
                     cell(made["matcher"]) + "\n",
                 options.json);
}

int endSilence(const Options& options) {
    const Daemon daemon = daemonOf(options);
    const Answer answer =
        ask(daemon, "POST", "/api/v1/silences/" + percentEncoded(options.silence) + "/end");
    if (answer.status != 200) return refused(daemon, answer);
    JsonWriter json;
    json.beginObject().key("version").number(std::uint64_t{1}).key("silence").beginObject();
    json.key("id").text(options.silence).key("active").flag(false).endObject().endObject();
    const Answer said{200, {}, std::move(json).take() + "\n", {}};
    return print(said, "Silence " + options.silence + " is over.\n", options.json);
}

}  // namespace driftkeeper
