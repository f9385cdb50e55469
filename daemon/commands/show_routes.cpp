// `driftkeeper routes show` and `routes test`: who would be told what, from the settings file
// alone.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ranges>

#include "daemon/alert/decide/routes.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/settings/config_file.hpp"
#include "parsers/json/json_writer.hpp"

namespace driftkeeper {
namespace {

std::string lengthOf(Seconds length) {
    struct Unit {
        std::int64_t seconds;
        char letter;
    };
    for (const auto& [seconds, letter] : {Unit{24 * 3600, 'd'}, Unit{3600, 'h'}, Unit{60, 'm'}})
        if (length.count() >= seconds && length.count() % seconds == 0)
            return fmt::format("{}{}", length.count() / seconds, letter);
    return fmt::format("{}s", length.count());
}

template <class Word>
std::vector<std::string> wordsOf(const std::vector<Word>& values) {
    std::vector<std::string> words;
    for (const auto value : values) words.emplace_back(name(value));
    return words;
}

// The conditions as the settings write them.
std::string matchText(const RouteMatch& match) {
    std::vector<std::string> conditions;
    const auto add = [&](std::string_view key, const std::vector<std::string>& words) {
        if (!words.empty())
            conditions.push_back(fmt::format("{}: {}", key, fmt::join(words, ", ")));
    };
    add("repository", match.repository);
    add("stack", match.stack);
    add("provider", match.provider);
    add("side", wordsOf(match.side));
    add("change", wordsOf(match.change));
    add("severity", wordsOf(match.severity));
    add("owner", match.owner);
    add("type", match.type);
    add("kind", match.kind);
    return conditions.empty() ? "everything" : fmt::format("{}", fmt::join(conditions, "; "));
}

Seconds groupWaitOf(const RouteSettings& route, const Settings& settings) {
    return route.groupWait.value_or(settings.checks.groupWait);
}

std::string repeatOf(const RouteSettings& route) {
    return route.repeatEvery ? lengthOf(*route.repeatEvery) : "never";
}

// mon 08:00
std::string digestOf(const RouteSettings& route) {
    if (!route.digest) return "–";
    constexpr std::array days{"sun ", "mon ", "tue ", "wed ", "thu ", "fri ", "sat "};
    const auto minutes = route.digest->at.count() / 60;
    return fmt::format("{}{:02}:{:02}",
                       route.digest->weekday ? days.at(*route.digest->weekday) : "", minutes / 60,
                       minutes % 60);
}

// Without routes every channel gets everything: as if there were this one.
std::vector<RouteSettings> routesOf(const Settings& settings) {
    if (!settings.routes.empty()) return settings.routes;
    RouteSettings all;
    for (const auto& channel : settings.channels) all.channels.push_back(channel.name);
    return {all};
}

// What the options say of the thing to route; the repository is the first part of a stack's full
// name.
RouteSubject subjectOf(const RouteQuestion& question) {
    RouteSubject subject;
    subject.kind = incidentKindFrom(question.kind).value_or(IncidentKind::Drift);
    subject.stack = question.stack;
    subject.repository = question.repository;
    if (subject.repository.empty())
        subject.repository = question.stack.substr(0, question.stack.find('/'));
    subject.provider = question.provider;
    subject.owner = question.owner;
    subject.type = question.type;
    subject.side = sideFrom(question.side);
    subject.change = changeFrom(question.change);
    subject.severity = severityFrom(question.severity);
    return subject;
}

void write(JsonWriter& json, const RouteSettings& route, std::size_t number,
           const Settings& settings) {
    json.key("route").number(std::uint64_t{number});
    json.key("match").text(matchText(route.match));
    json.key("channels").beginArray();
    for (const auto& channel : route.channels) json.text(channel);
    json.endArray();
    json.key("group_wait").text(lengthOf(groupWaitOf(route, settings)));
    json.key("repeat_every").textOrNull(route.repeatEvery ? lengthOf(*route.repeatEvery) : "");
    json.key("resolve").flag(route.notifiesEnd);
    json.key("values").text(route.showValues ? "show" : "hide");
    json.key("digest").textOrNull(route.digest ? digestOf(route) : "");
    json.key("continue").flag(route.continues);
}

std::string shownText(const Settings& settings) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& route : routesOf(settings))
        rows.push_back({std::to_string(rows.size() + 1), matchText(route.match),
                        fmt::format("{}", fmt::join(route.channels, ", ")),
                        lengthOf(groupWaitOf(route, settings)), repeatOf(route),
                        route.notifiesEnd ? "yes" : "no", route.showValues ? "show" : "hide",
                        digestOf(route), route.continues ? "go on" : "stop"});
    return table({"ROUTE", "MATCH", "CHANNELS", "GROUP WAIT", "REPEAT", "RESOLVE", "VALUES",
                  "DIGEST", "THEN"},
                 rows, terminalWidth());
}

