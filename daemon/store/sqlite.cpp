#include "daemon/store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cassert>
#include <cerrno>

namespace driftkeeper::sqlite {
namespace {

Error errorOf(int code, int systemError, const char* text) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Remedy::Retry, "store_busy", "another process holds the state database"};
        case SQLITE_FULL:
            return {Remedy::FixSetup, "store_full", "no space is left for the state database"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {Remedy::Stop, "store_damaged", fmt::format("the state database is damaged ({})", text)};
        default:
            break;
    }
    if ((code & 0xff) == SQLITE_IOERR && (systemError == ENOSPC || systemError == EDQUOT))
        return {Remedy::FixSetup, "store_full", "no space is left for the state database"};
    return {Remedy::FixSetup, "store_failed", fmt::format("the state database failed ({}, code {})", text, code)};
}

struct Bind {
    sqlite3_stmt* statement;
    int index;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
    int operator()(std::string_view text) const {
        // A null pointer would bind NULL: an empty text is a text.
        return sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
    }
};

}  // namespace

bool Row::isNull(int column) const noexcept {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Row::view(int column) const noexcept {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Row::integer(int column) const noexcept {
    return sqlite3_column_int64(statement_, column);
}

void Connection::Close::operator()(sqlite3* connection) const noexcept {
    sqlite3_close_v2(connection);
}
void Connection::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}
void Connection::Rewind::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

Result<Connection> Connection::open(const std::filesystem::path& file, const OpenOptions& options) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Connection connection(handle);
    if (code != SQLITE_OK) {
        if (handle == nullptr) return std::unexpected(errorOf(code, 0, sqlite3_errstr(code)));
        return connection.failed();
    }
    sqlite3_busy_timeout(handle, static_cast<int>(options.busyTimeout.count()));
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    std::string settings =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
        "PRAGMA journal_size_limit = 67108864;";
    if (options.mostPages > 0) settings += fmt::format("PRAGMA max_page_count = {};", options.mostPages);
    // Not SQLITE_OPEN_READONLY: a reader of a WAL database writes to its shared memory.
    if (options.readOnly) settings += "PRAGMA query_only = ON;";
    if (auto set = connection.script(settings); !set) return std::unexpected(set.error());
    return connection;
}

Result<void> Connection::script(std::string_view sql) {
    if (sqlite3_exec(connection_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failed();
    return {};
}

Result<std::int64_t> Connection::run(std::string_view sql, Values values) {
    const auto statement = use(sql, values);
    if (!statement) return std::unexpected(statement.error());
    const auto more = step(*statement);
    if (!more) return std::unexpected(more.error());
    return sqlite3_changes64(connection_.get());
}

Result<std::int64_t> Connection::number(std::string_view sql, Values values) {
    const auto found = row(sql, values, [](const Row& it) -> Result<std::int64_t> { return it.integer(0); });
    if (!found) return std::unexpected(found.error());
    return found->value_or(0);
}

bool Connection::inTransaction() const noexcept {
    return sqlite3_get_autocommit(connection_.get()) == 0;
}

Result<Connection::Use> Connection::use(std::string_view sql, Values values) {
    auto& prepared = prepared_[std::string(sql)];
    if (!prepared) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                               &made, nullptr) != SQLITE_OK)
            return failed();
        prepared.reset(made);
    }
    assert(sqlite3_stmt_busy(prepared.get()) == 0);
    assert(sqlite3_bind_parameter_count(prepared.get()) == static_cast<int>(values.size()));
    Use statement(prepared.get());
    int index = 0;
    for (const Value& value : values)
        if (std::visit(Bind{statement.get(), ++index}, value.variant()) != SQLITE_OK) return failed();
    return statement;
}

Result<bool> Connection::step(const Use& statement) {
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failed();
}

std::unexpected<Error> Connection::failed() const {
    auto* handle = connection_.get();
    return std::unexpected(
        errorOf(sqlite3_extended_errcode(handle), sqlite3_system_errno(handle), sqlite3_errmsg(handle)));
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
    if (auto begun = connection.run(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"); !begun)
        return std::unexpected(begun.error());
    return Transaction(connection);
}

// A full disk can have ended the transaction already.
Transaction::~Transaction() {
    if (connection_ != nullptr && connection_->inTransaction()) (void)connection_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
    if (auto committed = connection_->run("COMMIT"); !committed) return std::unexpected(committed.error());
    return {};
}

}  // namespace driftkeeper::sqlite
