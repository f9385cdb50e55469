#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "daemon/base/guarded.hpp"
#include "daemon/git/checkout.hpp"
#include "daemon/git/export.hpp"
#include "daemon/model/stack.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// Makes a folder that nobody else may look into; whoever uses it says why it cannot be used.
void makePrivate(const std::filesystem::path& folder);

// What stacks have of their own: a copy of the checkout, or a folder for what tools write over it.
// Thread-safe for different stacks.
class StackFolders {
public:
    // Below `directory`: copies/, and scratch/, where nothing of an earlier run stays.
    StackFolders(std::filesystem::path directory, DiskBudget& budget);

    // As Checkouts::ownCopy, emptyScratch, removeScratch, removeOwn.
    Result<Export> copy(const Stack& stack, const Export& source);
    Result<std::filesystem::path> emptyScratch(const Stack& stack, const Export& source);
    void removeScratch(const std::string& stackId);
    void remove(const std::string& stackId);
    void countWritten();  // brings DiskBudget::written up to date
    [[nodiscard]] std::filesystem::path scratchFolder() const { return directory_ / "scratch"; }

private:
    void charge(const std::string& stackId, std::uint64_t bytes);

    std::filesystem::path directory_;
    DiskBudget& budget_;
    Guarded<std::map<std::string, std::uint64_t>> copies_{};  // bytes, by stack
};

}  // namespace driftkeeper
