#pragma once

#include <filesystem>
#include <memory>

#include "daemon/base/guarded.hpp"
#include "daemon/store/sqlite.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// The store in one file: one connection writes, one reads; each has its own mutex.
class SqliteStore final : public Store {
public:
    static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& directory,
                                                     const sqlite::OpenOptions& options = {});

    Result<Stack> keepStack(const Stack& stack) override;
    Result<void> removeStack(const std::string& stackId, TimePoint when) override;
    Result<std::vector<Stack>> stacks() override;
    Result<Decision> record(const Check& check, const Decide& decide) override;
    Result<Decision> decide(IncidentKind kind, const std::string& subject, const Decide& decide) override;
    Result<Decision> place(const Decide& decide) override;
    Result<Decision> remind(TimePoint since, const Decide& decide) override;
    Result<std::optional<TimePoint>> nextWaiting() override;
    Result<void> endWaits(TimePoint now) override;
    Result<void> keepSilence(const Silence& silence) override;
    Result<std::vector<Silence>> silences() override;
    Result<void> keepRules(const std::vector<std::string>& names, TimePoint now) override;
    Result<std::map<std::string, RuleHits>> ruleHits() override;
    Result<void> keepText(const std::string& key, const std::string& text) override;
    Result<std::optional<std::string>> text(const std::string& key) override;
    Result<std::optional<CleanCheck>> lastClean(const std::string& stackId) override;
    Result<std::optional<StackStatus>> status(const std::string& stackId) override;
    Result<std::vector<StackStatus>> statuses() override;
    Result<std::vector<Check>> history(const std::string& stackId, std::size_t most) override;
    Result<std::vector<Check>> historySince(const std::string& stackId, TimePoint since) override;
    Result<std::optional<ResourceGraph>> graph(const std::string& stackId) override;
    Result<std::vector<std::string>> neighbours(const std::string& stackId) override;
    Result<std::optional<Claims>> claims(std::int64_t known) override;
    Result<std::vector<Finding>> closedSince(TimePoint since) override;
    Result<std::vector<Incident>> incidents(bool openOnly, std::size_t most) override;
    Result<StoreCounts> counts() override;
    Result<PageOf<CheckLine>> checkLines(const std::string& stackId, Slice slice) override;
    Result<std::optional<Check>> check(const std::string& checkId) override;
    Result<PageOf<Finding>> closedFindings(const std::string& stackId, Slice slice) override;
    Result<PageOf<IncidentLine>> incidentLines(bool open, Slice slice, std::size_t mostMembers) override;
    Result<std::optional<IncidentLine>> incident(const std::string& id, Slice members) override;
    Result<PageOf<Delivery>> deliveries(std::optional<DeliveryState> state, Slice slice) override;
    Result<std::map<std::string, std::size_t>> deliveryCounts() override;
    Result<std::vector<Relation>> relations(const std::string& stackId) override;
    Result<std::vector<Delivery>> dueDeliveries(const std::string& channel, TimePoint now, std::size_t most) override;
    Result<void> noteAttempt(const std::string& deliveryId, TimePoint when) override;
    Result<std::optional<Delivery>> delivery(const std::string& id) override;
    Result<bool> retryDelivery(const std::string& id, TimePoint now) override;
    Result<bool> dropDelivery(const std::string& id) override;
    Result<void> noteOutcome(const Delivery& delivery) override;
    Result<std::vector<Delivery>> outbox(std::size_t most) override;
    Result<std::vector<Delivery>> lastDelivered(const std::string& channel, TimePoint since) override;
    Result<void> retain(TimePoint now) override;
    Result<std::string> constant(const std::string& key, const std::function<std::string()>& make) override;

private:
    // The open lock file: held as long as this process lives with it.
    class Lock {
    public:
        static Result<Lock> take(const std::filesystem::path& file);
        Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
        Lock& operator=(Lock&&) = delete;
        ~Lock();

    private:
        explicit Lock(int descriptor) noexcept : descriptor_(descriptor) {}
        int descriptor_;
    };

    SqliteStore(Lock lock, sqlite::Connection writer, sqlite::Connection reader)
        : lock_(std::move(lock)), writer_(std::move(writer)), reader_(std::move(reader)) {}

    // Runs `work(connection)` as one transaction; committed when it succeeds.
    template <class Work>
    auto write(Work work) -> std::invoke_result_t<Work, sqlite::Connection&>;
    template <class Work>
    auto read(Work work) -> std::invoke_result_t<Work, sqlite::Connection&>;

    Lock lock_;  // released last
    Guarded<sqlite::Connection> writer_;
    Guarded<sqlite::Connection> reader_;
};

}  // namespace driftkeeper
