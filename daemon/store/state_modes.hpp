#pragma once

#include <filesystem>
#include <vector>

namespace driftkeeper {

// A file of the state directory that others than its owner could use, or that its owner could not.
struct ModeChange {
    std::filesystem::path path;
    unsigned was = 0;  // permission bits
    unsigned is = 0;
};

// Gives the state directory (at most 0750), token (at most 0640) and the database with what belongs
// to it (0600) their modes again, and returns what was changed. Links, and what belongs to somebody
// else, stay as they are.
std::vector<ModeChange> restoreModes(const std::filesystem::path& directory);

// The same; what was changed is an event.
void keepModes(const std::filesystem::path& directory);

}  // namespace driftkeeper
