// Who may ask, and who says that something was pushed: listen, access, hooks.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/settings/sections.hpp"
#include "daemon/settings/url.hpp"

namespace driftkeeper {
namespace {

AccessSettings::Token readToken(Section& section) {
    AccessSettings::Token token;
    section.reading().text(section.require("name", "Name of the client, for the log.", "grafana"),
                           token.name, judgeName, Show::Yes);
    section.secret(
        "token",
        {"At least 16 characters.", "change-me-change-me", "/etc/driftkeeper/grafana-token"},
        token.token, judgeSecret, Need::Required);
    const auto role = section.reading().word(
        section.take("role", "`read`, or `operate`: start checks, silence, retry."),
        {"read", "operate"}, "read");
    token.mayOperate = role == "operate";
    section.close();
    return token;
}

void readTokens(Reading& reading, const Place& place, std::vector<AccessSettings::Token>& tokens) {
    std::map<std::string, std::size_t> names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto token = readToken(section);
        if (!token.name.empty())
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, token.name,
                           names, "this token");
        tokens.push_back(std::move(token));
    }
}

HookSettings readHook(Section& section, const std::vector<std::string_view>& repositories) {
    using enum HookSettings::Forge;
    static const std::vector<std::pair<std::string_view, HookSettings::Forge>> forges{
        {"github", GitHub}, {"gitlab", GitLab}, {"gitea", Gitea}, {"bitbucket", Bitbucket}};
    auto& reading = section.reading();
    HookSettings hook;
    reading.text(
        section.require("name", "Name of the hook: the forge calls POST /hooks/NAME.", "github"),
        hook.name, judgeName, Show::Yes);
    std::vector<std::string_view> words;
    for (const auto& [word, forge] : forges) words.push_back(word);
    if (const auto word = reading.word(section.require("forge", "Who calls.", "github"), words))
        hook.forge =
            forges[static_cast<std::size_t>(std::ranges::find(words, *word) - words.begin())]
                .second;
    section.secret("secret",
                   {"Secret that the forge signs with. At least 16 characters.",
                    "change-me-change-me", "/etc/driftkeeper/github-hook"},
                   hook.secret, judgeSecret, Need::Required);
    for (const auto& item : reading.items(section.take(
             "repositories",
             "Repositories it may trigger. Default: those whose URL the push names.", "[infra]")))
        if (auto name = reading.word(item, repositories))
            hook.repositories.push_back(*std::move(name));
    section.close();
    return hook;
}

}  // namespace

void readAccess(Reading& reading, const Place& place, AccessSettings& access) {
    Section section(reading, place);
    reading.file(section.take("web_config_file",
                              "TLS, users with bcrypt hashes and headers, as Prometheus' "
                              "exporter-toolkit writes them.",
                              "/etc/driftkeeper/web-config.yaml"),
                 access.webConfigFile);
    std::string socket;
    reading.text(
        section.take("socket", "A Unix socket beside the address; root and its group may operate.",
                     "/run/driftkeeper/driftkeeper.sock"),
        socket, judgeSocket, Show::Yes);
    access.socket = socket;
    reading.boolean(section.take("anonymous_read",
                                 "`false`: over TCP reading needs credentials on loopback, too. "
                                 "Default: true.",
                                 "false"),
                    access.anonymousRead);
    reading.texts(section.take("hosts", "Host names, beside the address, that a request may use.",
                               "[drift.example.com]"),
                  access.hosts, judgeHost, Show::Yes);
    const auto operators = section.take(
        "operators", "Users of the web config file that may operate; the others read.", "[alice]");
    reading.texts(operators, access.operators, judgeUser, Show::Yes);
    section.noteRule({"operators", "", {}, {"web_config_file"}});
    if (operators && access.webConfigFile.empty())
        reading.mistake(operators, "missing_key",
                        "operators are users of access.web_config_file, which is not given",
                        Show::No);
    readTokens(reading,
               section.take("tokens",
                            "Tokens for programs, sent as Authorization: "
                            "Bearer."),
               access.tokens);
    section.close();
}

void readHooks(Reading& reading, const Place& place,
               const std::vector<RepositorySettings>& repositories,
               std::vector<HookSettings>& hooks) {
    std::vector<std::string_view> known;
    for (const auto& repository : repositories) known.push_back(repository.name);
    std::map<std::string, std::size_t> names;
    for (const auto& item : reading.items(place)) {
        Section section(reading, item);
        if (!section.place()) continue;
        auto hook = readHook(section, known);
        if (!hook.name.empty())
            refuseRepeated(reading, {item.node->find("name"), item.path + ".name"}, hook.name,
                           names, "this hook");
        hooks.push_back(std::move(hook));
    }
}

void judgeListening(Reading& reading, const Place& listen, const Settings& settings) {
    if (!listen || isLoopback(settings.listenAddress) || !settings.access.webConfigFile.empty())
        return;
    reading.mistake(
        listen, "listen_not_loopback",
        fmt::format(
            "this address is beyond loopback, where TLS and credentials are required: "
            "access.web_config_file "
            "with tls_server_config is missing{}; or put a reverse proxy in front of 127.0.0.1",
            settings.access.tokens.empty()
                ? ", and so are access.tokens or basic_auth_users in that file"
                : ""));
}

}  // namespace driftkeeper
