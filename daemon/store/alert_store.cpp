#include "daemon/store/alert_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/store/report_json.hpp"
#include "daemon/store/rows.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

using Membership = std::pair<std::string, AlertFacts::Membership>;
using Trail = std::pair<std::string, AlertFacts::Trail>;
using Sent = std::pair<std::string, AlertFacts::Sent>;

Result<Membership> membershipFrom(const Row& row) {
    return Membership(row.text(0), {row.text(1), row.time(2)});
}

Result<Trail> trailFrom(const Row& row) {
    auto channels = listFromJson(row.view(1));
    if (!channels) return sql::unreadable("incident");
    return Trail(row.text(0), {*std::move(channels), {}});
}

Result<Sent> sentFrom(const Row& row) {
    const auto event = eventFrom(row.view(2));
    const auto state = deliveryStateFrom(row.view(4));
    if (!event || !state) return sql::unreadable("delivery");
    return Sent(row.text(0), {row.text(1), *event, row.time(3), *state, row.time(5),
                              row.optionalTime(6), row.text(7)});
}

// Of one stack, or of all.
class Scope {
public:
    Scope(Connection& connection, const std::optional<std::string>& stackId)
        : connection_(connection), stackId_(stackId) {}

    // `query` without a condition on the stack, which is its last one.
    template <class Make>
    auto rows(std::string query, std::string_view order, Make make) {
        if (!stackId_) return connection_.rows(query.append(order), {}, make);
        return connection_.rows(query.append(" AND stack_id = $1").append(order), {*stackId_},
                                make);
    }
    template <class Make>
    auto ofIncidents(std::string_view query, std::string_view order, Make make) {
        std::string whole(query);
        whole.append(" IN (SELECT id FROM incidents WHERE closed IS NULL AND kind = 'drift'");
        if (!stackId_) return connection_.rows(whole.append(")").append(order), {}, make);
        whole.append(" AND id IN (SELECT incident_id FROM members WHERE stack_id = $1))")
            .append(order);
        return connection_.rows(whole, {*stackId_}, make);
    }

private:
    Connection& connection_;
    const std::optional<std::string>& stackId_;
};

Result<AlertFacts> readFacts(Scope scope) {
    AlertFacts facts;
    auto waiting = scope.rows(fmt::format("SELECT {} FROM findings WHERE closed IS NULL AND "
                                          "(waits_until IS NOT NULL OR told IS NULL)",
                                          findingColumns),
                              " ORDER BY address", findingFrom);
    if (!waiting) return std::unexpected(waiting.error());
    facts.waiting = *std::move(waiting);

    const auto joined = scope.rows(R"(
        SELECT m.finding_id, m.incident_id, m.joined FROM members m JOIN incidents i ON i.id = m.incident_id
        WHERE i.closed IS NULL AND i.kind = 'drift')",
                                   "", membershipFrom);
    if (!joined) return std::unexpected(joined.error());
    facts.joinedBy.insert(joined->begin(), joined->end());

    auto trails = scope.ofIncidents("SELECT id, channels FROM incidents WHERE id", "", trailFrom);
    if (!trails) return std::unexpected(trails.error());
    for (auto& [id, trail] : *trails) facts.incidents.emplace(std::move(id), std::move(trail));

    auto sent = scope.ofIncidents(R"(
        SELECT incident_id, channel, event, created, state, next_attempt, attempted, last_outcome
        FROM deliveries WHERE incident_id)",
                                  " ORDER BY number", sentFrom);
    if (!sent) return std::unexpected(sent.error());
    for (auto& [incident, one] : *sent)
        facts.incidents[incident].deliveries.push_back(std::move(one));
    return facts;
}

}  // namespace

Result<AlertFacts> AlertStore::facts(const std::optional<std::string>& stackId) {
    return database_.read(
        [&](Connection& connection) { return readFacts(Scope(connection, stackId)); });
}

}  // namespace driftkeeper
