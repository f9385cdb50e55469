#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/source/source_file.hpp"
#include "providers/catalog.hpp"

namespace driftkeeper {

// The stacks of one repository at one commit, by full name.
struct Inventory {
    std::vector<Stack> stacks;   // ids are empty
    std::vector<Stack> missing;  // named in the settings, and their folder is not in the tree
    std::vector<LeftOut>
        leftOut;  // what looks like a stack and is none, unless the settings name it
    std::set<std::pair<std::string, std::string>>
        inGit;  // path and family of what the files hold, whatever the settings say of it

    [[nodiscard]] bool isInGit(const Stack& stack) const;
};

// The key of the state that a stack's files name (ties of the estate have it likewise); nullopt:
// they do not say it whole.
std::optional<std::string> stateKeyOf(const Stack& stack, const std::vector<SourceFile>& files);

// Kinds that need credentials of their own are looked for where the settings speak of them.
WantedKinds kindsFor(const RepositorySettings& repository,
                     const std::vector<std::string>& providers);

// What discovery finds, less what the globs leave out, overridden and extended by the settings.
// `providers`: the kinds that the settings speak of. Pure.
Inventory inventoryOf(const RepositorySettings& repository, const CheckSettings& checks,
                      const std::vector<std::string>& providers,
                      const std::vector<SourceFile>& files);

// Whether stacks of its kind are looked for at all.
bool isLookedFor(const RepositorySettings& repository, const Settings& settings,
                 const Stack& stack);

// True for a folder that the settings let discovery have.
bool isOpenToDiscovery(const RepositorySettings& repository, const std::string& path);

// The kinds that the settings speak of.
std::vector<std::string> providersOf(const Settings& settings);

}  // namespace driftkeeper
