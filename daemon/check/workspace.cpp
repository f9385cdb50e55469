#include "daemon/check/workspace.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>

#include "daemon/base/files.hpp"
#include "daemon/settings/environment_file.hpp"
#include "parsers/text/ascii.hpp"
#include "parsers/text/url_parts.hpp"
#include "providers/catalog.hpp"
#include "providers/look/peers.hpp"
#include "providers/process/control_group.hpp"
#include "providers/process/reach.hpp"

namespace driftkeeper {
namespace {

std::string folderOf(const Stack& stack) {
    std::string name = stack.id;
    std::erase(name, '-');
    return name.substr(0, 12);  // short: sockets of plugins lie below
}

}  // namespace

std::filesystem::path privateDirectoryOf(const Settings& settings, const Stack& stack) {
    return settings.stateDirectory / "stacks" / folderOf(stack);
}

std::filesystem::path notesDirectoryOf(const Settings& settings, const Stack& stack) {
    return settings.stateDirectory / "notes" / folderOf(stack);
}

std::filesystem::path cacheFolderOf(const Settings& settings, std::string_view provider,
                                    const OptionSpec& spec) {
    const auto it = settings.providers.find(std::string(provider));
    const auto given =
        it == settings.providers.end() ? std::string() : optionOf(it->second.options, spec.key);
    if (!given.empty()) return given;
    const char* cache = std::getenv("CACHE_DIRECTORY");
    const std::filesystem::path base =
        cache != nullptr && *cache != '\0' ? cache : settings.stateDirectory.c_str();
    return base / spec.fallback;
}

Result<SandboxPolicy> sandboxPolicyOf(const Settings& settings) {
    using Mode = SandboxSettings::Mode;
    SandboxPolicy policy{SandboxMode::Off, settings.sandbox.readable};
    switch (settings.sandbox.mode) {
        case Mode::Strongest:
            policy.mode = strongestSandbox();
            break;
        case Mode::Strict:
            if (!sandboxRefusal().empty())
                return failure(Remedy::FixSetup, "setup",
                               "the settings want `sandbox: strict`, and this host gives no rooms "
                               "for tools: " +
                                   sandboxRefusal());
            policy.mode = SandboxMode::Strict;
            break;
        case Mode::Landlock:
            policy.mode = SandboxMode::Landlock;
            break;
        case Mode::Off:
            break;
    }
    return policy;
}

Limits limitsOf(const Settings& settings) {
    const LimitSettings& asked = settings.checks.limits;
    const Limits host = hostLimits();
    Limits limits{std::min(asked.memory, host.memory / 4 * 3), asked.processes, asked.disk,
                  asked.output};
    if (host.processes > 0) limits.processes = std::min(limits.processes, host.processes / 2);
    return limits;
}

std::string sandboxWords(const Settings& settings) {
    const auto policy = sandboxPolicyOf(settings);
    if (!policy) return policy.error().message;
    std::string words(name(policy->mode));
    for (const std::string& gap : sandboxGaps(policy->mode)) words += "; " + gap;
    return words;
}

std::vector<std::filesystem::path> secretsOf(const Settings& settings) {
    auto paths = settings.secretFiles;
    paths.push_back(settings.stateDirectory);
    if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
        credentials != nullptr && *credentials != '\0')
        paths.emplace_back(credentials);
    // What the daemon's own user can do elsewhere is no plan's business.
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        for (const char* name :
             {".aws", ".azure", ".config", ".docker", ".git-credentials", ".gnupg", ".kube",
              ".netrc", ".ssh", ".terraform.d", ".terraformrc", ".tofurc", ".vault-token"})
            paths.push_back(std::filesystem::path(home) / name);
    return paths;
}

namespace {

// The cache folders of the provider, in its options whether they were given or not.
Result<void> makeCaches(const Settings& settings, std::string_view provider,
                        ProviderOptions& options) {
    const ProviderKind* kind = providerKind(provider);
    if (kind == nullptr) return {};
    for (const OptionSpec& spec : kind->options) {
        if (spec.kind != OptionSpec::Kind::CacheFolder) continue;
        const auto folder = cacheFolderOf(settings, provider, spec);
        if (auto made = makeDirectory(folder); !made) return made;
        options[std::string(spec.key)] = {folder.string()};
    }
    return {};
}

// NAME[:PORT], as the settings were found to be.
Network::Host hostOf(std::string_view text) {
    const UrlParts parts = authorityParts(text);
    Network::Host host{lowered(parts.host), 0};
    if (!parts.port.empty())
        std::from_chars(parts.port.data() + 1, parts.port.data() + parts.port.size(), host.port);
    return host;
}

void allow(Network& network, const NetworkSettings& settings) {
    network.metadata = network.metadata || settings.metadata;
    for (const std::string& peer : settings.allow) {
        const std::vector<Network::Peer> peers = peersIn(peer);
        std::ranges::copy(peers, std::back_inserter(network.allowed));
        if (peers.empty()) network.hosts.push_back(hostOf(peer));
    }
}

// Addresses of this host: the daemon's port is its own at each of them.
std::vector<Network::Bytes> ownAddresses() {
    std::vector<Network::Bytes> result;
    ifaddrs* found = nullptr;
    if (::getifaddrs(&found) != 0) return result;
    for (const ifaddrs* one = found; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr) continue;
        const bool isSix = one->ifa_addr->sa_family == AF_INET6;
        const socklen_t size = isSix ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        if (const auto peer = peerOf(one->ifa_addr, size)) result.push_back(peer->address);
    }
    ::freeifaddrs(found);
    return result;
}

