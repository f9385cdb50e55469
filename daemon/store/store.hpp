#pragma once

#include <filesystem>
#include <memory>
#include <string>

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

    // Deletes what is older than its time (retention.hpp). Bounded work per call.
    Result<void> retain(TimePoint now);

private:
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
