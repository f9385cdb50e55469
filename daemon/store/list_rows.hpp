#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/finding.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/store/sqlite.hpp"

// What lists show, one screen at a time. Every function runs inside the caller's transaction; store.hpp says what each
// does.
namespace driftkeeper {

Result<PageOf<CheckLine>> readCheckLines(sqlite::Connection& connection, const std::string& stackId, Slice slice);
Result<PageOf<Finding>> readClosedFindings(sqlite::Connection& connection, const std::string& stackId, Slice slice);
Result<PageOf<IncidentLine>> readIncidentLines(sqlite::Connection& connection, bool open, Slice slice,
                                               std::size_t mostMembers);
Result<std::optional<IncidentLine>> readIncident(sqlite::Connection& connection, const std::string& id, Slice members);
Result<PageOf<Delivery>> readDeliveries(sqlite::Connection& connection, std::optional<DeliveryState> state,
                                        Slice slice);
Result<std::map<std::string, std::size_t>> readDeliveryCounts(sqlite::Connection& connection);
Result<std::vector<Relation>> readRelations(sqlite::Connection& connection, const std::string& stackId);

}  // namespace driftkeeper
