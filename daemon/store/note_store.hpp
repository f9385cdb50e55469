#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/store/sql.hpp"

namespace driftkeeper {

// Texts under keys. Thread-safe; fails as sql.hpp says.
class NoteStore {
public:
    explicit NoteStore(sql::Database& database) : database_(database) {}

    // A text that is kept until the next one comes, such as the last good rule file
    // of a repository.
    Result<void> keep(const std::string& key, const std::string& text);
    Result<std::optional<std::string>> find(const std::string& key);

    // A value that belongs to the installation, made at first use by `make`; any bytes.
    Result<std::string> constant(const std::string& key, const std::function<std::string()>& make);

private:
    sql::Database& database_;
};

}  // namespace driftkeeper
