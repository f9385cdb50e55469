#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/model/time.hpp"
#include "parsers/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

// SQLite in owners. Nothing here is thread-safe; a connection belongs to one mutex.
// Every function fails with `store_busy`, `store_full`, `store_damaged` or `store_failed`; no message holds a value.
namespace driftkeeper::sqlite {

// What a `?` stands for. Texts are borrowed: they must outlive the call that gets them.
class Value {
public:
    Value(std::string_view text) : value_(text) {}
    Value(const std::string& text) : value_(std::string_view(text)) {}
    Value(const char* text) : value_(std::string_view(text)) {}
    Value(std::int64_t number) : value_(number) {}
    Value(int number) : value_(std::int64_t{number}) {}
    Value(bool yes) : value_(std::int64_t{yes ? 1 : 0}) {}
    Value(std::size_t number) : value_(static_cast<std::int64_t>(number)) {}
    Value(Seconds seconds) : value_(std::int64_t{seconds.count()}) {}
    Value(TimePoint time) : value_(std::int64_t{time.time_since_epoch().count()}) {}
    Value(std::optional<TimePoint> time) {
        if (time) *this = Value(*time);
    }

    [[nodiscard]] const auto& variant() const noexcept { return value_; }

private:
    std::variant<std::monostate, std::int64_t, std::string_view> value_;  // monostate: NULL
};

using Values = std::initializer_list<Value>;

// The row that a statement stands on; valid only inside the visit that gets it. Columns count from 0.
class Row {
public:
    explicit Row(sqlite3_stmt* statement) noexcept : statement_(statement) {}

    [[nodiscard]] bool isNull(int column) const noexcept;
    [[nodiscard]] std::string_view view(int column) const noexcept;  // as long as the row
    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
    [[nodiscard]] std::int64_t integer(int column) const noexcept;
    [[nodiscard]] bool truth(int column) const noexcept { return integer(column) != 0; }
    [[nodiscard]] TimePoint time(int column) const noexcept {
        return TimePoint(std::chrono::microseconds(integer(column)));
    }
    [[nodiscard]] std::optional<TimePoint> optionalTime(int column) const noexcept {
        return isNull(column) ? std::nullopt : std::optional(time(column));
    }

private:
    sqlite3_stmt* statement_;
};

struct OpenOptions {
    std::chrono::milliseconds busyTimeout{5000};
    std::int64_t mostPages = 0;  // 0: as many as the disk holds
    bool readOnly = false;
};

// One connection in WAL mode: what is committed survives a power failure, foreign keys hold.
class Connection {
public:
    // The file must exist; an empty one becomes a database.
    static Result<Connection> open(const std::filesystem::path& file, const OpenOptions& options);

    // Several statements without values or results.
    Result<void> script(std::string_view sql);

    // One statement; how many rows it changed.
    Result<std::int64_t> run(std::string_view sql, Values values = {});

    // Every row through `make`, a function Row -> Result<T>; the first failure ends it. `make` must not use the
    // connection.
    template <class Make>
    auto rows(std::string_view sql, Values values, Make make)
        -> Result<std::vector<typename std::invoke_result_t<Make, const Row&>::value_type>>;

    // The first row, if there is one.
    template <class Make>
    auto row(std::string_view sql, Values values, Make make)
        -> Result<std::optional<typename std::invoke_result_t<Make, const Row&>::value_type>>;

    // One number: of the first column of the first row.
    Result<std::int64_t> number(std::string_view sql, Values values = {});

    [[nodiscard]] bool inTransaction() const noexcept;

private:
    struct Close {
        void operator()(sqlite3* connection) const noexcept;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    // A prepared statement in use: goes back to the connection, without its values, at the end.
    struct Rewind {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    using Use = std::unique_ptr<sqlite3_stmt, Rewind>;

    explicit Connection(sqlite3* connection) noexcept : connection_(connection) {}
    Result<Use> use(std::string_view sql, Values values);
    Result<bool> step(const Use& statement);  // true: stands on a row
    [[nodiscard]] std::unexpected<Error> failed() const;

    std::unique_ptr<sqlite3, Close> connection_;
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>>
        prepared_;  // by text; closes before the connection
};

// A row holds what no version of this program writes.
inline std::unexpected<Error> unreadable(std::string_view what) {
    return failure(Remedy::Stop, "store_damaged", "the state database holds an unreadable " + std::string(what));
}

// Rolled back unless committed.
class Transaction {
public:
    enum class Kind { Read, Write };
    static Result<Transaction> begin(Connection& connection, Kind kind);

    Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    explicit Transaction(Connection& connection) noexcept : connection_(&connection) {}
    Connection* connection_;  // null: moved away
};

template <class Make>
auto Connection::rows(std::string_view sql, Values values, Make make)
    -> Result<std::vector<typename std::invoke_result_t<Make, const Row&>::value_type>> {
    std::vector<typename std::invoke_result_t<Make, const Row&>::value_type> result;
    const auto statement = use(sql, values);
    if (!statement) return std::unexpected(statement.error());
    while (true) {
        const auto more = step(*statement);
        if (!more) return std::unexpected(more.error());
        if (!*more) return result;
        auto made = make(Row(statement->get()));
        if (!made) return std::unexpected(std::move(made.error()));
        result.push_back(*std::move(made));
    }
}

template <class Make>
auto Connection::row(std::string_view sql, Values values, Make make)
    -> Result<std::optional<typename std::invoke_result_t<Make, const Row&>::value_type>> {
    const auto statement = use(sql, values);
    if (!statement) return std::unexpected(statement.error());
    const auto more = step(*statement);
    if (!more) return std::unexpected(more.error());
    if (!*more) return std::nullopt;
    auto made = make(Row(statement->get()));
    if (!made) return std::unexpected(std::move(made.error()));
    return std::optional(*std::move(made));
}

}  // namespace driftkeeper::sqlite
