#include "daemon/store/delivery_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/store/page_rows.hpp"
#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

constexpr std::string_view deliveryColumns = R"(
    d.id, d.incident_id, d.channel, d.event, d.notice, d.created, d.number, d.state, d.attempts,
    d.next_attempt, d.last_outcome, d.step,
    coalesce((SELECT memo FROM memos WHERE incident_id = d.incident_id AND channel = d.channel), '{}')
)";

// The same without what the channel sends, which is most of a row.
constexpr std::string_view lineColumns = R"(
    d.id, d.incident_id, d.channel, d.event, '', d.created, d.number, d.state, d.attempts,
    d.next_attempt, d.last_outcome, d.step, '{}'
)";

Result<Delivery> deliveryFrom(const Row& row) {
    const auto event = eventFrom(row.view(3));
    const auto state = deliveryStateFrom(row.view(7));
    auto memo = wordsFromJson(row.view(12));
    if (!event || !state || !memo) return sql::unreadable("delivery");
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

// Of an update of the one row that a delivery is.
Result<void> known(const Result<std::int64_t>& changed) {
    if (!changed) return std::unexpected(changed.error());
    if (*changed == 0)
        return failure(Remedy::Report, "store_failed", "a delivery that is not known");
    return {};
}

Result<bool> changedAny(const Result<std::int64_t>& changed) {
    if (!changed) return std::unexpected(changed.error());
    return *changed > 0;
}

Result<void> keepMemo(Connection& connection, const Delivery& delivery) {
    if (delivery.memo.empty())
        return sql::done(connection.run("DELETE FROM memos WHERE incident_id = $1 AND channel = $2",
                                        {delivery.incidentId, delivery.channel}));
    constexpr std::string_view keep = R"(
        INSERT INTO memos (incident_id, channel, memo) VALUES ($1, $2, $3)
        ON CONFLICT (incident_id, channel) DO UPDATE SET memo = excluded.memo
        WHERE memos.memo <> excluded.memo)";
    return sql::done(
        connection.run(keep, {delivery.incidentId, delivery.channel, wordsJson(delivery.memo)}));
}

Result<bool> isOnItsWay(Connection& connection, const Delivery& delivery) {
    constexpr std::string_view query = R"(
        SELECT count(*) FROM deliveries
        WHERE incident_id = $1 AND channel = $2 AND state IN ('pending', 'sending'))";
    const auto waiting = connection.number(query, {delivery.incidentId, delivery.channel});
    if (!waiting) return std::unexpected(waiting.error());
    return *waiting > 0;
}

}  // namespace

Result<void> writeDelivery(Connection& connection, const Delivery& delivery) {
    if (delivery.event == Event::Reminder) {  // reminders do not pile up at a receiver that is down
        const auto waits = isOnItsWay(connection, delivery);
        if (!waits) return std::unexpected(waits.error());
        if (*waits) return {};
    }
    constexpr std::string_view insert = R"(
        INSERT INTO deliveries (id, incident_id, channel, event, notice, created, state, attempts,
                                next_attempt, last_outcome)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))";
    return sql::done(connection.run(
        insert, {delivery.id, delivery.incidentId, delivery.channel, name(delivery.event),
                 delivery.notice, delivery.created, name(delivery.state), delivery.attempts,
                 delivery.nextAttempt, delivery.lastOutcome}));
}

// What comes behind an undelivered row of the same incident waits; dead and dropped ones do not
// count.
Result<std::vector<Delivery>> DeliveryStore::due(const std::string& channel, TimePoint now,
                                                 std::size_t most) {
    constexpr std::string_view query = R"(
        SELECT {} FROM deliveries d
        WHERE d.number IN (SELECT min(number) FROM deliveries
                           WHERE channel = $1 AND state IN ('pending', 'sending') GROUP BY incident_id)
          AND d.next_attempt <= $2
        ORDER BY d.number LIMIT $3)";
    return database_.read([&](Connection& it) {
        return it.rows(fmt::format(query, deliveryColumns), {channel, now, most}, deliveryFrom);
    });
}

