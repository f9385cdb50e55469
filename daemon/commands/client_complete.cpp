// `driftkeeper complete`: what shells ask while somebody types. Silent and quick: it must never be
// in the way.
#include <algorithm>
#include <cstdio>

#include "daemon/cli/completion.hpp"
#include "daemon/commands/asking.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/settings/config_file.hpp"
#include "parsers/text/printable.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::milliseconds completionPatience{1'000};

struct Source {
    const char* kind;    // in the grammar
    const char* plural;  // as `driftkeeper complete` is asked for it
    const char* path;    // of the API
    const char* list;
    const char* member;
};

constexpr Source sources[] = {{"STACK", "stacks", "/api/v1/stacks", "stacks", "stack"},
                              {"DELIVERY", "deliveries", "/api/v1/outbox", "deliveries", "id"},
                              {"SILENCE", "silences", "/api/v1/silences", "silences", "id"},
                              {"RULE", "rules", "/api/v1/ignores", "ignores", "name"}};

std::vector<std::string> channelNames(const Options& options) {
    std::vector<std::string> names;
    for (const auto& channel : loadSettings(configFileOf(options.configFile)).settings.channels)
        names.push_back(channel.name);
    return names;
}

std::vector<std::string> namesOf(const Options& options, const std::string& kind) {
    if (kind == "CHANNEL") return channelNames(options);
    std::vector<std::string> names;
    const auto* const source = std::ranges::find(sources, kind, &Source::kind);
    if (source == std::end(sources)) return names;
    Daemon daemon = daemonOf(options);
    daemon.patience = completionPatience;
    const Answer answer = ask(daemon, "GET", source->path);
    if (answer.status != 200) return names;
    const Json body = readJson(answer.body).value_or(Json());
    for (const Json& element : body[source->list].elements())
        if (const Json& name = element[source->member]; name.isString()) names.push_back(name.text);
    return names;
}

// --config and --url count while the line is typed, too.
Options typedOptions(const std::vector<std::string>& words) {
    Options options;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::size_t value = words[i + 1] == "=" ? i + 2 : i + 1;
        if (value + 1 >= words.size()) break;
        if (words[i] == "--config") options.configFile = words[value];
        if (words[i] == "--url") options.url = words[value];
    }
    return options;
}

void printLines(const std::vector<std::string>& lines) {
    for (const auto& line : lines)
        if (printable(line) == line) std::puts(line.c_str());
}

// Of a plural, as scripts write it; empty: there is none.
std::string kindNamed(const std::string& plural) {
    if (plural == "channels") return "CHANNEL";
    const auto* const source =
        std::ranges::find(sources, plural, [](const Source& s) { return std::string(s.plural); });
    return source == std::end(sources) ? "" : source->kind;
}

}  // namespace

int complete(const Options& options) {
    std::vector<std::string> words = options.words;
    if (words.empty()) return 0;
    if (words.front() != "--") {  // a kind, for scripts
        const std::string kind = kindNamed(words.front());
        words.emplace_back();
        printLines(namesOf(typedOptions(words), kind));
        return 0;
    }
    words.erase(words.begin());
    const Completion completion = completionOf(words);
    printLines(completion.words);
    if (completion.kind == "FILE" || completion.kind == "DIR") {
        std::printf(":%s\n", completion.kind.c_str());
        return 0;
    }
    auto names = namesOf(typedOptions(words), completion.kind);
    std::erase_if(names,
                  [&](const std::string& name) { return !name.starts_with(completion.prefix); });
    printLines(names);
    return 0;
}

}  // namespace driftkeeper
