#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "parsers/json/value_tags.hpp"
#include "parsers/result.hpp"
#include "parsers/terraform/lock_file.hpp"

namespace driftkeeper::terraform {

// Keeps the dependency lock file of a stack between checks, beside Git's: the one that init chose
// when Git has none, or Git's completed by hashes for this platform. For the time of a look it lies
// in the stack's folder; afterwards, also after a kill in between, the folder is as Git has it.
class LockKeeper {
public:
    // directory: the stack's folder; home: kept between checks, existing; commit: what the folder
    // was exported from.
    LockKeeper(std::filesystem::path directory, std::filesystem::path home, std::string commit,
               const ValueTags& tags);
    ~LockKeeper();
    LockKeeper(const LockKeeper&) = delete;
    LockKeeper& operator=(const LockKeeper&) = delete;

    // Puts the kept file, if there is one, in place. Called once, before anything runs.
    Result<void> place();

    // Looks at what init left in the folder. A sentence when it selects other providers than Git's
    // lock file; the change is then taken back. Otherwise the file is kept for the next checks.
    Result<std::string> keep();

    [[nodiscard]] bool inGit() const noexcept { return git_.has_value(); }
    [[nodiscard]] std::string text() const;    // of the file in the folder now
    [[nodiscard]] std::string digest() const;  // of text(); empty when there is none
    [[nodiscard]] LockFile selections() const { return readLockFile(text()); }

private:
    [[nodiscard]] std::string digestOf(const std::string& text) const;
    [[nodiscard]] std::filesystem::path keptFile() const;
    [[nodiscard]] std::optional<std::string> now() const;
    void recover();
    void restore();

    std::filesystem::path file_;
    std::filesystem::path home_;
    std::string commit_;
    const ValueTags& tags_;
    std::optional<std::string> git_;  // Git's text
    bool placed_ = false;
};

}  // namespace driftkeeper::terraform
