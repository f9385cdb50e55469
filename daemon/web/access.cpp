#include "daemon/web/access.hpp"

#include <utility>

#include "daemon/base/log.hpp"
#include "daemon/settings/url.hpp"
#include "daemon/settings/web_config_file.hpp"
#include "daemon/web/tls.hpp"
#include "parsers/text/url_parts.hpp"

namespace driftkeeper {
namespace {

constexpr std::chrono::seconds lookEvery{1};

// What changes when a file is written, replaced or linked elsewhere.
std::vector<std::filesystem::file_time_type> stampsOf(
    const std::vector<std::filesystem::path>& files) {
    std::vector<std::filesystem::file_time_type> stamps;
    for (const auto& file : files) {
        std::error_code missing;
        stamps.push_back(std::filesystem::last_write_time(file, missing));
    }
    return stamps;
}

std::vector<std::filesystem::path> filesOf(const Settings& settings, const WebConfig& config) {
    std::vector<std::filesystem::path> files;
    if (!settings.access.webConfigFile.empty()) files.push_back(settings.access.webConfigFile);
    if (!config.tls) return files;
    for (const auto& file : {config.tls->certFile, config.tls->keyFile, config.tls->clientCaFile})
        if (!file.empty()) files.push_back(file);
    return files;
}

// The host of https://drift.example.com/x, with its port.
std::string hostOf(const std::string& url) {
    const auto parts = urlParts(url);
    return parts ? std::string(parts->authority) : std::string();
}

SettingsMistake unusable(const Settings& settings, const Error& error) {
    return {settings.access.webConfigFile.string(),
            {},
            "tls_server_config",
            "settings/" + error.code,
            error.message,
            "",
            0};
}

// The rules with everything read now, or what is wrong.
std::shared_ptr<const AccessRules> made(const Settings& settings, const std::string& token,
                                        const std::string& listenAddress,
                                        std::vector<std::filesystem::path>& files,
                                        std::vector<SettingsMistake>& mistakes) {
    auto loaded = loadWebConfig(settings);
    files = filesOf(settings, loaded.config);
    mistakes = std::move(loaded.mistakes);
    if (!mistakes.empty()) return nullptr;
    AccessRules rules;
    rules.isOpen = settings.access.anonymousRead && isLoopback(listenAddress);
    rules.ownToken = token;
    rules.tokens = settings.access.tokens;
    rules.operators = settings.access.operators;
    rules.hosts = settings.access.hosts;
    if (auto host = hostOf(settings.externalUrl); !host.empty())
        rules.hosts.push_back(std::move(host));
    rules.config = std::move(loaded.config);
    if (rules.config.tls) {
        auto tls = makeTls(*rules.config.tls);
        if (!tls) {
            mistakes.push_back(unusable(settings, tls.error()));
            return nullptr;
        }
        rules.tls = *std::move(tls);
    }
    return std::make_shared<const AccessRules>(std::move(rules));
}

}  // namespace

Access::Access(const CurrentSettings& settings, std::string token)
    : settings_(settings),
      token_(std::move(token)),
      listenAddress_(settings.get()->listenAddress) {}

std::vector<SettingsMistake> Access::mistakes(const Settings& settings) {
    std::vector<std::filesystem::path> files;
    std::vector<SettingsMistake> mistakes;
    (void)made(settings, "", settings.listenAddress, files, mistakes);
    return mistakes;
}

std::shared_ptr<const AccessRules> Access::rules() {
    return kept_.with([this](Kept& kept) {
        const auto now = std::chrono::steady_clock::now();
        const bool isFresh =
            kept.rules && kept.settings == settings_.get() && now - kept.looked < lookEvery;
        if (!isFresh) renew(kept);
        kept.looked = isFresh ? kept.looked : now;
        return kept.rules;
    });
}

// Nobody is let in by rules that were never good.
void Access::renew(Kept& kept) const {
    const auto settings = settings_.get();
    if (kept.rules && kept.settings == settings && stampsOf(kept.files) == kept.stamps) return;
    Settings here = *settings;
    here.listenAddress = listenAddress_;
    std::vector<SettingsMistake> mistakes;
    auto rules = made(here, token_, listenAddress_, kept.files, mistakes);
    const bool isFirst = kept.settings == nullptr;
    kept.settings = settings;
    kept.stamps = stampsOf(kept.files);
    if (rules) {
        if (!isFirst)
            log::info("the access rules were read again",
                      {{"file", settings->access.webConfigFile.string()}});
        if (rules->config.http2Wanted) log::info("http2 is off: this server speaks HTTP/1.1");
        kept.rules = std::move(rules);
        return;
    }
    log::error(
        "the web config file cannot be used: what was in force stays",
        {{"file", settings->access.webConfigFile.string()}, {"reason", mistakes.front().message}});
    if (kept.rules) return;
    AccessRules closed;
    closed.isOpen = false;
    kept.rules = std::make_shared<const AccessRules>(std::move(closed));
}

}  // namespace driftkeeper
