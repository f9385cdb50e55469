#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/base/guarded.hpp"
#include "daemon/model/time.hpp"
#include "parsers/result.hpp"

// The database as the store sees it: statements, rows, transactions. An engine defines Connection's
// functions in one source of its own (sqlite.cpp), and keeps its own words there. Statements are
// SQL that SQLite and PostgreSQL read alike: parameters are $1, $2 …, in any order and as often as
// needed; ON CONFLICT names its columns, and a column of the row that is there its table. Every
// function fails with `store_busy`, `store_full`, `store_damaged` or `store_failed`; no message
// holds a value.
namespace driftkeeper::sql {

// Bytes that need not be a text.
struct Bytes {
    std::string_view view;
};

using List = std::vector<std::string>;

// What a parameter stands for. Texts and lists are borrowed: they must outlive the call
// that gets them.
class Value {
public:
    Value(std::string_view text) : value_(text) {}
    Value(const std::string& text) : value_(std::string_view(text)) {}
    Value(const char* text) : value_(std::string_view(text)) {}
    Value(Bytes bytes) : value_(bytes) {}
    Value(const List& list) : value_(&list) {}  // only for Connection::elements
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
    // monostate: NULL
    std::variant<std::monostate, std::int64_t, std::string_view, Bytes, const List*> value_;
};

using Values = std::initializer_list<Value>;

struct Statement;  // the engine's: prepared, and kept by its connection for the next time

// The row that a statement stands on; valid only inside the visit that gets it. Columns
// count from 0.
class Row {
public:
    explicit Row(const Statement& statement) noexcept : statement_(&statement) {}

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
    const Statement* statement_;
};

// One text, for statements that ask for nothing else.
inline Result<std::string> firstText(const Row& row) {
    return row.text(0);
}

// What `make`, a function Row -> Result<T>, makes of a row: T.
template <class Make>
using Made = typename std::invoke_result_t<Make, const Row&>::value_type;

enum class Kind { Read, Write };  // of a transaction; a Write waits until it is the only one

// Not thread-safe. What is committed survives a power failure; foreign keys hold.
class Connection {
public:
    struct Engine;
    explicit Connection(std::unique_ptr<Engine> engine) noexcept;
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;
    ~Connection();

    // Several statements without values or results.
    Result<void> script(std::string_view sql);

    // One statement; how many rows it changed.
    Result<std::int64_t> run(std::string_view sql, Values values = {});

    // Every row through `make`; the first failure ends it. `make` must not use the connection.
    template <class Make>
    auto rows(std::string_view sql, Values values, Make make) -> Result<std::vector<Made<Make>>>;

    // The first row, if there is one.
    template <class Make>
    auto row(std::string_view sql, Values values, Make make) -> Result<std::optional<Made<Make>>>;

    // One number: of the first column of the first row.
    Result<std::int64_t> number(std::string_view sql, Values values = {});

    // A query of one column: the elements of the list that the parameter stands for, such as in
    // "id IN ({})", elements("$1").
    [[nodiscard]] std::string elements(std::string_view parameter) const;

    // Calls `work(connection)`, a function that returns a Result, in one transaction; committed
    // when it succeeds, else rolled back.
    template <class Work>
    auto transaction(Kind kind, Work&& work) -> std::invoke_result_t<Work, Connection&>;
    [[nodiscard]] bool inTransaction() const noexcept;

private:
    // A statement in use: goes back to the connection, without its values, at the end.
    struct Rewind {
        void operator()(Statement* statement) const noexcept;
    };
    using Use = std::unique_ptr<Statement, Rewind>;

    // Rolled back unless committed.
    struct Transaction {
        Connection& connection;
        ~Transaction() {
            if (connection.inTransaction()) connection.rollBack();
        }
    };

    Result<Use> use(std::string_view sql, Values values);
    Result<bool> step(const Use& statement);  // true: stands on a row
    Result<void> begin(Kind kind);
    Result<void> commit();
    void rollBack() noexcept;

    std::unique_ptr<Engine> engine_;
};

// One connection that writes and one that reads, each with its own mutex; and what has to be held
// as long as they are open, such as a lock. Thread-safe.
class Database {
public:
    Database(std::shared_ptr<const void> held, Connection writer, Connection reader)
        : held_(std::move(held)), writer_(std::move(writer)), reader_(std::move(reader)) {}

    // Calls `work(connection)` in a transaction. `work` must not use the database.
    template <class Work>
    auto write(Work&& work) -> std::invoke_result_t<Work, Connection&> {
        auto result = writer_.with(
            [&](Connection& it) { return it.transaction(Kind::Write, std::forward<Work>(work)); });
        if (!result) noteTrouble(result.error());
        return result;
    }
    template <class Work>
    auto read(Work&& work) -> std::invoke_result_t<Work, Connection&> {
        return reader_.with([&](Connection& it) { return it.transaction(Kind::Read, work); });
    }

    // What a write last failed with that the database itself is to blame for: kept until somebody
    // has seen that it can be written again.
    [[nodiscard]] std::optional<Error> trouble() const {
        return trouble_.with([](const auto& trouble) { return trouble; });
    }
    void endTrouble() {
        trouble_.with([](auto& trouble) { trouble.reset(); });
    }

private:
    void noteTrouble(const Error& error) {
        if (!error.code.starts_with("store_") || error.code == "store_busy") return;
        trouble_.with([&](auto& trouble) { trouble = error; });
    }

    std::shared_ptr<const void> held_;  // released last
    Guarded<std::optional<Error>> trouble_;
    Guarded<Connection> writer_;
    Guarded<Connection> reader_;
};

// A row holds what no version of this program writes.
inline std::unexpected<Error> unreadable(std::string_view what) {
    return failure(Remedy::Stop, "store_damaged",
                   "the state database holds an unreadable " + std::string(what));
}

// For statements of which nobody asks how many rows they changed.
inline Result<void> done(const Result<std::int64_t>& run) {
    if (!run) return std::unexpected(run.error());
    return {};
}

template <class Make>
auto Connection::rows(std::string_view sql, Values values, Make make)
    -> Result<std::vector<Made<Make>>> {
    std::vector<Made<Make>> result;
    const auto statement = use(sql, values);
    if (!statement) return std::unexpected(statement.error());
    while (true) {
        const auto more = step(*statement);
        if (!more) return std::unexpected(more.error());
        if (!*more) return result;
        auto made = make(Row(**statement));
        if (!made) return std::unexpected(std::move(made.error()));
        result.push_back(*std::move(made));
    }
}

template <class Make>
auto Connection::row(std::string_view sql, Values values, Make make)
    -> Result<std::optional<Made<Make>>> {
    const auto statement = use(sql, values);
    if (!statement) return std::unexpected(statement.error());
    const auto more = step(*statement);
    if (!more) return std::unexpected(more.error());
    if (!*more) return std::nullopt;
    auto made = make(Row(**statement));
    if (!made) return std::unexpected(std::move(made.error()));
    return std::optional(*std::move(made));
}

template <class Work>
auto Connection::transaction(Kind kind, Work&& work) -> std::invoke_result_t<Work, Connection&> {
    if (auto begun = begin(kind); !begun) return std::unexpected(begun.error());
    const Transaction untilCommitted{*this};
    auto result = work(*this);
    if (!result) return result;
    if (auto committed = commit(); !committed) return std::unexpected(committed.error());
    return result;
}

}  // namespace driftkeeper::sql
