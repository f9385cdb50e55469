#include "daemon/store/store.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/model/utc.hpp"
#include "daemon/store/memory_rows.hpp"
#include "daemon/store/page_rows.hpp"
#include "daemon/store/retention.hpp"
#include "daemon/store/sqlite.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

constexpr const char* lossKey = "database_replaced";
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
    auto store = std::make_unique<Store>(*std::move(database));
    const auto loss = store->loss();
    if (!loss) return std::unexpected(loss.error());
    store->hasLost_ = loss->has_value();
    return store;
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

Result<std::int64_t> Store::clampFuture(TimePoint now, Seconds longestWait) {
    constexpr std::array<std::string_view, 4> stamps = {
        "UPDATE incidents SET told = $1 WHERE closed IS NULL AND told > $1",
        "UPDATE stacks SET conclusive_time = $1 WHERE conclusive_time > $1",
        "UPDATE stacks SET looked = $1 WHERE looked > $1",
        R"(UPDATE silences SET until_time = until_time - (from_time - $1), from_time = $1
           WHERE from_time > $1)"};
    constexpr std::string_view retries = R"(
        UPDATE deliveries SET next_attempt = $1
        WHERE state IN ('pending', 'sending') AND next_attempt > $2)";
    // A mute may want so long a wait: it is asked again at once, so these do not count.
    constexpr std::string_view waits = R"(
        UPDATE findings SET waits_until = $1 WHERE closed IS NULL AND waits_until > $2)";
    return database_->write([&](Connection& it) -> Result<std::int64_t> {
        std::int64_t rows = 0;
        for (const auto stamp : stamps) {
            const auto changed = it.run(stamp, {now});
            if (!changed) return changed;
            rows += *changed;
        }
        const auto retried = it.run(retries, {now, now + longestWait});
        if (!retried) return retried;
        const auto asked = it.run(waits, {now, now + longestWait});
        if (!asked) return asked;
        return rows + *retried;
    });
}

std::optional<Error> Store::trouble() const {
    return database_->trouble();
}

void Store::endTrouble() {
    database_->endTrouble();
}

Result<void> Store::lose(std::string_view what, TimePoint now) {
    hasLost_ = true;
    return notes.keep(lossKey, fmt::format("{} {}", utcText(now), what));
}

Result<void> Store::settleLoss() {
    hasLost_ = false;
    return notes.keep(lossKey, "");
}

Result<std::optional<Store::Loss>> Store::loss() {
    const auto text = notes.find(lossKey);
    if (!text) return std::unexpected(text.error());
    const auto blank = text->value_or("").find(' ');
    if (blank == std::string::npos) return std::nullopt;
    const auto since = utcFrom((*text)->substr(0, blank));
    return Loss{(*text)->substr(blank + 1), since.value_or(TimePoint())};
}

Result<void> Store::retain(TimePoint now) {
    return database_->write([&](Connection& it) { return deleteOld(it, now, mostDeletedAtOnce); });
}

}  // namespace driftkeeper
