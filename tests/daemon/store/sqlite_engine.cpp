#include <fstream>

#include "daemon/store/sqlite.hpp"
#include "tests/daemon/store/engine.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace driftkeeper::testing {

std::unique_ptr<sql::Database> openEngine(const std::filesystem::path& directory) {
    return must(sqlite::openDirectory(directory));
}

sql::Connection connectTo(const std::filesystem::path& directory) {
    const auto file = directory / "driftkeeper.db";
    if (!std::filesystem::exists(file)) std::ofstream(file).close();
    return must(sqlite::open(file));
}

std::string damageIn(const std::filesystem::path& directory) {
    auto connection = connectTo(directory);
    std::string damage;
    for (const std::string_view check : {"PRAGMA integrity_check", "PRAGMA foreign_key_check"})
        for (const auto& found : must(connection.rows(check, {}, sql::firstText)))
            if (found != "ok") damage += found + "\n";
    return damage;
}

}  // namespace driftkeeper::testing
