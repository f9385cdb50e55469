#include "daemon/fleet/inventory.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/model/glob.hpp"
#include "daemon/wording/left_out.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {
namespace {

bool matchesAny(const std::vector<std::string>& globs, const std::string& path) {
    return std::ranges::any_of(globs,
                               [&](const std::string& glob) { return globMatches(glob, path); });
}

Stack withDefaults(const RepositorySettings& repository, const CheckSettings& checks,
                   const DiscoveredStack& found) {
    Stack stack;
    stack.repository = repository.name;
    stack.path = found.path;
    stack.name = found.name.empty() ? found.path : found.name;
    stack.provider = found.provider;
    stack.options = found.options;
    stack.closure = found.closure;
    stack.every = checks.every;
    stack.timeout = checks.timeout;
    stack.staleAfter = checks.staleAfter.value_or(3 * checks.every);
    return stack;
}

// By any kind: a key beside those of every stack is read whatever its provider is.
bool mayHoldSecret(std::string_view key) {
    return std::ranges::any_of(providerKinds(), [&](const ProviderKind* kind) {
        const auto spec = std::ranges::find(kind->options, key, &OptionSpec::key);
        return spec != kind->options.end() && spec->mayHoldSecret();
    });
}

Stack overridden(Stack stack, const StackSettings& settings, const CheckSettings& checks) {
    stack.name = settings.name.value_or(usualStackName(settings.path, settings.options));
    for (const auto& [key, values] : settings.options)
        (mayHoldSecret(key) ? stack.secretOptions : stack.options)[key] = values;
    stack.environment = settings.environment;
    stack.environmentFile = settings.environmentFile;
    stack.network = settings.network;
    stack.every = settings.every.value_or(stack.every);
    stack.timeout = settings.timeout.value_or(stack.timeout);
    if (!checks.staleAfter) stack.staleAfter = 3 * stack.every;
    stack.owner = settings.owner;
    stack.renamedFrom = settings.renamedFrom;
    return stack;
}

std::string_view folderOf(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : path.substr(0, slash);
}

bool hasFolder(const std::vector<SourceFile>& files, const std::string& folder) {
    return std::ranges::any_of(
        files, [&](const SourceFile& file) { return folderOf(file.path) == folder; });
}

std::string_view familyOf(const std::string& provider) {
    const ProviderKind* kind = providerKind(provider);
    return kind == nullptr ? std::string_view(provider) : kind->family;
}

// Whether the settings speak of what was found: without a provider of whatever is in the folder
// first, and always of what has the name that they give.
bool speaksOf(const StackSettings& settings, const DiscoveredStack& found) {
    if (settings.path != found.path) return false;
    return settings.provider ? familyOf(*settings.provider) == familyOf(found.provider)
                             : found.name.empty();
}

// What the settings build on: what was found, or the folder as the settings see it.
DiscoveredStack baseOf(const StackSettings& settings, const std::vector<DiscoveredStack>& found,
                       const std::vector<SourceFile>& files) {
    const auto it = std::ranges::find_if(
        found, [&](const DiscoveredStack& one) { return speaksOf(settings, one); });
    DiscoveredStack base;
    if (it != found.end()) base = *it;
    base.path = settings.path;
    if (it == found.end() || (settings.provider && *settings.provider != base.provider)) {
        base.provider = settings.provider.value_or(std::string(usualProvider().name));
        base.closure = closureOf(base.provider, settings.path, files);
    }
    return base;
}

bool isWanted(const DiscoveredStack& found, const std::vector<std::string>& providers) {
    const ProviderKind* kind = providerKind(found.provider);
    return (kind != nullptr && kind->isDiscovered) ||
           std::ranges::find(providers, found.provider) != providers.end();
}

// Patterns of the settings' own ask for what would be left out.
bool isAskedFor(const DiscoverySettings& discover, const std::string& path) {
    return discover.include != DiscoverySettings().include && matchesAny(discover.include, path);
}

// Of stacks that mean one deployed stack by their files' names, those count that the settings leave
// as they are.
void settleSharedNames(std::vector<Stack>& stacks) {
    const auto fileOf = [](const Stack& stack) {
        return stack.path + "/" + ownFileOf(stack.provider, stack.options);
    };
    std::set<std::string> byConvention;
    for (const auto& stack : stacks)
        if (stack.options.contains("same_stack_as") && !stack.options.contains("stack_name"))
            byConvention.insert(fileOf(stack).substr(stack.path == "." ? 2 : 0));
    for (auto& stack : stacks) {
        const auto shared = stack.options.find("same_stack_as");
        if (shared == stack.options.end()) continue;
        std::erase_if(shared->second,
                      [&](const std::string& file) { return !byConvention.contains(file); });
        if (shared->second.size() < 2 || stack.options.contains("stack_name"))
            stack.options.erase(shared);
    }
}

}  // namespace

