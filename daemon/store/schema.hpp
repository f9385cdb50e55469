#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "daemon/store/sqlite.hpp"

namespace driftkeeper {

// The schema as a list of steps: step N takes a database from version N to N + 1. A released step never changes.
std::span<const std::string_view> schemaSteps() noexcept;

// Brings a database to the end of the list, in one transaction. A database that holds something is first copied to
// FILE.before-VERSION (VERSION: of the schema it comes to), mode 0600. Fails with `store_newer` when the database has
// done more steps than the list has.
Result<void> migrate(sqlite::Connection& connection, std::span<const std::string_view> steps,
                     const std::filesystem::path& file);

}  // namespace driftkeeper
