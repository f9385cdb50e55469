#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/model/memory.hpp"
#include "daemon/store/alert_store.hpp"
#include "daemon/store/check_store.hpp"
#include "daemon/store/delivery_store.hpp"
#include "daemon/store/estate_store.hpp"
#include "daemon/store/incident_store.hpp"
#include "daemon/store/note_store.hpp"
#include "daemon/store/quiet_store.hpp"
#include "daemon/store/sql.hpp"
#include "daemon/store/stack_store.hpp"

namespace driftkeeper {

// The memory of the daemon: decisions, which join everything in one transaction, and its parts.
// Thread-safe; fails as sql.hpp says, and what failed left nothing behind.
class Store {
public:
    // Opens DIRECTORY/driftkeeper.db (sqlite.hpp says how).
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory);

    explicit Store(std::unique_ptr<sql::Database> database);
    Store(const Store&) = delete;  // its parts refer to its database

    // One check and all that follows from it in one transaction: reads the memory of its stack,
    // adds to the check's drifts what depends on them in other stacks, calls the pure `decide`
    // (which must not call the store), writes check, its graph with what ties it to other stacks,
    // findings, incidents and deliveries. Of a run of in_sync checks that saw the same, the first
    // and the last stay.
    Result<Decision> record(Check check, const Decide& decide);

    // The same without a check: about a stack (by its id), a repository or a channel.
    Result<Decision> decide(IncidentKind kind, const std::string& subject, const Decide& decide);
    // The same about everything of the fleet that waits (Finding::deferredUntil) or is not
    // confirmed yet.
    Result<Decision> place(const Decide& decide);
    // The same about every open incident that somebody is told of, and that was told last at
    // `since` or before.
    Result<Decision> remind(TimePoint since, const Decide& decide);

    Result<StoreCounts> counts();

    // Why the database could not be written, until endTrouble() says that it can be.
    [[nodiscard]] std::optional<Error> trouble() const;
    void endTrouble();

    // What it had known is lost (state_marker.hpp): a first look is not the first one. Until it is
    // settled, over restarts.
    [[nodiscard]] bool hasLost() const noexcept { return hasLost_; }
    Result<void> lose(std::string_view what, TimePoint now);
    Result<void> settleLoss();
    struct Loss {
        std::string what;  // as name(StateLoss)
        TimePoint since{};
    };
    Result<std::optional<Loss>> loss();

    // The wall clock was ahead: what is stored as later than `now` and would wait for it, or vouch
    // until then, is from now on: waits (those of more than `longestWait`), what was alerted last,
    // the last complete checks, silences (as long as they were asked for). Returns how many rows.
    Result<std::int64_t> clampFuture(TimePoint now, Seconds longestWait);

    // Deletes what is older than its time (retention.hpp). Bounded work per call.
    Result<void> retain(TimePoint now);

private:
    std::atomic<bool> hasLost_ = false;
    std::unique_ptr<sql::Database> database_;  // before the parts, which refer to it

public:
    StackStore stacks;
    CheckStore checks;
    IncidentStore incidents;
    DeliveryStore deliveries;
    AlertStore alerts;
    EstateStore estate;
    QuietStore quiet;
    NoteStore notes;
};

}  // namespace driftkeeper
