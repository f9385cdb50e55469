#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/model/settings.hpp"
#include "daemon/model/stack_name.hpp"
#include "daemon/model/time.hpp"

namespace driftkeeper {

// One unit of infrastructure that one provider can check. Identity is repository + name; everything
// else may change.
struct Stack {
    std::string id;  // opaque uuid, given by the store
    std::string repository;
    std::string name;
    std::string path;
    std::string provider;
    std::map<std::string, std::string> environment;
    std::filesystem::path environmentFile;
    NetworkSettings network;
    Seconds every{1800};
    Seconds timeout{1800};
    Seconds staleAfter{5400};
    std::string owner;                    // of the settings
    std::vector<std::string> codeOwners;  // of CODEOWNERS, without the other one
    std::string renamedFrom;              // earlier full or short name
    ProviderOptions options;              // the provider's own: of the files, then of the settings
    // Of the same those that may hold secrets: the store does not keep them.
    ProviderOptions secretOptions;
    std::vector<std::string> closure;  // folders and files of the repository that it depends on

    [[nodiscard]] std::string workspace() const { return workspaceOf(options); }
    [[nodiscard]] std::string fullName() const { return repository + "/" + name; }
    // The settings' own first.
    [[nodiscard]] std::vector<std::string> owners() const {
        std::vector<std::string> all = codeOwners;
        if (!owner.empty()) all.insert(all.begin(), owner);
        return all;
    }
    bool operator==(const Stack&) const = default;
};

// Why a stack is not looked at any more.
enum class Retired {
    GoneFromGit,
    TakenOut  // by the settings: what it left behind is the operator's
};

}  // namespace driftkeeper
