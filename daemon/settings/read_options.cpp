#include <cassert>
#include <utility>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "daemon/settings/url.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

constexpr long mostNumber = 1'000'000;

}  // namespace

void readInnerPaths(Reading& reading, const Place& place, const std::string& folder,
                    std::vector<std::string>& values) {
    reading.texts(place, values, judgeFileName, Show::Yes);
    for (const auto& item : reading.items(place)) {
        if (item.noted != nullptr) item.noted->pattern = inStackPattern;
        const auto& path = item.node->scalar;
        if (!path.empty() && !judgeFileName(path)) judgeInStack(reading, item, folder, path);
    }
}

namespace {

std::vector<std::string> one(std::string text) {
    return text.empty() ? std::vector<std::string>() : std::vector{std::move(text)};
}

std::vector<std::string> textOf(Reading& reading, const Place& place, TextJudge judge) {
    std::string text;
    reading.text(place, text, judge, Show::Yes);
    return one(std::move(text));
}

std::vector<std::string> textsOf(Reading& reading, const Place& place, TextJudge judge) {
    std::vector<std::string> values;
    reading.texts(place, values, judge, Show::Yes);
    return values;
}

std::vector<std::string> fileOf(Reading& reading, const Place& place, Holds holds) {
    std::filesystem::path file;
    reading.file(place, file, holds);
    return one(file.string());
}

std::vector<std::string> innerPathsOf(Reading& reading, const Place& place,
                                      const std::string& folder) {
    std::vector<std::string> values;
    readInnerPaths(reading, place, folder, values);
    return values;
}

std::vector<std::string> workspaceOf(Reading& reading, const Place& place,
                                     std::string_view fallback) {
    std::string text(fallback);
    reading.text(place, text, judgeWorkspace, Show::Yes);
    return one(std::move(text));
}

// A list of programs, or VERSION: PROGRAM.
std::vector<std::string> programsOf(Reading& reading, const Place& place) {
    std::vector<std::string> programs;
    const auto add = [&](const Place& given, const std::string& version) {
        std::string program;
        reading.text(given, program, judgeProgram, Show::Yes);
        if (!program.empty()) programs.push_back(version + "=" + program);
    };
    const auto [list, mapping] = reading.forms<2>(
        place, [](const YamlNode& node) { return node.kind == YamlNode::Kind::Mapping ? 1U : 0U; });
    if (list)
        for (const auto& item : reading.items(list)) add(item, "");
    if (mapping)
        for (const auto& [version, given] : reading.names(mapping, "")) {
            add(given, version.node->scalar);
            if (given.noted != nullptr) given.noted->help = "The program of this version.";
        }
    return programs;
}

// KEY=VALUE, or the name of a file. The value may be a secret.
std::vector<std::string> keyValuesOf(Reading& reading, const Place& place,
                                     const std::string& folder) {
    std::vector<std::string> values;
    reading.texts(place, values, judgeText, Show::Key);
    for (const auto& item : reading.items(place)) {
        if (item.noted != nullptr) item.noted->pattern = backendPattern;
        const auto& entry = item.node->scalar;
        if (entry.empty() || judgeText(entry)) continue;
        const auto sign = entry.find('=');
        if (sign == std::string::npos) {
            judgeInStack(reading, item, folder, entry);
        } else if (sign == 0 || entry.find_first_of(" \t/") < sign) {
            reading.mistake(item, "bad_backend_config",
                            "write it as KEY=VALUE or as the name of a file", Show::No);
        }
    }
    return values;
}

std::vector<std::string> wordOf(Reading& reading, const Place& place, const OptionSpec& spec) {
    const auto known = splitAtBlanks(spec.words);
    return one(reading.word(place, {known.begin(), known.end()}, spec.fallback).value_or(""));
}

std::vector<std::string> flagOf(Reading& reading, const Place& place, std::string_view fallback) {
    auto flag = fallback.empty() ? std::optional<bool>() : std::optional(fallback == "true");
    reading.boolean(place, flag);
    return {flag.value_or(false) ? "true" : "false"};
}

std::vector<std::string> numberOf(Reading& reading, const Place& place) {
    std::optional<long> number;
    reading.integer(place, number, 0, mostNumber);
    return {std::to_string(number.value_or(0))};
}

std::vector<std::string> durationOf(Reading& reading, const Place& place,
                                    std::string_view fallback) {
    std::optional<Seconds> time;
    if (!fallback.empty()) time = Seconds(std::stol(std::string(fallback)));
    reading.duration(place, time, Seconds(1));
    return {std::to_string(time.value_or(Seconds(0)).count())};
}

std::vector<std::string> addressesOf(Reading& reading, const Place& place) {
    auto values = textsOf(reading, place, judgeMailAddress);
    reading.needsItem(place, "a message goes to at least one address");
    return values;
}

// Arguments may be anything, also secrets.
std::vector<std::string> commandOf(Reading& reading, const Place& place) {
    auto values = textsOf(reading, place, judgeWords);
    reading.needsItem(place, "the list begins with the program");
    if (place.noted == nullptr || reading.isDescribing()) return values;
    for (std::size_t at = 1; at < values.size(); ++at) place.noted->item(at).value = "<hidden>";
    return values;
}

std::vector<std::string> variablesOf(Reading& reading, const Place& place) {
    Environment environment;
    reading.environment(place, environment);
    std::vector<std::string> values;
    for (const auto& [name, value] : environment) values.push_back(name + "=" + value);
    return values;
}

// The values as OptionValues keep them; none after a mistake.
std::vector<std::string> valuesOf(Reading& reading, const Place& place, const OptionSpec& spec,
                                  const std::string& folder) {
    using enum OptionSpec::Kind;
    switch (spec.kind) {
        case Text:
            return textOf(reading, place, judgeText);
        case Texts:
            return textsOf(reading, place, judgeText);
        case Words:
            return textOf(reading, place, judgeWords);
        case InnerPath:
        case InnerPaths:
            return innerPathsOf(reading, place, folder);
        case File:
        case SecretFile:
            return fileOf(reading, place,
                          spec.key.ends_with("ca_file") ? Holds::Public : Holds::Secret);
        case CacheFolder:
            return fileOf(reading, place, Holds::Public);
        case Program:
            return textOf(reading, place, judgeProgram);
        case Programs:
            return programsOf(reading, place);
        case WorkspaceName:
            return workspaceOf(reading, place, spec.fallback);
        case KeyValues:
            return keyValuesOf(reading, place, folder);
        case Word:
            return wordOf(reading, place, spec);
        case Flag:
            return flagOf(reading, place, spec.fallback);
        case Number:
            return numberOf(reading, place);
        case Duration:
            return durationOf(reading, place, spec.fallback);
        case MailAddress:
            return textOf(reading, place, judgeMailAddress);
        case MailAddresses:
            return addressesOf(reading, place);
        case Command:
            return commandOf(reading, place);
        case Variables:
            return variablesOf(reading, place);
        case Secret:
        case SecretUrl:
        case SecretMailServer:
            break;
    }
    assert(false && "a secret is read as one");
    return {};
}

}  // namespace

const std::vector<std::string_view>& providerWords() {
    const auto collectWords = [] {
        std::vector<std::string_view> names;
        for (const auto* kind : providerKinds()) names.push_back(kind->name);
        return names;
    };
    static const auto words = collectWords();
    return words;
}

void readOption(Section& section, const OptionSpec& spec, const std::string& folder,
                OptionValues& options) {
    const auto place = spec.needed ? section.require(spec.key, spec.help, spec.example)
                                   : section.take(spec.key, spec.help, spec.example);
    const bool hasDefault = !spec.fallback.empty() && spec.kind != OptionSpec::Kind::CacheFolder;
    if (!place && !hasDefault) return;
    auto values = valuesOf(section.reading(), place, spec, folder);
    if (place) options[std::string(spec.key)] = std::move(values);
}

void judgeInStack(Reading& reading, const Place& item, const std::string& folder,
                  const std::string& path) {
    if (const auto bad =
            judgeInnerPath(path[0] == '-' || path[0] == '/' ? path : folder + "/" + path))
        reading.mistake(item, bad->code, bad->message, Show::No);
}

}  // namespace driftkeeper
