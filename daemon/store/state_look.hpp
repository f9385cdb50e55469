#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "parsers/result.hpp"

namespace driftkeeper {

// The state of a daemon as somebody else finds it: nothing is migrated, made or waited for, and all
// pages of the database are read.
struct StateLook {
    bool inUse = false;                   // a process holds it
    std::optional<std::int64_t> version;  // of the schema; nullopt: there is no database yet
    std::int64_t known = 0;               // the version that this program brings it to
};

// Errors: as sqlite.hpp, and store_unreadable (FixSetup).
Result<StateLook> lookAtState(const std::filesystem::path& directory);

}  // namespace driftkeeper
