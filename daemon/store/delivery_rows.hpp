#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/incident.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/store/sqlite.hpp"

// The outbox as rows. Every function runs inside the caller's transaction; store.hpp says what each does.
namespace driftkeeper {

// A reminder is left out while anything of its incident and channel is on its way.
Result<void> writeDelivery(sqlite::Connection& connection, const Delivery& delivery);
Result<void> noteAttempt(sqlite::Connection& connection, const std::string& deliveryId, TimePoint when);
Result<void> noteOutcome(sqlite::Connection& connection, const Delivery& delivery);

Result<std::vector<Delivery>> readDue(sqlite::Connection& connection, const std::string& channel, TimePoint now,
                                      std::size_t most);
Result<std::optional<Delivery>> readDelivery(sqlite::Connection& connection, const std::string& id);
Result<bool> retryDelivery(sqlite::Connection& connection, const std::string& id, TimePoint now);
Result<bool> dropDelivery(sqlite::Connection& connection, const std::string& id);
Result<std::vector<Delivery>> readOutbox(sqlite::Connection& connection, std::size_t most);
// Newest first, without their notices; all states or one.
Result<std::vector<Delivery>> readDeliveryLines(sqlite::Connection& connection, std::optional<DeliveryState> state,
                                                Slice slice);
Result<std::vector<Delivery>> readLastDelivered(sqlite::Connection& connection, const std::string& channel,
                                                TimePoint since);

}  // namespace driftkeeper
