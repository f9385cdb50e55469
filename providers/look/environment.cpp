#include "providers/look/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ranges>

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

// Where tools of the caller keep tokens and caches that they refresh.
void addCacheFolders(std::vector<fs::path>& writable, const fs::path& home,
                     const fs::path& directory) {
    if (home.empty() || !home.is_absolute()) return;
    for (const char* name : {".aws", ".azure", ".config", ".kube", ".cache", ".terraform.d"}) {
        std::error_code error;
        const fs::path folder = fs::canonical(home / name, error);
        if (!error && !contains(folder, fs::weakly_canonical(directory, error)))
            writable.push_back(folder);
    }
}

// Files that a variable names, alone or in a list (KUBECONFIG, SSL_CERT_FILE, SSH_AUTH_SOCK …):
// whoever set it wants the tools to read them, wherever they lie. What is hidden stays hidden.
void addNamedFiles(Sandbox& sandbox, const Environment& environment) {
    for (const auto& [name, value] : environment) {
        for (const auto part : std::views::split(value, ':')) {
            std::error_code error;
            const fs::path path(std::string_view(part.begin(), part.end()));
            if (!path.is_absolute() || fs::is_directory(path, error)) continue;
            const fs::path real = fs::canonical(path, error);
            const auto covers = [&](const fs::path& hidden) {
                return contains(fs::weakly_canonical(hidden, error), real);
            };
            if (real.empty() || std::ranges::any_of(sandbox.hidden, covers)) continue;
            sandbox.readable.push_back(path);
        }
    }
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
    if (workspace.root.has_relative_path()) {
        sandbox.readable = {workspace.root, workspace.directory};
    } else {  // a working tree outside of any repository: what the stack uses, not the whole host
        sandbox.readable = {workspace.directory};
        for (const std::string& path : workspace.closure)
            sandbox.readable.push_back((workspace.root / path).lexically_normal());
    }
    addNamedFiles(sandbox, environment);
    sandbox.writable = {workspace.privateDirectory};
    if (workspace.workingTree)
        addCacheFolders(sandbox.writable, valueOf(environment, "HOME"), workspace.directory);
    return sandbox;
}

}  // namespace driftkeeper
