#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/incident.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// The outbox. Thread-safe; fails as sql.hpp says.
class DeliveryStore {
public:
    explicit DeliveryStore(sql::Database& database) : database_(database) {}

    // The oldest undelivered row (Pending or Sending) of each incident on the channel, when its
    // time has come. A row in state Sending is due again: ask only when no attempt on the channel
    // is under way.
    Result<std::vector<Delivery>> due(const std::string& channel, TimePoint now, std::size_t most);
    Result<void> noteAttempt(const std::string& id, TimePoint when);  // before sending: Sending
    // After it: keeps state, attempts, nextAttempt, lastOutcome, step and memo.
    Result<void> noteOutcome(const Delivery& delivery);
    // The last notice that went out for each incident of the channel that is open or was closed
    // after `since`.
    Result<std::vector<Delivery>> lastDelivered(const std::string& channel, TimePoint since);

    Result<std::optional<Delivery>> find(const std::string& id);
    // Only from Pending or Dead: to Pending, due now, or to Dropped. False: it is in another state,
    // or not known.
    Result<bool> retry(const std::string& id, TimePoint now);
    Result<bool> drop(const std::string& id);

    Result<std::vector<Delivery>> list(std::size_t most);  // not delivered ones first, then newest
    // Newest first and without their notices; all states or one.
    Result<PageOf<Delivery>> lines(std::optional<DeliveryState> state, Slice slice);
    Result<std::map<std::string, std::size_t>> counts();  // by state

private:
    sql::Database& database_;
};

// Within the caller's transaction. A reminder is left out while anything of its incident and
// channel is on its way.
Result<void> writeDelivery(sql::Connection& connection, const Delivery& delivery);

}  // namespace driftkeeper
