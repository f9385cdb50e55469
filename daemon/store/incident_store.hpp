#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/finding.hpp"
#include "daemon/model/incident.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// Incidents and the findings that they hold; the decisions of Store write them. Newest first.
// Thread-safe; fails as sql.hpp says.
class IncidentStore {
public:
    explicit IncidentStore(sql::Database& database) : database_(database) {}

    Result<std::vector<Incident>> list(bool openOnly, std::size_t most);
    Result<PageOf<IncidentLine>> lines(bool open, Slice slice, std::size_t mostMembers);
    Result<std::optional<IncidentLine>> find(const std::string& id, Slice members);

    // Findings that people were told of.
    Result<std::vector<Finding>> closedSince(TimePoint since);  // oldest first
    Result<PageOf<Finding>> closedFindings(const std::string& stackId, Slice slice);

    // The earliest end of a wait (Finding::deferredUntil), the epoch while an incident owes a
    // change; nullopt: nothing waits.
    Result<std::optional<TimePoint>> nextWaiting();
    Result<void> endWaits(TimePoint now);  // a mute was lifted: all that waits is looked at again

private:
    sql::Database& database_;
};

// Within the caller's transaction, with all their members. `which` is what follows FROM incidents.
Result<std::vector<Incident>> readIncidentsWhere(sql::Connection& connection,
                                                 std::string_view which, sql::Values values);

}  // namespace driftkeeper
