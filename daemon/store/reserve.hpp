#pragma once

#include <filesystem>

#include "parsers/result.hpp"

namespace driftkeeper {

// A file of 1 MiB that holds nothing: what is given up first when the disk is full, so that the
// database can go on for a while.

// Makes it, where there is room. Fails with `store_full` or `store_failed` (FixSetup).
Result<void> keepReserve(const std::filesystem::path& directory);

void spendReserve(const std::filesystem::path& directory) noexcept;

}  // namespace driftkeeper
