#include "daemon/store/delivery_rows.hpp"

#include <fmt/format.h>

#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

using sqlite::Connection;
using sqlite::Row;
using sqlite::unreadable;
using sqlite::Values;

constexpr std::string_view columns =
    "d.id, d.incident_id, d.channel, d.event, d.notice, d.created, d.number, d.state, d.attempts, d.next_attempt, "
    "d.last_outcome, d.step, coalesce((SELECT memo FROM memos WHERE incident_id = d.incident_id AND channel = "
    "d.channel), '{}')";

// The same without what the peer is told, which is most of a row.
constexpr std::string_view lineColumns =
    "d.id, d.incident_id, d.channel, d.event, '', d.created, d.number, d.state, d.attempts, d.next_attempt, "
    "d.last_outcome, d.step, '{}'";

// The oldest undelivered row of each incident on a channel: what comes behind it waits, dead and dropped ones do not
// count.
constexpr std::string_view heads =
    "(SELECT min(number) FROM deliveries WHERE channel = ? AND state IN ('pending', 'sending') GROUP BY incident_id)";

Result<Delivery> deliveryFrom(const Row& row) {
    const auto event = eventFrom(row.view(3));
    const auto state = deliveryStateFrom(row.view(7));
    auto memo = wordsFromJson(row.view(12));
    if (!event || !state || !memo) return unreadable("delivery");
    Delivery delivery;
    delivery.id = row.text(0);
    delivery.incidentId = row.text(1);
    delivery.channel = row.text(2);
    delivery.event = *event;
    delivery.notice = row.text(4);
    delivery.created = row.time(5);
    delivery.order = row.integer(6);
    delivery.state = *state;
    delivery.attempts = static_cast<int>(row.integer(8));
    delivery.nextAttempt = row.time(9);
    delivery.lastOutcome = row.text(10);
    delivery.step = static_cast<int>(row.integer(11));
    delivery.memo = *std::move(memo);
    return delivery;
}

// `which` is what follows FROM deliveries d.
Result<std::vector<Delivery>> readWhere(Connection& connection, std::string_view which, Values values) {
    return connection.rows(fmt::format("SELECT {} FROM deliveries d {}", columns, which), values, deliveryFrom);
}

// Writes to the one row that a delivery is.
Result<void> update(Connection& connection, std::string_view sql, Values values) {
    const auto changed = connection.run(sql, values);
    if (!changed) return std::unexpected(changed.error());
    if (*changed == 0) return failure(Remedy::Report, "store_failed", "a delivery that is not known");
    return {};
}

}  // namespace

Result<void> writeDelivery(Connection& connection, const Delivery& delivery) {
    if (delivery.event == Event::Reminder) {  // reminders do not pile up at a peer that is down
        const auto waiting = connection.number(
            "SELECT count(*) FROM deliveries WHERE incident_id = ? AND channel = ? AND state IN ('pending', "
            "'sending')",
            {delivery.incidentId, delivery.channel});
        if (!waiting) return std::unexpected(waiting.error());
        if (*waiting > 0) return {};
    }
    const auto written = connection.run(
        "INSERT INTO deliveries (id, incident_id, channel, event, notice, created, state, attempts, next_attempt, "
        "last_outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {delivery.id, delivery.incidentId, delivery.channel, name(delivery.event), delivery.notice, delivery.created,
         name(delivery.state), delivery.attempts, delivery.nextAttempt, delivery.lastOutcome});
    if (!written) return std::unexpected(written.error());
    return {};
}

Result<void> noteAttempt(Connection& connection, const std::string& deliveryId, TimePoint when) {
    return update(connection, "UPDATE deliveries SET state = 'sending', attempted = ? WHERE id = ?",
                  {when, deliveryId});
}

Result<void> noteOutcome(Connection& connection, const Delivery& delivery) {
    auto noted = update(
        connection,
        "UPDATE deliveries SET state = ?, attempts = ?, next_attempt = ?, last_outcome = ?, step = ? WHERE id = ?",
        {name(delivery.state), delivery.attempts, delivery.nextAttempt, delivery.lastOutcome, delivery.step,
         delivery.id});
    if (!noted) return noted;
    const auto kept = delivery.memo.empty() ? connection.run("DELETE FROM memos WHERE incident_id = ? AND channel = ?",
                                                             {delivery.incidentId, delivery.channel})
                                            : connection.run(
                                                  "INSERT INTO memos (incident_id, channel, memo) VALUES (?, ?, ?) ON "
                                                  "CONFLICT (incident_id, channel) DO UPDATE "
                                                  "SET memo = excluded.memo WHERE memo <> excluded.memo",
                                                  {delivery.incidentId, delivery.channel, wordsJson(delivery.memo)});
    if (!kept) return std::unexpected(kept.error());
    return {};
}

Result<std::vector<Delivery>> readDue(Connection& connection, const std::string& channel, TimePoint now,
                                      std::size_t most) {
    return readWhere(connection,
                     fmt::format("WHERE d.number IN {} AND d.next_attempt <= ? ORDER BY d.number LIMIT ?", heads),
                     {channel, now, most});
}

Result<std::optional<Delivery>> readDelivery(Connection& connection, const std::string& id) {
    return connection.row(fmt::format("SELECT {} FROM deliveries d WHERE d.id = ?", columns), {id}, deliveryFrom);
}

Result<bool> retryDelivery(Connection& connection, const std::string& id, TimePoint now) {
    const auto changed = connection.run(
        "UPDATE deliveries SET state = 'pending', next_attempt = ? WHERE id = ? AND state IN ('pending', 'dead')",
        {now, id});
    if (!changed) return std::unexpected(changed.error());
    return *changed > 0;
}

Result<bool> dropDelivery(Connection& connection, const std::string& id) {
    const auto changed =
        connection.run("UPDATE deliveries SET state = 'dropped' WHERE id = ? AND state IN ('pending', 'dead')", {id});
    if (!changed) return std::unexpected(changed.error());
    return *changed > 0;
}

Result<std::vector<Delivery>> readOutbox(Connection& connection, std::size_t most) {
    return readWhere(connection, "ORDER BY d.state IN ('delivered', 'accepted', 'dropped'), d.number DESC LIMIT ?",
                     {most});
}

Result<std::vector<Delivery>> readDeliveryLines(Connection& connection, std::optional<DeliveryState> state,
                                                Slice slice) {
    if (!state)
        return connection.rows(
            fmt::format("SELECT {} FROM deliveries d ORDER BY d.number DESC LIMIT ? OFFSET ?", lineColumns),
            {slice.most, slice.first}, deliveryFrom);
    return connection.rows(
        fmt::format("SELECT {} FROM deliveries d WHERE d.state = ? ORDER BY d.number DESC LIMIT ? OFFSET ?",
                    lineColumns),
        {name(*state), slice.most, slice.first}, deliveryFrom);
}

Result<std::vector<Delivery>> readLastDelivered(Connection& connection, const std::string& channel, TimePoint since) {
    return readWhere(connection,
                     "WHERE d.number IN (SELECT (SELECT max(number) FROM deliveries WHERE incident_id = i.id AND "
                     "channel = ?1 AND state IN ('delivered', 'accepted')) FROM incidents i WHERE i.closed IS NULL OR "
                     "i.closed > ?2) ORDER BY d.number",
                     {channel, since});
}

}  // namespace driftkeeper
