#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/channel_settings.hpp"
#include "daemon/model/ignore_rule.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/model/route_match.hpp"
#include "daemon/model/secret_source.hpp"
#include "daemon/model/severity_rule.hpp"
#include "daemon/model/time.hpp"
#include "parsers/source/source_file.hpp"

namespace driftkeeper {

// What one check may use of the host.
struct LimitSettings {
    std::uint64_t memory = std::uint64_t{8} << 30U;  // bytes
    std::uint64_t processes = 2048;                  // and threads
    std::uint64_t disk = std::uint64_t{10} << 30U;   // bytes
    std::uint64_t output = std::uint64_t{256} << 20U;
    bool operator==(const LimitSettings&) const = default;
};

struct CheckSettings {
    Seconds every{30 * 60};
    Seconds timeout{30 * 60};
    unsigned parallel = 2;
    int confirm = 2;
    Seconds confirmAfter{30};
    Seconds unappliedGrace{60 * 60};
    Seconds groupWait{60};  // how long an opened drift waits for others of the same cause
    std::optional<Seconds> staleAfter;  // default: 3 × every of the stack
    LimitSettings limits{};
    bool operator==(const CheckSettings&) const = default;
};

// What a room reaches: of this host, beside what the settings name elsewhere, and of others.
struct NetworkSettings {
    bool metadata = false;           // link-local addresses and credentials of clouds
    std::vector<std::string> allow;  // ADDRESS or NAME, [:PORT]; names close what is not named
    bool operator==(const NetworkSettings&) const = default;
};

// How tools are confined (providers/process/sandbox.hpp).
struct SandboxSettings {
    enum class Mode { Strongest, Strict, Landlock, Off };
    Mode mode = Mode::Strongest;  // that the kernel gives
    // What rooms show beside the system; unset: the folders at the top that are not the system's.
    std::optional<std::vector<std::filesystem::path>> readable;
    NetworkSettings network;  // of every room
    bool operator==(const SandboxSettings&) const = default;
};

struct ProviderSettings {
    ProviderOptions options;  // its own keys, for all its stacks
    std::map<std::string, std::string> environment;
    NetworkSettings network;
    bool operator==(const ProviderSettings&) const = default;
};

struct GitCredentials {
    std::string username;
    SecretSource password;
    std::filesystem::path sshKeyFile;
    std::filesystem::path knownHostsFile;
    std::filesystem::path sshConfigFile;
    bool operator==(const GitCredentials&) const = default;
};

// What the settings say of one stack. Unset members leave what discovery, the repository or
// the defaults say.
struct StackSettings {
    std::string path;
    std::optional<std::string> name;
    std::optional<std::string> provider;
    std::map<std::string, std::string> environment;
    std::filesystem::path environmentFile;
    NetworkSettings network;
    std::optional<Seconds> every;
    std::optional<Seconds> timeout;
    std::string owner;
    bool enabled = true;
    std::string renamedFrom;
    ProviderOptions options;  // the provider's own keys
    bool operator==(const StackSettings&) const = default;
};

struct DiscoverySettings {
    bool enabled = true;
    std::vector<std::string> include = {"**"};
    std::vector<std::string> exclude;
    bool operator==(const DiscoverySettings&) const = default;
};

struct RepositorySettings {
    std::string name;
    std::string url;  // may hold a user name, never a password (refused)
    std::string ref;  // empty: the remote's HEAD
    Seconds poll{60};
    GitCredentials credentials;
    std::filesystem::path tlsCaFile;
    DiscoverySettings discover;
    bool allowIgnores = true;  // whether its own ignore rules count
    bool submodules = true;    // whether they are fetched
    NetworkSettings network;   // of its stacks
    std::string checkoutPath;  // where tools see the tree; empty: /src/NAME
    std::vector<StackSettings> stacks;
    bool operator==(const RepositorySettings&) const = default;
};

// When a summary goes out, by the clock on the wall.
struct DigestSettings {
    std::optional<unsigned> weekday;  // 0 = Sunday … 6; unset: every day
    Seconds at{8 * 60 * 60};          // since midnight
    bool operator==(const DigestSettings&) const = default;
};

struct RouteSettings {
    RouteMatch match;
    std::vector<std::string> channels;
    bool continues = false;
    std::optional<Seconds> groupWait;    // default: that of the checks
    std::optional<Seconds> repeatEvery;  // a reminder while an incident stays open; unset: none
    bool notifiesEnd = true;             // `resolve`
    bool showValues = true;              // `values: show|hide`
    std::optional<DigestSettings> digest;
    bool operator==(const RouteSettings&) const = default;
};

// Who is let in beside the token of the state directory.
struct AccessSettings {
    struct Token {
        std::string name;
        SecretSource token;
        bool mayOperate = false;  // `role: read|operate`
        bool operator==(const Token&) const = default;
    };
    // TLS, users with bcrypt hashes, headers: exporter-toolkit's format.
    std::filesystem::path webConfigFile;
    std::filesystem::path socket;    // a Unix socket beside the address: root and its group operate
    bool anonymousRead = true;       // on loopback who reads shows no credentials
    std::vector<std::string> hosts;  // names beside the address that a request may name as its host
    std::vector<Token> tokens;
    // Users of the web config file that may operate; the others read.
    std::vector<std::string> operators;
    bool operator==(const AccessSettings&) const = default;
};

// A forge that says at once what was pushed.
struct HookSettings {
    enum class Forge { GitHub, GitLab, Gitea, Bitbucket };
    std::string name;  // POST /hooks/NAME
    Forge forge = Forge::GitHub;
    SecretSource secret;
    std::vector<std::string> repositories;  // names; empty: those whose URL the push names
    bool operator==(const HookSettings&) const = default;
};

struct HeartbeatSettings {
    SecretSource url;
    Seconds every{300};
    bool operator==(const HeartbeatSettings&) const = default;
};

struct Settings {
    std::filesystem::path stateDirectory;
    std::string listenAddress = "127.0.0.1";
    std::uint16_t listenPort = 9743;
    std::string externalUrl;  // where people reach the page, for links; empty: the listen address
    std::string timeZone = "UTC";
    CheckSettings checks;
    std::map<std::string, ProviderSettings> providers;  // by provider name
    std::vector<RepositorySettings> repositories;
    std::uint64_t checkoutDisk = std::uint64_t{20} << 30U;  // bytes that checkouts may use
    std::vector<ChannelSettings> channels;
    std::vector<RouteSettings> routes;  // empty: every channel gets everything
    std::vector<IgnoreRule> ignores;
    std::vector<std::string> builtinRulesOff;  // builtin/NAME
    // Asked before the built-in ones; the first that matches decides.
    std::vector<SeverityRule> severities;
    std::vector<MuteWindow> mutes;
    std::optional<HeartbeatSettings> heartbeat;
    AccessSettings access;
    std::vector<HookSettings> hooks;
    SandboxSettings sandbox;
    // Every file that the settings name and that may hold a secret, and the settings' own files.
    std::vector<std::filesystem::path> secretFiles;
    bool operator==(const Settings&) const = default;
};

}  // namespace driftkeeper