// What of a stack's options Git cannot say: the provider's of the settings, those that may be
// secrets, and files of this host.
Network networkOf(const Settings& settings, const Stack& stack) {
    Network network;
    network.doors = {settings.listenPort};
    network.own = ownAddresses();
    allow(network, settings.sandbox.network);
    for (const RepositorySettings& repository : settings.repositories)
        if (repository.name == stack.repository) allow(network, repository.network);
    allow(network, stack.network);
    const auto name = [&network](const std::vector<std::string>& values) {
        for (const std::string& value : values) addPeersOf(value, network.named);
    };
    if (const auto it = settings.providers.find(stack.provider); it != settings.providers.end()) {
        allow(network, it->second.network);
        for (const auto& [key, values] : it->second.options) name(values);
    }
    for (const auto& [key, values] : stack.secretOptions) name(values);
    if (const ProviderKind* kind = providerKind(stack.provider); kind != nullptr)
        for (const OptionSpec& spec : kind->options)
            if (spec.kind == OptionSpec::Kind::File || spec.kind == OptionSpec::Kind::SecretFile)
                if (const auto it = stack.options.find(std::string(spec.key));
                    it != stack.options.end())
                    name(it->second);
    return network;
}

std::filesystem::path placeOf(const RepositorySettings& repository) {
    if (!repository.checkoutPath.empty()) return repository.checkoutPath;
    return std::filesystem::path("/src") / repository.name;
}

}  // namespace

LaysOver laysOver(const Checkouts& checkouts, SandboxMode mode) {
    if (mode != SandboxMode::Strict) return LaysOver::No;
    return sandboxCanOverlay(checkouts.scratchFolder()) ? LaysOver::Yes : LaysOver::No;
}

Result<void> placeSource(Workspace& workspace, Checkouts& checkouts,
                         const RepositorySettings& repository, const Stack& stack,
                         const Export& source, LaysOver laysOver) {
    workspace.commit = source.commit;
    workspace.sourceDigest = source.sourceDigest;
    workspace.history = source.git.objects;
    if (laysOver == LaysOver::No) {
        const auto copy = checkouts.ownCopy(stack, source);
        if (!copy) return std::unexpected(copy.error());
        workspace.root = copy->root;
        workspace.directory = copy->directory;
        return {};
    }
    auto scratch = checkouts.emptyScratch(stack, source);
    if (!scratch) return std::unexpected(scratch.error());
    workspace.root = placeOf(repository);
    workspace.directory = workspace.root;
    if (source.directory != source.root)
        workspace.directory /= source.directory.lexically_relative(source.root);
    workspace.sight.tree = {source.root, workspace.root, *std::move(scratch)};
    return {};
}

Result<Workspace> daemonWorkspace(const Settings& settings, const Stack& stack) {
    Workspace workspace;
    workspace.privateDirectory = privateDirectoryOf(settings, stack);
    workspace.notesDirectory = notesDirectoryOf(settings, stack);
    workspace.closure = stack.closure;
    for (const auto& repository : settings.repositories)
        if (repository.name == stack.repository) {
            workspace.repositoryUrl = repository.url;
            workspace.ref = repository.ref;
        }
    workspace.timeout = stack.timeout;
    workspace.interval = stack.every;
    workspace.hidden = secretsOf(settings);
    workspace.network = networkOf(settings, stack);

    // The provider's environment, then the stack's file, then the stack's own: the nearer one wins.
    if (const auto it = settings.providers.find(stack.provider); it != settings.providers.end()) {
        workspace.options = it->second.options;
        workspace.environment = it->second.environment;
    }
    for (const auto* options : {&stack.options, &stack.secretOptions})
        for (const auto& [key, values] : *options) workspace.options[key] = values;
    if (!stack.environmentFile.empty()) {
        const auto file = readEnvironmentFile(stack.environmentFile);
        if (!file) return std::unexpected(file.error());
        for (const auto& [name, value] : *file) workspace.environment[name] = value;
    }
    for (const auto& [name, value] : stack.environment) workspace.environment[name] = value;
    if (auto made = makeCaches(settings, stack.provider, workspace.options); !made)
        return std::unexpected(made.error());
    return workspace;
}

}  // namespace driftkeeper
