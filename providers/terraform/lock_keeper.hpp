#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "parsers/json/value_tags.hpp"
#include "parsers/result.hpp"
#include "parsers/terraform/lock_file.hpp"
#include "providers/look/sight.hpp"

namespace driftkeeper::terraform {

// Keeps the dependency lock file of a stack between checks, beside Git's: the one that init chose
// when Git has none, or Git's completed by hashes for this platform. For the time of a look it lies
// in the stack's folder; the next look begins with a folder as Git has it.
class LockKeeper {
public:
    // file: in the stack's folder, as Git has it; home: kept between checks, existing.
    LockKeeper(std::filesystem::path file, std::filesystem::path home, Sight sight,
               const ValueTags& tags);

    // Puts the kept file, if there is one, in place. Called once, before anything runs.
    Result<void> place();

    // Looks at what init left in the folder. A sentence when it selects other providers than Git's
    // lock file; the change is then taken back. Otherwise the file is kept for the next checks.
    Result<std::string> keep();

    // Lets go of the file that was kept, and of the one in place: init chooses once more. Only
    // where Git has none.
    void forget();

    [[nodiscard]] bool inGit() const noexcept { return git_.has_value(); }
    [[nodiscard]] std::string text() const;    // of the file in the folder now
    [[nodiscard]] std::string digest() const;  // of text(); empty when there is none
    [[nodiscard]] LockFile selections() const { return readLockFile(text()); }

private:
    [[nodiscard]] std::string digestOf(const std::string& text) const;
    [[nodiscard]] std::filesystem::path keptFile() const;
    [[nodiscard]] std::optional<std::string> now() const;
    [[nodiscard]] Result<void> put(const std::string& text) const;

    std::filesystem::path file_;
    std::filesystem::path home_;
    Sight sight_;
    const ValueTags& tags_;
    std::optional<std::string> git_;  // Git's text
};

}  // namespace driftkeeper::terraform
