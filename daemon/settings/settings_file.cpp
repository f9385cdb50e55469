#include "daemon/settings/settings_file.hpp"

#include <algorithm>
#include <thread>

#include "daemon/base/files.hpp"
#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

constexpr std::size_t mostBytes = std::size_t{1} << 20;

LoadedSettings refused(const std::string& fileName, std::string code, std::string message) {
    return {{}, {{fileName, {}, "", std::move(code), std::move(message), "", 0}}};
}

LoadedSettings tooLarge(const std::string& fileName) {
    return refused(fileName, "settings/too_large", "the file is larger than 1 MiB");
}

// systemd gives several folders separated by ':' when a unit has several.
std::filesystem::path defaultStateDirectory(const VariableLookup& variables) {
    const auto value = [&](std::string_view name) { return variables(name).value_or(""); };
    if (const auto given = value("STATE_DIRECTORY"); !given.empty()) return given.substr(0, given.find(':'));
    if (const auto given = value("XDG_STATE_HOME"); given.starts_with('/'))
        return std::filesystem::path(given) / "driftkeeper";
    if (const auto home = value("HOME"); !home.empty()) return std::filesystem::path(home) / ".local/state/driftkeeper";
    return {};
}

void readListen(Reading& reading, const Place& place, Settings& settings) {
    if (!place || !reading.isScalar(place, "an address as 127.0.0.1:9743")) return;
    ListenAddress address{settings.listenAddress, settings.listenPort};
    if (const auto bad = judgeListen(place.node->scalar, address)) reading.mistake(place, bad->code, bad->message);
    settings.listenAddress = address.host;
    settings.listenPort = address.port;
}

void readStateDirectory(Reading& reading, const Place& place, const YamlNode& root, Settings& settings) {
    settings.stateDirectory = defaultStateDirectory(reading.variables());
    reading.file(place, settings.stateDirectory);
    if (!settings.stateDirectory.empty()) return;
    reading.mistake({&root, ""}, "no_state_directory",
                    "state_directory is missing, and neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME is set",
                    Show::No);
}

Settings readSettings(Reading& reading, const YamlNode& root) {
    Settings settings;
    settings.checks.parallel = std::max(1U, std::thread::hardware_concurrency());
    Section section(reading, {&root, ""});
    readStateDirectory(reading, section.take("state_directory"), root, settings);
    readListen(reading, section.take("listen"), settings);
    reading.text(section.take("external_url"), settings.externalUrl, judgeHttpUrl, Show::Yes);
    reading.text(section.take("time_zone"), settings.timeZone, judgeTimeZone, Show::Yes);
    readChecks(reading, section.take("checks"), settings.checks);
    readProviders(reading, section.take("providers"), settings.providers);
    readRepositories(reading, section.take("repositories"), settings.repositories);
    readChannels(reading, section.take("channels"), settings.channels);
    readRoutes(reading, section.take("routes"), settings.channels, settings.routes);
    readIgnores(reading, section.take("ignores"), "settings", settings.ignores, &settings.builtinRulesOff);
    readSeverities(reading, section.take("severity"), settings.severities);
    readMutes(reading, section.take("mutes"), settings.mutes);
    readHeartbeat(reading, section.take("heartbeat"), settings.heartbeat);
    section.close();
    return settings;
}

}  // namespace

LoadedSettings parseSettings(std::string_view text, const std::string& fileName, const VariableLookup& variables) {
    if (text.size() > mostBytes) return tooLarge(fileName);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Reading reading(fileName, text, variables);
    const auto document = parseYaml(text);
    for (const auto& mistake : document.mistakes) {
        const bool key = mistake.code == "repeated_key";
        reading.mistake(mistake.position, mistake.code, mistake.message, key ? 1 : 0);
    }
    const bool unread = document.root.kind == YamlNode::Kind::Null && !document.mistakes.empty();
    auto settings = unread ? Settings{} : readSettings(reading, document.root);
    return {std::move(settings), reading.takeMistakes()};
}

LoadedSettings loadSettings(const std::filesystem::path& path, const VariableLookup& variables) {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(path, error); !error && size > mostBytes)
        return tooLarge(path.string());
    const auto text = readFile(path, mostBytes);
    if (text) return parseSettings(*text, path.string(), variables);
    return refused(path.string(), "settings/unreadable", text.error().message);
}

}  // namespace driftkeeper
