#include "daemon/store/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "daemon/store/counts.hpp"
#include "daemon/store/delivery_rows.hpp"
#include "daemon/store/estate_rows.hpp"
#include "daemon/store/list_rows.hpp"
#include "daemon/store/memory_rows.hpp"
#include "daemon/store/quiet_rows.hpp"
#include "daemon/store/retention.hpp"
#include "daemon/store/schema.hpp"
#include "daemon/store/stack_rows.hpp"

namespace driftkeeper {
namespace {

using sqlite::Connection;
using sqlite::Transaction;

constexpr std::size_t mostDeletedAtOnce = 10'000;

std::unexpected<Error> fileFailure(const std::filesystem::path& file, int code) {
    if (code == ENOSPC || code == EDQUOT)
        return failure(Remedy::FixSetup, "store_full", fmt::format("no space is left for {}", file.string()));
    return failure(Remedy::FixSetup, "store_failed",
                   fmt::format("{} cannot be opened: {}", file.string(), std::generic_category().message(code)));
}

// SQLite gives its other files the mode of this one.
Result<void> makePrivateFile(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return fileFailure(file, errno);
    const bool isPrivate = ::fchmod(descriptor, 0600) == 0;
    const int code = errno;
    ::close(descriptor);
    if (!isPrivate) return fileFailure(file, code);
    return {};
}

template <class Work>
auto inTransaction(Connection& connection, Transaction::Kind kind, Work& work)
    -> std::invoke_result_t<Work, Connection&> {
    auto transaction = Transaction::begin(connection, kind);
    if (!transaction) return std::unexpected(transaction.error());
    auto result = work(connection);
    if (!result) return result;
    if (auto committed = transaction->commit(); !committed) return std::unexpected(committed.error());
    return result;
}

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
    if (auto written = writeDecision(connection, decision); !written) return std::unexpected(written.error());
    return decision;
}

}  // namespace

Result<SqliteStore::Lock> SqliteStore::Lock::take(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return fileFailure(file, errno);
    Lock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) return fileFailure(file, errno);
    return failure(Remedy::Stop, "store_locked", fmt::format("another process uses {}", file.parent_path().string()));
}

SqliteStore::Lock::~Lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& directory,
                                                       const sqlite::OpenOptions& options) {
    const auto file = directory / "driftkeeper.db";
    auto lock = Lock::take(directory / "driftkeeper.lock");
    if (!lock) return std::unexpected(lock.error());
    if (auto made = makePrivateFile(file); !made) return std::unexpected(made.error());
    auto writer = Connection::open(file, options);
    if (!writer) return std::unexpected(writer.error().within(file.string()));
    if (auto migrated = migrate(*writer, schemaSteps(), file); !migrated)
        return std::unexpected(migrated.error().within(file.string()));
    auto readOptions = options;
    readOptions.readOnly = true;
    auto reader = Connection::open(file, readOptions);
    if (!reader) return std::unexpected(reader.error().within(file.string()));
    return std::unique_ptr<SqliteStore>(new SqliteStore(*std::move(lock), *std::move(writer), *std::move(reader)));
}

template <class Work>
auto SqliteStore::write(Work work) -> std::invoke_result_t<Work, Connection&> {
    return writer_.with([&](Connection& it) { return inTransaction(it, Transaction::Kind::Write, work); });
}

template <class Work>
auto SqliteStore::read(Work work) -> std::invoke_result_t<Work, Connection&> {
    return reader_.with([&](Connection& it) { return inTransaction(it, Transaction::Kind::Read, work); });
}

Result<Stack> SqliteStore::keepStack(const Stack& stack) {
    return write([&](Connection& it) { return driftkeeper::keepStack(it, stack); });
}

Result<void> SqliteStore::removeStack(const std::string& stackId, TimePoint when) {
    return write([&](Connection& it) { return driftkeeper::removeStack(it, stackId, when); });
}

Result<std::vector<Stack>> SqliteStore::stacks() {
    return read(readStacks);
}

