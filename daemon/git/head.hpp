#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace driftkeeper {

// The commit that the working tree at `folder` stands on; empty when it is no repository or has no
// commit. Nothing of the repository's configuration is obeyed.
std::string headCommit(const std::filesystem::path& folder);

// Where a working tree comes from.
struct Origin {
    std::string
        url;  // of the remote "origin", without the user of an https URL; empty: there is none
    std::string
        branch;  // that the remote has as its HEAD, as far as the tree knows; empty: it does not
    std::string here;  // the branch that is checked out; empty: none is
};

// nullopt: it is no repository.
std::optional<Origin> originOf(const std::filesystem::path& folder);

}  // namespace driftkeeper
