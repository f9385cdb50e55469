#include "daemon/settings/settings_file.hpp"

#include <algorithm>
#include <thread>

#include "daemon/base/files.hpp"
#include "daemon/settings/include.hpp"
#include "daemon/settings/sections.hpp"
#include "daemon/settings/text_patterns.hpp"
#include "daemon/settings/url.hpp"
#include "daemon/settings/web_config_file.hpp"

namespace driftkeeper {
namespace {

LoadedSettings refused(const std::string& fileName, std::string code, std::string message) {
    return {{}, {{fileName, {}, "", std::move(code), std::move(message), "", 0}}};
}

LoadedSettings tooLarge(const std::string& fileName) {
    return refused(fileName, "settings/too_large", "the file is larger than 1 MiB");
}

// systemd gives several folders separated by ':' when a unit has several.
std::filesystem::path defaultStateDirectory(const VariableLookup& variables) {
    const auto value = [&](std::string_view name) { return variables(name).value_or(""); };
    if (const auto given = value("STATE_DIRECTORY"); !given.empty())
        return given.substr(0, given.find(':'));
    if (const auto given = value("XDG_STATE_HOME"); given.starts_with('/'))
        return std::filesystem::path(given) / "driftkeeper";
    if (const auto home = value("HOME"); !home.empty())
        return std::filesystem::path(home) / ".local/state/driftkeeper";
    return {};
}

void readListen(Reading& reading, const Place& place, Settings& settings) {
    ListenAddress address{settings.listenAddress, settings.listenPort};
    if (const auto* text = reading.scalar(place, "an address as 127.0.0.1:9743", listenPattern))
        if (const auto bad = judgeListen(*text, address))
            reading.mistake(place, bad->code, bad->message);
    settings.listenAddress = address.host;
    settings.listenPort = address.port;
    const bool isV6 = address.host.find(':') != std::string::npos;
    reading.note(place, (isV6 ? "[" + address.host + "]" : address.host) + ":" +
                            std::to_string(address.port));
}

void readStateDirectory(Reading& reading, const Place& place, const Place& root,
                        Settings& settings) {
    settings.stateDirectory = defaultStateDirectory(reading.variables());
    reading.file(place, settings.stateDirectory, Holds::Public);  // hidden as a whole
    if (!settings.stateDirectory.empty()) return;
    reading.mistake(
        root, "no_state_directory",
        "state_directory is missing, and neither STATE_DIRECTORY, XDG_STATE_HOME nor HOME is set",
        Show::No);
}

// Who calls has followed `include`; the reading only looks at what it says.
void readInclude(Reading& reading, const Place& place) {
    std::vector<std::string> patterns;
    reading.texts(place, patterns, judgeFileName, Show::Yes);
}

void readCheckouts(Reading& reading, const Place& place, std::uint64_t& disk) {
    constexpr std::uint64_t least = 1U << 20U;
    Section section(reading, place);
    reading.bytes(
        section.take("disk",
                     "How much all checkouts and copies may use, with what running checks "
                     "write over them; a stack that does not fit is inconclusive."),
        disk, least);
    section.close();
}

Settings readSettings(Reading& reading, const Place& root) {
    Settings settings;
    settings.checks.parallel = std::max(1U, std::thread::hardware_concurrency());
    Section section(reading, root);
    readInclude(reading,
                section.take("include",
                             "More settings files, relative to this file's folder: lists are "
                             "appended, mappings are merged, and no value may be set twice.",
                             "[conf.d/*.yaml]"));
    readStateDirectory(
        reading,
        section.take("state_directory",
                     "Directory of the database and the API token. Default: $STATE_DIRECTORY "
                     "(set by systemd), else $XDG_STATE_HOME/driftkeeper, else "
                     "~/.local/state/driftkeeper.",
                     "/var/lib/driftkeeper"),
        root, settings);
    const auto listen = section.take("listen",
                                     "Address of metrics, API and web page. Beyond loopback, "
                                     "TLS and credentials are required: see `access`.");
    readListen(reading, listen, settings);
    reading.text(section.take("external_url",
                              "URL of the page for links in messages. Default: the address above.",
                              "https://driftkeeper.example.org/"),
                 settings.externalUrl, judgeHttpUrl, Show::Yes);
    reading.text(section.take("time_zone", "Time zone of displayed times, mutes and digests."),
                 settings.timeZone, judgeTimeZone, Show::Yes);
    readChecks(reading, section.take("checks", "How stacks are checked."), settings.checks);
    readProviders(reading, section.take("providers", providersHelp()), settings.providers);
    readRepositories(reading, section.take("repositories", "Git repositories to watch."),
                     settings.repositories);
    readCheckouts(reading, section.take("checkouts", "The repositories' files on this host."),
                  settings.checkoutDisk);
    readChannels(reading,
                 section.take("channels",
                              "Where to send alerts. `driftkeeper channels test NAME` sends "
                              "a test message and shows the receiver's answer."),
                 settings.channels);
    readRoutes(reading,
               section.take(
                   "routes",
                   "Which channels get which alerts. The first match wins unless `continue: true`. "
                   "Without routes, every channel gets everything."),
               settings.channels, settings.routes);
    readIgnores(
        reading,
        section.take("ignores",
                     "Drifts to suppress; `driftkeeper ignores` lists every rule. The first match "
                     "decides: built-in rules first, then these, then those of the repositories."),
        "settings", settings.ignores, &settings.builtinRulesOff);
    readSeverities(
        reading,
        section.take("severity",
                     "Severity of drifts. The first match decides, then the built-in rules; "
                     "`driftkeeper explain` shows which one."),
        settings.severities);
    readMutes(reading,
              section.take(
                  "mutes",
                  "Recurring windows without new alerts; what is still true at the end is alerted "
                  "then. For a single window use `driftkeeper silence`."),
              settings.mutes);
    readHeartbeat(reading,
                  section.take("heartbeat", "Regular ping to a dead man's switch elsewhere."),
                  settings.heartbeat);
    readAccess(reading,
               section.take("access",
                            "Who has access, beside the token of the state "
                            "directory."),
               settings.access);
    readHooks(reading,
              section.take("hooks", "Push webhooks of forges, received at POST /hooks/NAME."),
              settings.repositories, settings.hooks);
    readSandbox(reading,
                section.take("sandbox",
                             "How tools are confined. `strict`: a room of their own; `landlock`: "
                             "the host's files, less what is hidden; `off`. Default: the first "
                             "that the kernel gives."),
                settings.sandbox);
    judgeListening(reading, listen, settings);
    section.close();
    return settings;
}

// What no tool must see: all that was read as secret, and what the web config file names.
void collectSecrets(const Reading& reading, Settings& settings) {
    for (const auto& file : reading.secretFiles())
        settings.secretFiles.push_back(std::filesystem::absolute(file));
    if (!settings.access.socket.empty()) settings.secretFiles.push_back(settings.access.socket);
    if (settings.access.webConfigFile.empty()) return;
    const auto loaded = loadWebConfig(settings);
    if (loaded.config.tls && !loaded.config.tls->keyFile.empty())
        settings.secretFiles.push_back(loaded.config.tls->keyFile);
}

LoadedSettings readWhole(Reading& reading, const IncludedDocument& document, SettingNode* noted) {
    auto settings =
        document.isUnread ? Settings{} : readSettings(reading, reading.root(document.root, noted));
    collectSecrets(reading, settings);
    auto mistakes = reading.takeMistakes();
    // Who is named may be in the part that could not be read.
    if (document.isPartial)
        std::erase_if(mistakes, [](const SettingsMistake& mistake) {
            return mistake.code == "settings/unknown_channel" ||
                   mistake.code == "settings/no_reader";
        });
    return {std::move(settings), std::move(mistakes)};
}

}  // namespace

LoadedSettings parseSettings(std::string_view text, const std::string& fileName,
                             const VariableLookup& variables) {
    if (text.size() > mostSettingsBytes) return tooLarge(fileName);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Reading reading(fileName, text, variables);
    return readWhole(reading, parseFirst(reading, text), nullptr);
}

LoadedSettings loadSettings(const std::filesystem::path& path, const VariableLookup& variables,
                            SettingNode* noted) {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(path, error);
        !error && size > mostSettingsBytes)
        return tooLarge(path.string());
    const auto file = readFile(path, mostSettingsBytes);
    if (!file) return refused(path.string(), "settings/unreadable", file.error().message);
    std::string_view text = *file;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Reading reading(path.string(), text, variables);
    auto document = parseFirst(reading, text);
    std::list<std::string> texts;
    followIncludes(reading, path.parent_path(), path, document, texts);
    return readWhole(reading, document, noted);
}

const SettingNode& settingsDescription() {
    const auto describe = [] {
        SettingNode root;
        auto reading = Reading::describing();
        readSettings(reading, reading.root({}, &root));
        return root;
    };
    static const SettingNode described = describe();
    return described;
}

}  // namespace driftkeeper
