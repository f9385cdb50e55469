// What is said when the daemon does not answer, or does not say yes: why, and the way out of it.
#include <algorithm>
#include <cstdio>

#include "daemon/commands/asking.hpp"
#include "daemon/model/nearest.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

// The stacks that were perhaps meant.
std::vector<std::string> stacksLike(const Daemon& daemon, const std::string& asked) {
    const Answer answer = ask(daemon, "GET", "/api/v1/stacks");
    if (answer.status != 200) return {};
    std::vector<std::string> names;
    const Json body = readJson(answer.body).value_or(Json());
    for (const Json& stack : body["stacks"].elements()) names.emplace_back(stack["stack"].string());
    std::vector<std::string> like;
    // A name without its repository, or the end of one.
    for (const auto& name : names)
        if (name.ends_with("/" + asked) && like.size() < 3) like.push_back(name);
    if (!like.empty()) return like;
    const std::vector<std::string_view> views(names.begin(), names.end());
    if (auto guess = nearest(asked, views); !guess.empty()) like.push_back(std::move(guess));
    return like;
}

int noSuchStack(const Daemon& daemon, const std::string& asked) {
    const auto like = stacksLike(daemon, asked);
    std::vector<std::string> fixes;
    for (const auto& name : like) fixes.push_back("did you mean " + name + "?");
    fixes.emplace_back("all of them: driftkeeper stacks");
    return trouble("there is no stack \"" + asked + "\"", fixes);
}

}  // namespace

int trouble(const std::string& text, const std::vector<std::string>& fixes) {
    std::fprintf(stderr, "driftkeeper: %s\n", printable(text).c_str());
    for (const auto& fix : fixes) std::fprintf(stderr, "  → %s\n", printable(fix).c_str());
    return 2;
}

int strange(const Daemon& daemon) {
    return trouble(daemon.url + " answers, but not as driftkeeper does",
                   {"something else listens there: set the daemon's address with --url, or "
                    "its settings with --config"});
}

int refused(const Daemon& daemon, const Answer& answer) {
    if (answer.status == 0)
        return trouble(
            "no answer from " + daemon.url + ": " + answer.error,
            {"is the daemon running? systemctl status driftkeeper, or start it: driftkeeper serve",
             "does it listen on another address? use --url ADDRESS, or --config with its "
             "settings"});
    const Json body = readJson(answer.body).value_or(Json());
    const Json& text = body["error"]["text"];
    if (answer.status == 401 && daemon.token.empty() && !daemon.tokenTrouble.empty())
        return trouble(daemon.tokenTrouble, {daemon.tokenFix});
    if (answer.status == 401)
        return trouble("the daemon refuses the token",
                       {"the token belongs to another daemon: use the settings of the one at " +
                        daemon.url + " with --config"});
    if (text.isString()) return trouble(text.text);
    return strange(daemon);
}

int refusedFor(const Daemon& daemon, const Answer& answer, const std::string& stack) {
    const Json body = readJson(answer.body).value_or(Json());
    return body["error"]["code"].string() == "no_such_stack" ? noSuchStack(daemon, stack)
                                                             : refused(daemon, answer);
}

}  // namespace driftkeeper
