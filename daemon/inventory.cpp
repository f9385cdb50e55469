#include "daemon/inventory.hpp"

#include <algorithm>

#include "daemon/tell/routes.hpp"

namespace driftkeeper {
namespace {

bool matchesAny(const std::vector<std::string>& globs, const std::string& path) {
    return std::ranges::any_of(globs, [&](const std::string& glob) { return globMatches(glob, path); });
}

std::string defaultName(const std::string& path, const std::string& workspace) {
    return workspace == "default" ? path : path + "@" + workspace;
}

Stack withDefaults(const RepositorySettings& repository, const CheckSettings& checks,
                   const terraform::DiscoveredStack& found) {
    Stack stack;
    stack.repository = repository.name;
    stack.path = found.path;
    stack.name = found.path;
    stack.provider = found.openTofu ? "opentofu" : "terraform";
    stack.closure = found.closure;
    stack.every = checks.every;
    stack.timeout = checks.timeout;
    stack.staleAfter = checks.staleAfter.value_or(3 * checks.every);
    return stack;
}

Stack overridden(Stack stack, const StackSettings& settings, const CheckSettings& checks) {
    stack.workspace = settings.workspace;
    stack.name = settings.name.value_or(defaultName(settings.path, settings.workspace));
    if (settings.provider) stack.provider = *settings.provider;
    stack.variableFiles = settings.variableFiles;
    stack.backendConfig = settings.backendConfig;
    stack.environment = settings.environment;
    stack.environmentFile = settings.environmentFile;
    stack.every = settings.every.value_or(stack.every);
    stack.timeout = settings.timeout.value_or(stack.timeout);
    if (!checks.staleAfter) stack.staleAfter = 3 * stack.every;
    stack.owner = settings.owner;
    stack.renamedFrom = settings.renamedFrom;
    return stack;
}

bool hasFolder(const std::vector<terraform::SourceFile>& files, const std::string& folder) {
    return std::ranges::any_of(files, [&](const terraform::SourceFile& file) {
        const auto slash = file.path.rfind('/');
        return (slash == std::string::npos ? "." : file.path.substr(0, slash)) == folder;
    });
}

}  // namespace

Inventory inventoryOf(const RepositorySettings& repository, const CheckSettings& checks,
                      const std::vector<terraform::SourceFile>& files) {
    Inventory inventory;
    const auto named = [&](const std::string& path) {
        return std::ranges::any_of(repository.stacks, [&](const StackSettings& s) { return s.path == path; });
    };
    std::vector<terraform::DiscoveredStack> found = terraform::discoverStacks(files);
    if (repository.discover.enabled) {
        for (const auto& one : found) {
            if (named(one.path) || !matchesAny(repository.discover.include, one.path)) continue;
            if (matchesAny(repository.discover.exclude, one.path)) continue;
            inventory.stacks.push_back(withDefaults(repository, checks, one));
        }
    }
    for (const auto& settings : repository.stacks) {
        if (!settings.enabled) continue;
        const auto it = std::ranges::find(found, settings.path, &terraform::DiscoveredStack::path);
        terraform::DiscoveredStack base;
        if (it != found.end()) {
            base = *it;
        } else {
            base = {settings.path, terraform::closureOf(settings.path, files), false};
        }
        Stack stack = overridden(withDefaults(repository, checks, base), settings, checks);
        auto& list = hasFolder(files, settings.path) ? inventory.stacks : inventory.missing;
        list.push_back(std::move(stack));
    }
    std::ranges::sort(inventory.stacks, {}, &Stack::name);
    return inventory;
}

}  // namespace driftkeeper
