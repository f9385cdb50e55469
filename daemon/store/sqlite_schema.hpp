#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "daemon/store/sql.hpp"

namespace driftkeeper::sqlite {

// The schema as a list of steps: step N takes a database from version N to N + 1. A released step
// never changes.
std::span<const std::string_view> schemaSteps() noexcept;

// How many steps a database has done.
Result<std::int64_t> schemaVersion(sql::Connection& connection);

// Brings a database to the end of the list, in one transaction. A database that holds something is
// first copied to FILE.before-VERSION (VERSION: of the schema it comes to), mode 0600. Fails with
// `store_newer` when the database has done more steps than the list has.
Result<void> migrate(sql::Connection& connection, std::span<const std::string_view> steps,
                     const std::filesystem::path& file);

}  // namespace driftkeeper::sqlite