// One step of the way through the routes.
struct Tried {
    std::size_t number;
    RouteSettings route;
    std::vector<std::string_view> unmet;
};

std::vector<Tried> wayThrough(const Settings& settings, const RouteSubject& subject) {
    std::vector<Tried> way;
    for (auto& route : routesOf(settings)) {
        auto& tried = way.emplace_back(way.size() + 1, route, unmet(route.match, subject));
        if (tried.unmet.empty() && !route.continues) break;
    }
    return way;
}

std::vector<std::string> channelsOf(const std::vector<Tried>& way) {
    std::vector<std::string> channels;
    for (const auto& tried : way)
        for (const auto& channel : tried.route.channels)
            if (tried.unmet.empty() && std::ranges::find(channels, channel) == channels.end())
                channels.push_back(channel);
    return channels;
}

std::string testedText(const std::vector<Tried>& way, const Settings& settings) {
    std::string text;
    for (const auto& [number, route, unmet] : way) {
        text += fmt::format("route {} ({}): ", number, matchText(route.match));
        if (!unmet.empty()) {
            text += fmt::format("does not match: {}\n", fmt::join(unmet, ", "));
            continue;
        }
        text += fmt::format("matches\n  channels      {}\n  group_wait    {}\n  repeat_every  {}\n",
                            fmt::join(route.channels, ", "), lengthOf(groupWaitOf(route, settings)),
                            repeatOf(route));
        if (!route.notifiesEnd) text += "  resolve       not sent\n";
        if (!route.showValues) text += "  values        hidden\n";
        if (route.digest) text += fmt::format("  digest        {}\n", digestOf(route));
    }
    const auto channels = channelsOf(way);
    return text + (channels.empty() ? "Nobody is notified: it is listed only.\n"
                                    : fmt::format("Sent to: {}\n", fmt::join(channels, ", ")));
}

std::string shownJson(const Settings& settings) {
    JsonWriter json;
    json.beginObject().key("routes").beginArray();
    std::size_t number = 0;
    for (const auto& route : routesOf(settings)) {
        json.beginObject();
        write(json, route, ++number, settings);
        json.endObject();
    }
    json.endArray().endObject();
    return std::move(json).take() + '\n';
}

std::string testedJson(const std::vector<Tried>& way, const Settings& settings) {
    JsonWriter json;
    json.beginObject().key("path").beginArray();
    for (const auto& [number, route, unmet] : way) {
        json.beginObject();
        write(json, route, number, settings);
        json.key("matches").flag(unmet.empty());
        json.key("unmet").beginArray();
        for (const auto key : unmet) json.text(key);
        json.endArray().endObject();
    }
    json.endArray();
    json.key("channels").beginArray();
    for (const auto& channel : channelsOf(way)) json.text(channel);
    json.endArray().endObject();
    return std::move(json).take() + '\n';
}

}  // namespace

int routes(const Options& options) {
    const auto loaded = loadSettings(configFileOf(options.configFile));
    if (!loaded.mistakes.empty()) {
        std::fputs(render(loaded.mistakes).c_str(), stderr);
        return 2;
    }
    const auto& settings = loaded.settings;
    std::string text;
    if (options.command == Command::ShowRoutes) {
        text = options.json ? shownJson(settings) : shownText(settings);
    } else {
        const auto way = wayThrough(settings, subjectOf(options.question));
        text = options.json ? testedJson(way, settings) : testedText(way, settings);
    }
    std::fputs(text.c_str(), stdout);
    return 0;
}

}  // namespace driftkeeper
