#include "providers/look/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "providers/look/files.hpp"
#include "providers/look/peers.hpp"
#include "providers/process/egress_proxy.hpp"
#include "providers/process/reach.hpp"

namespace driftkeeper {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 14> allowed = {
    "PATH",        "LANG",        "TZ",        "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTP_PROXY",  "HTTPS_PROXY", "NO_PROXY",  "ALL_PROXY",     "http_proxy",
    "https_proxy", "no_proxy",    "all_proxy", "LANGUAGE"};

bool isAllowed(std::string_view name) noexcept {
    return name.starts_with("LC_") || std::ranges::find(allowed, name) != allowed.end();
}

bool contains(const fs::path& folder, const fs::path& path) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

// A tree is checked by its owner, with the owner's own settings and credentials. Written is only
// where tools keep the tokens that they refresh: a file beside could run in the next shell.
void addHome(Sandbox& sandbox, const fs::path& home) {
    if (!home.is_absolute() || !home.has_relative_path()) return;
    sandbox.readable.push_back(home);
    for (const char* name : {".aws/sso/cache", ".aws/cli/cache", ".azure/msal_token_cache.json",
                             ".azure/msal_token_cache.bin", ".azure/msal_http_cache.bin",
                             ".azure/commandIndex.json", ".config/gcloud/access_tokens.db",
                             ".config/gcloud/credentials.db", ".kube/cache", ".cache/helm"})
        sandbox.writable.push_back(home / name);
}

enum class Named { Unhidden, AsHidden };  // of what is hidden from others

// A session's doors to everything that runs for its user, and where a shell, its programs and its
// temporary files are: nobody names these for a tool.
constexpr std::array<std::string_view, 6> ofSession = {"XDG_RUNTIME_DIR", "PWD", "OLDPWD", "HOME",
                                                       "TMPDIR",          "PATH"};

bool isOfTool(const Sandbox& sandbox, const fs::path& path, Named named) {
    if (!path.is_absolute() || !path.has_relative_path()) return false;
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    if (error) return false;
    for (const fs::path& hidden : sandbox.hidden) {
        const fs::path realHidden = fs::weakly_canonical(hidden, error);
        if (named == Named::AsHidden && contains(realHidden, real)) return false;
        if (real != realHidden && contains(real, realHidden)) return false;
    }
    return true;
}

// The places that a value names: the entries of a list, and the words of a command.
std::set<fs::path> placesIn(std::string_view value) {
    std::set<fs::path> places;
    for (const std::string_view separators : {":", " \t\n:=,;\"'"}) {
        std::size_t begin = 0;
        while ((begin = value.find_first_not_of(separators, begin)) != std::string_view::npos) {
            const std::size_t end = std::min(value.find_first_of(separators, begin), value.size());
            const fs::path place = value.substr(begin, end - begin);
            places.insert((place / "").lexically_normal().parent_path());
            begin = end;
        }
    }
    return places;
}

// Files and folders that a variable names (KUBECONFIG, SSL_CERT_FILE, SSH_AUTH_SOCK,
// GIT_SSH_COMMAND …): whoever set it wants the tools to read them, wherever they lie; but no folder
// that holds what is hidden.
void addNamed(Sandbox& sandbox, const Environment& environment, Named named) {
    for (const auto& [name, value] : environment) {
        if (std::ranges::find(ofSession, name) != ofSession.end()) continue;
        for (const fs::path& place : placesIn(value))
            if (isOfTool(sandbox, place, named)) sandbox.readable.push_back(place);
    }
}

// What the settings name is reached; what comes from Git names nothing. Where the settings name
// hosts, only the daemon's proxy talks to the host's own, and who needs a proxy asks no resolver: a
// question can carry anything.
void addPeers(Network& network, const Environment& environment) {
    const bool isNarrow = !network.hosts.empty();
    for (const auto& [name, value] : environment) {
        const bool isNamed = name != "PATH" && name != "NO_PROXY" && name != "no_proxy";
        if (isNamed && !(isNarrow && isProxyVariable(name))) addPeersOf(value, network.named);
    }
    if (!isNarrow || std::ranges::any_of(network.hosts, isReachedDirectly))
        std::ranges::copy(resolversIn(fileText("/etc/resolv.conf").value_or("")),
                          std::back_inserter(network.named));
}

// The tree needs a place that exists, or where nothing of the host is.
void makePlace(Sandbox& sandbox, const fs::path& at) {
    std::error_code error;
    fs::path there = at;
    while (there.has_relative_path() && !fs::exists(there, error)) there = there.parent_path();
    if (there != at && there.has_relative_path()) sandbox.hidden.push_back(there);
}

}  // namespace

Environment callerEnvironment() {
    Environment result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        if (const std::size_t at = text.find('='); at != std::string_view::npos)
            result.emplace(text.substr(0, at), text.substr(at + 1));
    }
    return result;
}

Environment lookEnvironment(const Workspace& workspace, const Environment& caller) {
    Environment result;
    for (const auto& [name, value] : caller)
        if (workspace.workingTree ? !isForbidden(name) : isAllowed(name))
            result.emplace(name, value);
    result.try_emplace("PATH", "/usr/local/bin:/usr/bin:/bin");
    if (!workspace.workingTree) result["HOME"] = (workspace.privateDirectory / "home").string();
    for (const auto& [name, value] : workspace.environment)
        if (!isForbidden(name)) result[name] = value;
    return result;
}

bool isForbidden(std::string_view name) noexcept {
    return name.starts_with("TF_CLI_ARGS") || name.starts_with("TF_LOG") ||
           name.starts_with("LD_") || name == "TF_REATTACH_PROVIDERS" || name == "TF_DATA_DIR" ||
           name == "TF_WORKSPACE";
}

std::string valueOf(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

Sandbox lookSandbox(const Workspace& workspace, const Environment& environment) {
    Sandbox sandbox;
    sandbox.hidden = workspace.hidden;
    if (workspace.sight.tree) {
        sandbox.tree = workspace.sight.tree;
        makePlace(sandbox, sandbox.tree->at);
    } else if (workspace.root.has_relative_path()) {
        sandbox.readable = {workspace.root, workspace.directory};
    } else {  // a working tree outside of any repository: what the stack uses, not the whole host
        sandbox.readable = {workspace.directory};
        for (const std::string& path : workspace.closure)
            sandbox.readable.push_back((workspace.root / path).lexically_normal());
    }
    if (!workspace.history.empty()) sandbox.readable.push_back(workspace.history);
    if (workspace.workingTree) addHome(sandbox, valueOf(environment, "HOME"));
    addNamed(sandbox, environment, workspace.workingTree ? Named::Unhidden : Named::AsHidden);
    addNamed(sandbox, workspace.environment, Named::Unhidden);
    sandbox.writable.push_back(workspace.privateDirectory);
    sandbox.measured.push_back(workspace.privateDirectory);
    sandbox.network = workspace.network;
    if (sandbox.network) addPeers(*sandbox.network, environment);
    return sandbox;
}

}  // namespace driftkeeper
