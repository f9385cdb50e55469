#include "daemon/store/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <unordered_map>

#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

// SQLite often reads errno after a rollback has changed it: where files may only grow to a size, a
// write that failed has met that limit.
bool isLimited() noexcept {
    rlimit limit{};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

Error errorOf(int code, int systemError, const char* text) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Remedy::Retry, "store_busy", "another process holds the state database"};
        case SQLITE_FULL:
            return {Remedy::FixSetup, "store_full", "no space is left for the state database"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {Remedy::Stop, "store_damaged",
                    fmt::format("the state database is damaged ({})", text)};
        default:
            break;
    }
    const bool isFull = systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG;
    if (((code & 0xff) == SQLITE_IOERR && isFull) || (code == SQLITE_IOERR_WRITE && isLimited()))
        return {Remedy::FixSetup, "store_full", "no space is left for the state database"};
    return {Remedy::FixSetup, "store_failed",
            fmt::format("the state database failed ({}, code {})", text, code)};
}

struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
};
struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

// SQLite counts parameters as they appear: which value each one stands for, "$3" for the third.
std::vector<std::size_t> parametersOf(sqlite3_stmt* statement) {
    std::vector<std::size_t> numbers;
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
        const char* text = sqlite3_bind_parameter_name(statement, i);
        const std::string_view name = text == nullptr ? std::string_view() : text;
        std::size_t number = 0;
        if (name.starts_with('$'))
            std::from_chars(name.data() + 1, name.data() + name.size(), number);
        assert(number > 0);
        numbers.push_back(number);
    }
    return numbers;
}

struct Bind {
    sqlite3_stmt* statement;
    int index;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t number) const {
        return sqlite3_bind_int64(statement, index, number);
    }
    int operator()(std::string_view text) const {
        // A null pointer would bind NULL: an empty text is a text.
        return sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(),
                                   SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(sql::Bytes bytes) const {
        return sqlite3_bind_blob64(statement, index, bytes.view.empty() ? "" : bytes.view.data(),
                                   bytes.view.size(), SQLITE_STATIC);
    }
    int operator()(const sql::List* list) const {
        const std::string text = listJson(*list);
        return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    }
};

// Finds a statement by a text that nobody owns.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>()(text);
    }
};

}  // namespace

struct sql::Statement {
    std::unique_ptr<sqlite3_stmt, Finalize> handle;
    std::vector<std::size_t> parameters;
};

struct sql::Connection::Engine {
    std::unique_ptr<sqlite3, Close> handle;
    // By text; closes before the connection.
    std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> prepared;

    [[nodiscard]] std::unexpected<Error> failed() const {
        return std::unexpected(errorOf(sqlite3_extended_errcode(handle.get()),
                                       sqlite3_system_errno(handle.get()),
                                       sqlite3_errmsg(handle.get())));
    }
};

namespace sql {

bool Row::isNull(int column) const noexcept {
    return sqlite3_column_type(statement_->handle.get(), column) == SQLITE_NULL;
}

std::string_view Row::view(int column) const noexcept {
    auto* statement = statement_->handle.get();
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

std::int64_t Row::integer(int column) const noexcept {
    return sqlite3_column_int64(statement_->handle.get(), column);
}

void Connection::Rewind::operator()(Statement* statement) const noexcept {
    sqlite3_reset(statement->handle.get());
    sqlite3_clear_bindings(statement->handle.get());
}

Connection::Connection(std::unique_ptr<Engine> engine) noexcept : engine_(std::move(engine)) {}
Connection::Connection(Connection&& other) noexcept = default;
Connection::~Connection() = default;

Result<void> Connection::script(std::string_view sql) {
    if (sqlite3_exec(engine_->handle.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) !=
        SQLITE_OK)
        return engine_->failed();
    return {};
}

Result<std::int64_t> Connection::run(std::string_view sql, Values values) {
    const auto statement = use(sql, values);
    if (!statement) return std::unexpected(statement.error());
    if (const auto more = step(*statement); !more) return std::unexpected(more.error());
    return sqlite3_changes64(engine_->handle.get());
}

Result<std::int64_t> Connection::number(std::string_view sql, Values values) {
    const auto found =
        row(sql, values, [](const Row& it) -> Result<std::int64_t> { return it.integer(0); });
    if (!found) return std::unexpected(found.error());
    return found->value_or(0);
}

std::string Connection::elements(std::string_view parameter) const {
    return fmt::format("SELECT value FROM json_each({})", parameter);
}

Result<Connection::Use> Connection::use(std::string_view sql, Values values) {
    auto known = engine_->prepared.find(sql);
    if (known == engine_->prepared.end()) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v3(engine_->handle.get(), sql.data(), static_cast<int>(sql.size()),
                               SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK)
            return engine_->failed();
        Statement statement{std::unique_ptr<sqlite3_stmt, Finalize>(made), parametersOf(made)};
        known = engine_->prepared.emplace(sql, std::move(statement)).first;
    }
    auto& [handle, parameters] = known->second;
    assert(sqlite3_stmt_busy(handle.get()) == 0);
    assert(parameters.size() == values.size());
    Use statement(&known->second);
    int index = 0;
    for (const std::size_t number : parameters) {
        assert(number <= values.size());
        const Value& value = values.begin()[number - 1];
        if (std::visit(Bind{handle.get(), ++index}, value.variant()) != SQLITE_OK)
            return engine_->failed();
    }
    return statement;
}

Result<bool> Connection::step(const Use& statement) {
    const int code = sqlite3_step(statement->handle.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return engine_->failed();
}

Result<void> Connection::begin(Kind kind) {
    return done(run(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"));
}

Result<void> Connection::commit() {
    return done(run("COMMIT"));
}

void Connection::rollBack() noexcept {
    (void)run("ROLLBACK");
}

bool Connection::inTransaction() const noexcept {
    return sqlite3_get_autocommit(engine_->handle.get()) == 0;
}

}  // namespace sql

Result<sql::Connection> sqlite::open(const std::filesystem::path& file,
                                     const OpenOptions& options) {
    auto engine = std::make_unique<sql::Connection::Engine>();
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(
        file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
        nullptr);
    engine->handle.reset(handle);
    if (handle == nullptr) return std::unexpected(errorOf(code, 0, sqlite3_errstr(code)));
    if (code != SQLITE_OK) return engine->failed();
    sqlite3_busy_timeout(handle, static_cast<int>(options.busyTimeout.count()));
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    std::string settings = R"sql(
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA journal_size_limit = 67108864;)sql";
    if (options.mostPages > 0)
        settings += fmt::format("PRAGMA max_page_count = {};", options.mostPages);
    // Not SQLITE_OPEN_READONLY: a reader of a WAL database writes to its shared memory.
    if (options.readOnly) settings += "PRAGMA query_only = ON;";
    sql::Connection connection(std::move(engine));
    if (auto set = connection.script(settings); !set) return std::unexpected(set.error());
    return connection;
}

}  // namespace driftkeeper
