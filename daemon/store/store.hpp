#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/model/page_of.hpp"
#include "parsers/result.hpp"

namespace driftkeeper {

// The memory of the daemon. Thread-safe. Every function fails with `store_busy`, `store_full` (disk), `store_damaged`
// or `store_failed`; what failed left nothing behind.
class Store {
public:
    virtual ~Store() = default;

    // Gives the stack its id (a known one for a known repository + name, or for renamedFrom) and keeps its properties.
    // A stack that was removed earlier comes back with its history. What only the settings know and may be secret
    // (environment, environmentFile, backendConfig) and renamedFrom are not kept: the answer holds them, later reads
    // leave them empty.
    virtual Result<Stack> keepStack(const Stack& stack) = 0;
    virtual Result<void> removeStack(const std::string& stackId, TimePoint when) = 0;
    virtual Result<std::vector<Stack>> stacks() = 0;  // those not removed

    // One check and all that follows from it in one transaction: reads the memory of its stack, calls the pure `decide`
    // (which may run again, and must not call the store), writes check, its graph with what ties it to other stacks,
    // findings, incidents and deliveries. Of a run of in_sync checks that saw the same, the first and the last stay.
    virtual Result<Decision> record(const Check& check, const Decide& decide) = 0;

    // The same without a check: about a stack (by its id), a repository or a channel.
    virtual Result<Decision> decide(IncidentKind kind, const std::string& subject, const Decide& decide) = 0;

    // The same about everything of the fleet that waits (Finding::deferredUntil) or is not confirmed yet.
    virtual Result<Decision> place(const Decide& decide) = 0;
    // The earliest end of a wait, the epoch while an incident owes a change; nullopt: nothing waits.
    virtual Result<std::optional<TimePoint>> nextWaiting() = 0;
    // The same about every open incident that somebody is told of, and that was told last at `since` or before.
    virtual Result<Decision> remind(TimePoint since, const Decide& decide) = 0;
    virtual Result<void> endWaits(TimePoint now) = 0;  // a mute was lifted: all that waits is looked at again

    // Silences, those that ended too; keeping a known id again only moves its end.
    virtual Result<void> keepSilence(const Silence& silence) = 0;
    virtual Result<std::vector<Silence>> silences() = 0;  // `match` is left empty

    // What ignore rules did: `record` counts what a check's rules hid. keepRules: these are there, since now if new.
    virtual Result<void> keepRules(const std::vector<std::string>& names, TimePoint now) = 0;
    virtual Result<std::map<std::string, RuleHits>> ruleHits() = 0;

    // A text that is kept under a key until the next one comes, such as the last good rule file of a repository.
    virtual Result<void> keepText(const std::string& key, const std::string& text) = 0;
    virtual Result<std::optional<std::string>> text(const std::string& key) = 0;

    virtual Result<std::optional<CleanCheck>> lastClean(const std::string& stackId) = 0;
    virtual Result<std::optional<StackStatus>> status(const std::string& stackId) = 0;  // also of a removed stack
    virtual Result<std::vector<StackStatus>> statuses() = 0;                            // by full name
    virtual Result<std::vector<Check>> history(const std::string& stackId, std::size_t most) = 0;  // newest first
    virtual Result<std::vector<Check>> historySince(const std::string& stackId, TimePoint since) = 0;
    virtual Result<std::optional<ResourceGraph>> graph(const std::string& stackId) = 0;  // of the last check with one
    // Ids of the stack and of those that share a key or a thing with it.
    virtual Result<std::vector<std::string>> neighbours(const std::string& stackId) = 0;
    // Every thing that two stacks claim; nullopt: no claim came or went since the version `known`.
    virtual Result<std::optional<Claims>> claims(std::int64_t known) = 0;
    virtual Result<std::vector<Finding>> closedSince(TimePoint since) = 0;                 // told ones
    virtual Result<std::vector<Incident>> incidents(bool openOnly, std::size_t most) = 0;  // newest first

    virtual Result<StoreCounts> counts() = 0;

    // The same in parts, for whoever looks at one screen of it; newest first.
    virtual Result<PageOf<CheckLine>> checkLines(const std::string& stackId, Slice slice) = 0;
    virtual Result<std::optional<Check>> check(const std::string& checkId) = 0;
    virtual Result<PageOf<Finding>> closedFindings(const std::string& stackId, Slice slice) = 0;  // told ones
    virtual Result<PageOf<IncidentLine>> incidentLines(bool open, Slice slice, std::size_t mostMembers) = 0;
    virtual Result<std::optional<IncidentLine>> incident(const std::string& id, Slice members) = 0;
    virtual Result<PageOf<Delivery>> deliveries(std::optional<DeliveryState> state, Slice slice) = 0;  // no notices
    virtual Result<std::map<std::string, std::size_t>> deliveryCounts() = 0;                           // by state
    // What other stacks have to do with this one, each once for each kind.
    virtual Result<std::vector<Relation>> relations(const std::string& stackId) = 0;

    // The outbox. Due: the oldest undelivered row (Pending or Sending) of each incident on the channel, when its time
    // has come. A row in state Sending is due again: ask only when no attempt on the channel is under way.
    virtual Result<std::vector<Delivery>> dueDeliveries(const std::string& channel, TimePoint now,
                                                        std::size_t most) = 0;
    virtual Result<void> noteAttempt(const std::string& deliveryId, TimePoint when) = 0;  // before sending: Sending
    // After it: keeps state, attempts, nextAttempt, lastOutcome, step and memo.
    virtual Result<void> noteOutcome(const Delivery& delivery) = 0;
    virtual Result<std::vector<Delivery>> outbox(std::size_t most) = 0;  // not delivered ones first, then newest
    virtual Result<std::optional<Delivery>> delivery(const std::string& id) = 0;
    // Only from Pending or Dead: to Pending, due now, or to Dropped. False: it is in another state, or not known.
    virtual Result<bool> retryDelivery(const std::string& id, TimePoint now) = 0;
    virtual Result<bool> dropDelivery(const std::string& id) = 0;
    // The last notice that went out for each incident of the channel that is open or was closed after `since`.
    virtual Result<std::vector<Delivery>> lastDelivered(const std::string& channel, TimePoint since) = 0;

    // Deletes what is older than its time (retention.hpp). Bounded work per call.
    virtual Result<void> retain(TimePoint now) = 0;

    // A value that belongs to the installation, made at first use by `make`.
    virtual Result<std::string> constant(const std::string& key, const std::function<std::string()>& make) = 0;
};

// Opens or makes DIRECTORY/driftkeeper.db (mode 0600; the directory must exist) and brings its schema up to date. Fails
// with `store_locked` when another process has it, `store_newer` when a newer version wrote it.
Result<std::unique_ptr<Store>> openSqliteStore(const std::filesystem::path& directory);

}  // namespace driftkeeper