Result<void> DeliveryStore::noteAttempt(const std::string& id, TimePoint when) {
    return database_.write([&](Connection& it) {
        return known(it.run("UPDATE deliveries SET state = 'sending', attempted = $1 WHERE id = $2",
                            {when, id}));
    });
}

Result<void> DeliveryStore::noteOutcome(const Delivery& delivery) {
    constexpr std::string_view update = R"(
        UPDATE deliveries
        SET state = $1, attempts = $2, next_attempt = $3, last_outcome = $4, step = $5
        WHERE id = $6)";
    return database_.write([&](Connection& it) -> Result<void> {
        const auto noted =
            known(it.run(update, {name(delivery.state), delivery.attempts, delivery.nextAttempt,
                                  delivery.lastOutcome, delivery.step, delivery.id}));
        if (!noted) return noted;
        return keepMemo(it, delivery);
    });
}

Result<std::vector<Delivery>> DeliveryStore::lastDelivered(const std::string& channel,
                                                           TimePoint since) {
    constexpr std::string_view query = R"(
        SELECT {} FROM deliveries d
        WHERE d.number IN (SELECT (SELECT max(number) FROM deliveries
                                   WHERE incident_id = i.id AND channel = $1
                                     AND state IN ('delivered', 'accepted'))
                           FROM incidents i WHERE i.closed IS NULL OR i.closed > $2)
        ORDER BY d.number)";
    return database_.read([&](Connection& it) {
        return it.rows(fmt::format(query, deliveryColumns), {channel, since}, deliveryFrom);
    });
}

Result<std::optional<Delivery>> DeliveryStore::find(const std::string& id) {
    return database_.read([&](Connection& it) {
        return it.row(fmt::format("SELECT {} FROM deliveries d WHERE d.id = $1", deliveryColumns),
                      {id}, deliveryFrom);
    });
}

Result<bool> DeliveryStore::retry(const std::string& id, TimePoint now) {
    constexpr std::string_view update = R"(
        UPDATE deliveries SET state = 'pending', next_attempt = $1
        WHERE id = $2 AND state IN ('pending', 'dead'))";
    return database_.write([&](Connection& it) { return changedAny(it.run(update, {now, id})); });
}

Result<bool> DeliveryStore::drop(const std::string& id) {
    constexpr std::string_view update = R"(
        UPDATE deliveries SET state = 'dropped' WHERE id = $1 AND state IN ('pending', 'dead'))";
    return database_.write([&](Connection& it) { return changedAny(it.run(update, {id})); });
}

Result<std::vector<Delivery>> DeliveryStore::list(std::size_t most) {
    constexpr std::string_view query = R"(
        SELECT {} FROM deliveries d
        ORDER BY d.state IN ('delivered', 'accepted', 'dropped'), d.number DESC LIMIT $1)";
    return database_.read([&](Connection& it) {
        return it.rows(fmt::format(query, deliveryColumns), {most}, deliveryFrom);
    });
}

Result<PageOf<Delivery>> DeliveryStore::lines(std::optional<DeliveryState> state, Slice slice) {
    constexpr std::string_view all = R"(
        SELECT {} FROM deliveries d ORDER BY d.number DESC LIMIT $1 OFFSET $2)";
    constexpr std::string_view some = R"(
        SELECT {} FROM deliveries d WHERE d.state = $3 ORDER BY d.number DESC LIMIT $1 OFFSET $2)";
    return database_.read([&](Connection& it) {
        if (!state)
            return pageOf(
                it.rows(fmt::format(all, lineColumns), {slice.most, slice.first}, deliveryFrom),
                it.number("SELECT count(*) FROM deliveries"));
        return pageOf(
            it.rows(fmt::format(some, lineColumns), {slice.most, slice.first, name(*state)},
                    deliveryFrom),
            it.number("SELECT count(*) FROM deliveries WHERE state = $1", {name(*state)}));
    });
}

Result<std::map<std::string, std::size_t>> DeliveryStore::counts() {
    return database_.read([](Connection& it) {
        return countsBy(it, "SELECT state, count(*) FROM deliveries GROUP BY state");
    });
}

}  // namespace driftkeeper
