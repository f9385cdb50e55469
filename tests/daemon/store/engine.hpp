#pragma once

#include <filesystem>
#include <memory>

#include "daemon/store/sql.hpp"

// The engine that the tests run on which name none: what the store promises, it promises on each
// one. A test program for another engine is the same sources and another definition of these; both
// end the test that cannot have theirs.
namespace driftkeeper::testing {

// The database that belongs to the directory, made if it is not there, with its schema up to date.
std::unique_ptr<sql::Database> openEngine(const std::filesystem::path& directory);

// A connection to the same database beside it, made but without a schema if it is not there.
sql::Connection connectTo(const std::filesystem::path& directory);

// Says nothing when the engine finds its files in order, or else what is wrong.
std::string damageIn(const std::filesystem::path& directory);

}  // namespace driftkeeper::testing
