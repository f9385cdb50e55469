#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "daemon/store/sql.hpp"

// SQLite as the engine behind sql.hpp. Errors are as there.
namespace driftkeeper::sqlite {

struct OpenOptions {
    std::chrono::milliseconds busyTimeout{5000};
    std::int64_t mostPages = 0;  // 0: as many as the disk holds
    bool readOnly = false;
};

// A connection in WAL mode. The file must exist; an empty one becomes a database.
Result<sql::Connection> open(const std::filesystem::path& file, const OpenOptions& options = {});

// Opens or makes DIRECTORY/driftkeeper.db (mode 0600; the directory must exist) and brings its
// schema up to date. Fails also with `store_locked` when another process has it, `store_newer` when
// a newer version wrote it.
Result<std::unique_ptr<sql::Database>> openDirectory(const std::filesystem::path& directory,
                                                     const OpenOptions& options = {});

}  // namespace driftkeeper::sqlite