Result<Decision> SqliteStore::record(const Check& check, const Decide& decide) {
    return write([&](Connection& it) -> Result<Decision> {
        auto memory = readMemory(it, IncidentKind::Drift, check.stackId);
        if (!memory) return std::unexpected(memory.error());
        auto dependents = readDependents(it, check);
        if (!dependents) return std::unexpected(dependents.error());
        const bool isUsedElsewhere = !dependents->empty();
        Check seen;
        if (isUsedElsewhere) {
            seen = check;
            addDependents(seen.report.drifts, *dependents);
        }
        memory->dependents = *std::move(dependents);
        auto decision = decided(it, std::move(memory), decide);
        if (!decision) return decision;
        if (auto written = writeCheck(it, isUsedElsewhere ? seen : check); !written)
            return std::unexpected(written.error());
        if (auto counted = countHits(it, check); !counted) return std::unexpected(counted.error());
        return decision;
    });
}

Result<Decision> SqliteStore::decide(IncidentKind kind, const std::string& subject, const Decide& decide) {
    return write([&](Connection& it) { return decided(it, readMemory(it, kind, subject), decide); });
}

Result<Decision> SqliteStore::place(const Decide& decide) {
    return write([&](Connection& it) { return decided(it, readWaiting(it), decide); });
}

Result<Decision> SqliteStore::remind(TimePoint since, const Decide& decide) {
    return write([&](Connection& it) { return decided(it, readUnmentioned(it, since), decide); });
}

Result<std::optional<TimePoint>> SqliteStore::nextWaiting() {
    return read(readNextWaiting);
}

Result<void> SqliteStore::endWaits(TimePoint now) {
    return write([&](Connection& it) { return driftkeeper::endWaits(it, now); });
}

Result<void> SqliteStore::keepSilence(const Silence& silence) {
    return write([&](Connection& it) { return driftkeeper::keepSilence(it, silence); });
}

Result<std::vector<Silence>> SqliteStore::silences() {
    return read(readSilences);
}

Result<void> SqliteStore::keepRules(const std::vector<std::string>& names, TimePoint now) {
    return write([&](Connection& it) { return driftkeeper::keepRules(it, names, now); });
}

Result<std::map<std::string, RuleHits>> SqliteStore::ruleHits() {
    return read(readRuleHits);
}

Result<void> SqliteStore::keepText(const std::string& key, const std::string& text) {
    return write([&](Connection& it) { return driftkeeper::keepText(it, key, text); });
}

Result<std::optional<std::string>> SqliteStore::text(const std::string& key) {
    return read([&](Connection& it) { return readText(it, key); });
}

Result<std::optional<CleanCheck>> SqliteStore::lastClean(const std::string& stackId) {
    return read([&](Connection& it) { return readLastClean(it, stackId); });
}

Result<std::optional<StackStatus>> SqliteStore::status(const std::string& stackId) {
    return read([&](Connection& it) { return readStatus(it, stackId); });
}

Result<std::vector<StackStatus>> SqliteStore::statuses() {
    return read(readStatuses);
}

Result<std::vector<Check>> SqliteStore::history(const std::string& stackId, std::size_t most) {
    return read([&](Connection& it) { return readHistory(it, stackId, most); });
}

Result<std::vector<Check>> SqliteStore::historySince(const std::string& stackId, TimePoint since) {
    return read([&](Connection& it) { return readHistorySince(it, stackId, since); });
}

Result<std::optional<ResourceGraph>> SqliteStore::graph(const std::string& stackId) {
    return read([&](Connection& it) { return readGraph(it, stackId); });
}

Result<std::vector<std::string>> SqliteStore::neighbours(const std::string& stackId) {
    return read([&](Connection& it) { return readNeighbours(it, stackId); });
}

Result<std::optional<Claims>> SqliteStore::claims(std::int64_t known) {
    return read([&](Connection& it) { return readClaims(it, known); });
}

Result<std::vector<Finding>> SqliteStore::closedSince(TimePoint since) {
    return read([&](Connection& it) { return readClosedSince(it, since); });
}

