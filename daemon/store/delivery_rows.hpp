#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/model/incident.hpp"
#include "daemon/store/sqlite.hpp"

// The outbox as rows. Every function runs inside the caller's transaction; store.hpp says what each does.
namespace driftkeeper {

Result<void> writeDelivery(sqlite::Connection& connection, const Delivery& delivery);
Result<void> noteAttempt(sqlite::Connection& connection, const std::string& deliveryId, TimePoint when);
Result<void> noteOutcome(sqlite::Connection& connection, const Delivery& delivery);

Result<std::vector<Delivery>> readDue(sqlite::Connection& connection, const std::string& channel, TimePoint now,
                                      std::size_t most);
Result<std::vector<Delivery>> readOutbox(sqlite::Connection& connection, std::size_t most);
Result<std::vector<Delivery>> readLastDelivered(sqlite::Connection& connection, const std::string& channel,
                                                TimePoint since);

}  // namespace driftkeeper
