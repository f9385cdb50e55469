#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper::terraform {

// .terraform.lock.hcl: provider address -> what is locked.
struct LockedProvider {
    std::string version;
    std::vector<std::string> hashes;  // sorted

    bool operator==(const LockedProvider&) const = default;
};
using LockFile = std::map<std::string, LockedProvider>;

// Broken text gives what could be read.
LockFile readLockFile(std::string_view text);

// The first provider whose version differs, that was added or that is missing, as a sentence; empty
// when the selections are the same (hashes may differ).
std::string selectionChange(const LockFile& before, const LockFile& after);

}  // namespace driftkeeper::terraform