Result<std::vector<Incident>> SqliteStore::incidents(bool openOnly, std::size_t most) {
    return read([&](Connection& it) { return readIncidents(it, openOnly, most); });
}

Result<StoreCounts> SqliteStore::counts() {
    return read(readCounts);
}

Result<PageOf<CheckLine>> SqliteStore::checkLines(const std::string& stackId, Slice slice) {
    return read([&](Connection& it) { return readCheckLines(it, stackId, slice); });
}

Result<std::optional<Check>> SqliteStore::check(const std::string& checkId) {
    return read([&](Connection& it) { return readCheck(it, checkId); });
}

Result<PageOf<Finding>> SqliteStore::closedFindings(const std::string& stackId, Slice slice) {
    return read([&](Connection& it) { return readClosedFindings(it, stackId, slice); });
}

Result<PageOf<IncidentLine>> SqliteStore::incidentLines(bool open, Slice slice, std::size_t mostMembers) {
    return read([&](Connection& it) { return readIncidentLines(it, open, slice, mostMembers); });
}

Result<std::optional<IncidentLine>> SqliteStore::incident(const std::string& id, Slice members) {
    return read([&](Connection& it) { return readIncident(it, id, members); });
}

Result<PageOf<Delivery>> SqliteStore::deliveries(std::optional<DeliveryState> state, Slice slice) {
    return read([&](Connection& it) { return readDeliveries(it, state, slice); });
}

Result<std::map<std::string, std::size_t>> SqliteStore::deliveryCounts() {
    return read(readDeliveryCounts);
}

Result<std::vector<Relation>> SqliteStore::relations(const std::string& stackId) {
    return read([&](Connection& it) { return readRelations(it, stackId); });
}

Result<std::vector<Delivery>> SqliteStore::dueDeliveries(const std::string& channel, TimePoint now, std::size_t most) {
    return read([&](Connection& it) { return readDue(it, channel, now, most); });
}

Result<void> SqliteStore::noteAttempt(const std::string& deliveryId, TimePoint when) {
    return write([&](Connection& it) { return driftkeeper::noteAttempt(it, deliveryId, when); });
}

Result<void> SqliteStore::noteOutcome(const Delivery& delivery) {
    return write([&](Connection& it) { return driftkeeper::noteOutcome(it, delivery); });
}

Result<std::optional<Delivery>> SqliteStore::delivery(const std::string& id) {
    return read([&](Connection& it) { return readDelivery(it, id); });
}

Result<bool> SqliteStore::retryDelivery(const std::string& id, TimePoint now) {
    return write([&](Connection& it) { return driftkeeper::retryDelivery(it, id, now); });
}

Result<bool> SqliteStore::dropDelivery(const std::string& id) {
    return write([&](Connection& it) { return driftkeeper::dropDelivery(it, id); });
}

Result<std::vector<Delivery>> SqliteStore::outbox(std::size_t most) {
    return read([&](Connection& it) { return readOutbox(it, most); });
}

Result<std::vector<Delivery>> SqliteStore::lastDelivered(const std::string& channel, TimePoint since) {
    return read([&](Connection& it) { return readLastDelivered(it, channel, since); });
}

Result<void> SqliteStore::retain(TimePoint now) {
    return write([&](Connection& it) { return deleteOld(it, now, mostDeletedAtOnce); });
}

Result<std::string> SqliteStore::constant(const std::string& key, const std::function<std::string()>& make) {
    const auto text = [](const sqlite::Row& row) -> Result<std::string> { return row.text(0); };
    return write([&](Connection& it) -> Result<std::string> {
        auto known = it.row("SELECT value FROM constants WHERE key = ?", {key}, text);
        if (!known) return std::unexpected(known.error());
        if (*known) return **std::move(known);
        std::string made = make();
        auto written = it.run("INSERT INTO constants (key, value) VALUES (?, CAST(? AS BLOB))", {key, made});
        if (!written) return std::unexpected(written.error());
        return made;
    });
}

Result<std::unique_ptr<Store>> openSqliteStore(const std::filesystem::path& directory) {
    return SqliteStore::open(directory);
}

}  // namespace driftkeeper