bool isLookedFor(const RepositorySettings& repository, const Settings& settings,
                 const Stack& stack) {
    const ProviderKind* kind = providerKind(stack.provider);
    return kind != nullptr && kindsFor(repository, providersOf(settings))(*kind);
}

bool Inventory::isInGit(const Stack& stack) const {
    return inGit.contains({stack.path, std::string(familyOf(stack.provider))});
}

std::optional<std::string> stateKeyOf(const Stack& stack, const std::vector<SourceFile>& files) {
    const ProviderKind* kind = providerKind(stack.provider);
    if (kind == nullptr || kind->stateKeyOf == nullptr) return std::nullopt;
    std::vector<SourceFile> own;
    for (const auto& file : files)
        if (folderOf(file.path) == stack.path) own.push_back(file);
    ProviderOptions options = stack.options;
    options.insert(stack.secretOptions.begin(), stack.secretOptions.end());
    return kind->stateKeyOf(own, options);
}

std::vector<std::string> providersOf(const Settings& settings) {
    std::vector<std::string> names;
    for (const auto& [name, provider] : settings.providers) names.push_back(name);
    return names;
}

bool isOpenToDiscovery(const RepositorySettings& repository, const std::string& path) {
    return repository.discover.enabled && matchesAny(repository.discover.include, path) &&
           !matchesAny(repository.discover.exclude, path);
}

WantedKinds kindsFor(const RepositorySettings& repository,
                     const std::vector<std::string>& providers) {
    std::set<std::string> names(providers.begin(), providers.end());
    for (const auto& stack : repository.stacks)
        if (stack.provider) names.insert(*stack.provider);
    return [names = std::move(names)](const ProviderKind& kind) {
        return kind.isDiscovered || names.contains(std::string(kind.name));
    };
}

Inventory inventoryOf(const RepositorySettings& repository, const CheckSettings& checks,
                      const std::vector<std::string>& providers,
                      const std::vector<SourceFile>& files) {
    Inventory inventory;
    const auto named = [&](const DiscoveredStack& found) {
        return std::ranges::any_of(repository.stacks,
                                   [&](const StackSettings& s) { return speaksOf(s, found); });
    };
    const std::vector<DiscoveredStack> found = discoverAll(files, kindsFor(repository, providers));
    for (const auto& one : found)
        if (one.leftOut.empty()) inventory.inGit.emplace(one.path, familyOf(one.provider));
    if (repository.discover.enabled) {
        for (const auto& one : found) {
            if (!isWanted(one, providers) || named(one)) continue;
            if (!isOpenToDiscovery(repository, one.path)) continue;
            const bool isOnlySaid =
                isTrouble(one.leftOut) || !isAskedFor(repository.discover, one.path);
            if (!one.leftOut.empty() && isOnlySaid) {
                inventory.leftOut.push_back({one.name.empty() ? one.path : one.name, one.leftOut});
                continue;
            }
            inventory.stacks.push_back(withDefaults(repository, checks, one));
        }
    }
    for (const auto& settings : repository.stacks) {
        if (!settings.enabled) continue;
        Stack stack = overridden(withDefaults(repository, checks, baseOf(settings, found, files)),
                                 settings, checks);
        auto& list = hasFolder(files, settings.path) ? inventory.stacks : inventory.missing;
        list.push_back(std::move(stack));
    }
    settleSharedNames(inventory.stacks);
    std::ranges::sort(inventory.stacks, {}, &Stack::name);
    return inventory;
}

}  // namespace driftkeeper
