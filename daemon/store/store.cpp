#include "daemon/store/store.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "daemon/store/memory_rows.hpp"
#include "daemon/store/page_rows.hpp"
#include "daemon/store/retention.hpp"
#include "daemon/store/sqlite.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

constexpr std::size_t mostDeletedAtOnce = 10'000;  // rows of each kind: readers wait meanwhile

Result<Decision> decided(Connection& connection, Result<Memory> memory, const Decide& decide) {
    if (!memory) return std::unexpected(memory.error());
    std::optional<Error> broken;
    memory->others = [&] {
        auto others = readOthers(connection, *memory);
        if (!others) broken = others.error();
        return others ? *std::move(others) : std::vector<StackStatus>();
    };
    Decision decision = decide(*memory);
    if (broken) return std::unexpected(*std::move(broken));
    if (auto written = writeDecision(connection, decision); !written)
        return std::unexpected(written.error());
    return decision;
}

Result<std::optional<TimePoint>> readOldestPending(Connection& connection) {
    constexpr std::string_view query = R"(
        SELECT min(created) FROM deliveries WHERE state IN ('pending', 'sending'))";
    const auto time = [](const Row& row) -> Result<std::optional<TimePoint>> {
        return row.optionalTime(0);
    };
    const auto oldest = connection.row(query, {}, time);
    if (!oldest) return std::unexpected(oldest.error());
    return oldest->value_or(std::nullopt);
}

}  // namespace

Store::Store(std::unique_ptr<sql::Database> database)
    : database_(std::move(database)),
      stacks(*database_),
      checks(*database_),
      incidents(*database_),
      deliveries(*database_),
      alerts(*database_),
      estate(*database_),
      quiet(*database_),
      notes(*database_) {}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& directory) {
    auto database = sqlite::openDirectory(directory);
    if (!database) return std::unexpected(database.error());
    return std::make_unique<Store>(*std::move(database));
}

Result<Decision> Store::record(Check check, const Decide& decide) {
    return database_->write([&](Connection& it) -> Result<Decision> {
        auto memory = readMemory(it, IncidentKind::Drift, check.stackId);
        if (!memory) return std::unexpected(memory.error());
        const auto dependents = readDependents(it, check);
        if (!dependents) return std::unexpected(dependents.error());
        addDependents(check.report.drifts, *dependents);
        const auto seen = std::make_shared<const Check>(std::move(check));
        memory->check = seen;
        auto decision = decided(it, std::move(memory), decide);
        if (!decision) return decision;
        if (auto written = writeCheck(it, *seen); !written) return std::unexpected(written.error());
        if (auto counted = countHits(it, *seen); !counted) return std::unexpected(counted.error());
        return decision;
    });
}

Result<Decision> Store::decide(IncidentKind kind, const std::string& subject,
                               const Decide& decide) {
    return database_->write(
        [&](Connection& it) { return decided(it, readMemory(it, kind, subject), decide); });
}

Result<Decision> Store::place(const Decide& decide) {
    return database_->write([&](Connection& it) { return decided(it, readWaiting(it), decide); });
}

Result<Decision> Store::remind(TimePoint since, const Decide& decide) {
    return database_->write(
        [&](Connection& it) { return decided(it, readUnmentioned(it, since), decide); });
}

// From indexes alone: every scrape asks for it.
Result<StoreCounts> Store::counts() {
    constexpr std::string_view open = R"(
        SELECT kind, count(*) FROM incidents WHERE closed IS NULL GROUP BY kind)";
    constexpr std::string_view pending = R"(
        SELECT channel, count(*) FROM deliveries
        WHERE state IN ('pending', 'sending') GROUP BY channel)";
    return database_->read([&](Connection& it) -> Result<StoreCounts> {
        auto openIncidents = countsBy(it, open);
        if (!openIncidents) return std::unexpected(openIncidents.error());
        auto outbox = countsBy(it, pending);
        if (!outbox) return std::unexpected(outbox.error());
        const auto oldest = readOldestPending(it);
        if (!oldest) return std::unexpected(oldest.error());
        return StoreCounts{*std::move(openIncidents), *std::move(outbox), *oldest};
    });
}

Result<void> Store::retain(TimePoint now) {
    return database_->write([&](Connection& it) { return deleteOld(it, now, mostDeletedAtOnce); });
}

}  // namespace driftkeeper
