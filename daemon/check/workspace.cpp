#include "daemon/check/workspace.hpp"

#include <cstdlib>

#include "daemon/base/files.hpp"
#include "daemon/settings/environment_file.hpp"

namespace driftkeeper {
namespace {

void addSecret(std::vector<std::filesystem::path>& paths, const SecretSource& secret) {
    if (!secret.file.empty()) paths.push_back(secret.file);
}

void add(std::vector<std::filesystem::path>& paths, const std::filesystem::path& path) {
    if (!path.empty()) paths.push_back(path);
}

}  // namespace

std::filesystem::path privateDirectoryOf(const Settings& settings, const Stack& stack) {
    std::string name = stack.id;
    std::erase(name, '-');
    return settings.stateDirectory / "stacks" / name.substr(0, 12);  // short: sockets of plugins lie below
}

std::filesystem::path pluginCacheOf(const Settings& settings, const std::string& provider) {
    const auto it = settings.providers.find(provider);
    if (it != settings.providers.end() && !it->second.pluginCache.empty()) return it->second.pluginCache;
    const char* cache = std::getenv("CACHE_DIRECTORY");
    const std::filesystem::path base = cache != nullptr && *cache != '\0' ? cache : settings.stateDirectory.c_str();
    return base / "plugins";
}

std::vector<std::filesystem::path> secretsOf(const Settings& settings) {
    std::vector<std::filesystem::path> paths = {settings.stateDirectory};
    if (const char* credentials = std::getenv("CREDENTIALS_DIRECTORY"); credentials != nullptr) add(paths, credentials);
    for (const auto& repository : settings.repositories) {
        addSecret(paths, repository.credentials.password);
        add(paths, repository.credentials.sshKeyFile);
        for (const auto& stack : repository.stacks) add(paths, stack.environmentFile);
    }
    for (const auto& channel : settings.channels) {
        addSecret(paths, channel.url);
        addSecret(paths, channel.secret);
    }
    if (settings.heartbeat) addSecret(paths, settings.heartbeat->url);
    return paths;
}

Result<Workspace> daemonWorkspace(const Settings& settings, const Stack& stack) {
    Workspace workspace;
    workspace.privateDirectory = privateDirectoryOf(settings, stack);
    workspace.closure = stack.closure;
    for (const auto& repository : settings.repositories)
        if (repository.name == stack.repository) {
            workspace.repositoryUrl = repository.url;
            workspace.ref = repository.ref;
        }
    workspace.workspace = stack.workspace;
    workspace.variableFiles = stack.variableFiles;
    workspace.backendConfig = stack.backendConfig;
    workspace.timeout = stack.timeout;
    workspace.pluginCache = pluginCacheOf(settings, stack.provider);
    workspace.hidden = secretsOf(settings);

    // The provider's environment, then the stack's file, then the stack's own: the nearer one wins.
    if (const auto it = settings.providers.find(stack.provider); it != settings.providers.end()) {
        workspace.program = it->second.program;
        workspace.cliConfigFile = it->second.cliConfigFile;
        workspace.programs = it->second.programs;
        workspace.options = it->second.options;
        workspace.environment = it->second.environment;
    }
    for (const auto& [key, values] : stack.options) workspace.options[key] = values;
    if (!stack.environmentFile.empty()) {
        const auto file = readEnvironmentFile(stack.environmentFile);
        if (!file) return std::unexpected(file.error());
        for (const auto& [name, value] : *file) workspace.environment[name] = value;
    }
    for (const auto& [name, value] : stack.environment) workspace.environment[name] = value;
    if (auto made = makeDirectory(workspace.pluginCache); !made) return std::unexpected(made.error());
    return workspace;
}

}  // namespace driftkeeper
