#include "daemon/store/list_rows.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/store/delivery_rows.hpp"
#include "daemon/store/memory_rows.hpp"

namespace driftkeeper {
namespace {

using sqlite::Connection;
using sqlite::Row;
using sqlite::unreadable;
using sqlite::Values;

// The rows of one screen beside the number of all.
template <class T>
Result<PageOf<T>> pageOf(Result<std::vector<T>> rows, const Result<std::int64_t>& total) {
    if (!rows) return std::unexpected(rows.error());
    if (!total) return std::unexpected(total.error());
    return PageOf<T>{*std::move(rows), static_cast<std::size_t>(*total)};
}

// Rows from before the columns were there are read from their report.
constexpr std::string_view checkLineColumns =
    "id, commit_id, started, finished, verdict, coalesce(completeness, report ->> '$.completeness'), "
    "coalesce(reason_code, report ->> '$.reason.code', ''), coalesce(reason_text, report ->> '$.reason.text', ''), "
    "coalesce(drifts, json_array_length(report, '$.drifts'), 0)";

Result<CheckLine> checkLineFrom(const Row& row) {
    const auto verdict = verdictFrom(row.view(4));
    const auto completeness = completenessFrom(row.view(5));
    if (!verdict || !completeness) return unreadable("check");
    CheckLine line{row.text(0), row.text(1), row.time(2), row.time(3), *verdict, *completeness, std::nullopt, 0};
    if (!row.view(6).empty()) line.reason = Reason{row.text(6), row.text(7)};
    line.drifts = static_cast<std::size_t>(row.integer(8));
    return line;
}

Result<void> addMembers(Connection& connection, IncidentLine& line, Slice slice) {
    auto members = connection.rows(
        fmt::format("SELECT {} FROM members WHERE incident_id = ? ORDER BY stack, address, finding_id LIMIT ? OFFSET ?",
                    memberColumns),
        {line.incident.id, slice.most, slice.first}, memberFrom);
    if (!members) return std::unexpected(members.error());
    line.incident.members = *std::move(members);
    const auto total = connection.number("SELECT count(*) FROM members WHERE incident_id = ?", {line.incident.id});
    if (!total) return std::unexpected(total.error());
    line.members = static_cast<std::size_t>(*total);
    return {};
}

}  // namespace

Result<PageOf<CheckLine>> readCheckLines(Connection& connection, const std::string& stackId, Slice slice) {
    return pageOf(
        connection.rows(fmt::format("SELECT {} FROM checks WHERE stack_id = ? ORDER BY number DESC LIMIT ? OFFSET ?",
                                    checkLineColumns),
                        {stackId, slice.most, slice.first}, checkLineFrom),
        connection.number("SELECT count(*) FROM checks WHERE stack_id = ?", {stackId}));
}

Result<PageOf<Finding>> readClosedFindings(Connection& connection, const std::string& stackId, Slice slice) {
    constexpr std::string_view which = "FROM findings WHERE stack_id = ? AND closed IS NOT NULL AND told IS NOT NULL";
    return pageOf(
        connection.rows(fmt::format("SELECT {} {} ORDER BY closed DESC, id LIMIT ? OFFSET ?", findingColumns, which),
                        {stackId, slice.most, slice.first}, findingFrom),
        connection.number(fmt::format("SELECT count(*) {}", which), {stackId}));
}

Result<PageOf<IncidentLine>> readIncidentLines(Connection& connection, bool open, Slice slice,
                                               std::size_t mostMembers) {
    const std::string_view which = open ? "WHERE closed IS NULL" : "WHERE closed IS NOT NULL";
    const std::string_view order = open ? "opened" : "closed";
    auto lines = connection.rows(
        fmt::format("SELECT {} FROM incidents {} ORDER BY {} DESC, id LIMIT ? OFFSET ?", incidentColumns, which, order),
        {slice.most, slice.first}, [](const Row& row) -> Result<IncidentLine> {
            auto incident = incidentFrom(row);
            if (!incident) return std::unexpected(incident.error());
            return IncidentLine{*std::move(incident), 0};
        });
    if (!lines) return std::unexpected(lines.error());
    for (auto& line : *lines)
        if (auto added = addMembers(connection, line, {0, mostMembers}); !added) return std::unexpected(added.error());
    return pageOf(std::move(lines), connection.number(fmt::format("SELECT count(*) FROM incidents {}", which)));
}

Result<std::optional<IncidentLine>> readIncident(Connection& connection, const std::string& id, Slice members) {
    auto incident =
        connection.row(fmt::format("SELECT {} FROM incidents WHERE id = ?", incidentColumns), {id}, incidentFrom);
    if (!incident) return std::unexpected(incident.error());
    if (!*incident) return std::nullopt;
    IncidentLine line{**std::move(incident), 0};
    if (auto added = addMembers(connection, line, members); !added) return std::unexpected(added.error());
    return line;
}

Result<PageOf<Delivery>> readDeliveries(Connection& connection, std::optional<DeliveryState> state, Slice slice) {
    auto lines = readDeliveryLines(connection, state, slice);
    return pageOf(std::move(lines),
                  state ? connection.number("SELECT count(*) FROM deliveries WHERE state = ?", {name(*state)})
                        : connection.number("SELECT count(*) FROM deliveries"));
}

Result<std::map<std::string, std::size_t>> readDeliveryCounts(Connection& connection) {
    using Count = std::pair<std::string, std::size_t>;
    const auto counts = connection.rows("SELECT state, count(*) FROM deliveries GROUP BY state", {},
                                        [](const Row& row) -> Result<Count> {
                                            return Count{row.text(0), static_cast<std::size_t>(row.integer(1))};
                                        });
    if (!counts) return std::unexpected(counts.error());
    return std::map<std::string, std::size_t>(counts->begin(), counts->end());
}

Result<std::vector<Relation>> readRelations(Connection& connection, const std::string& stackId) {
    return connection.rows(
        "WITH offered (key) AS (SELECT key FROM ties WHERE stack_id = ?1 AND need = 0), "
        "claimed (key) AS (SELECT identity FROM claims WHERE stack_id = ?1), "
        "wanted (key) AS (SELECT key FROM ties WHERE stack_id = ?1 AND need = 1), "
        "related (kind, stack_id) AS (SELECT 0, stack_id FROM ties WHERE need = 1 AND key IN "
        "(SELECT key FROM offered UNION SELECT key FROM claimed) "
        "UNION SELECT 1, stack_id FROM ties WHERE need = 0 AND key IN (SELECT key FROM wanted) "
        "UNION SELECT 1, stack_id FROM claims WHERE identity IN (SELECT key FROM wanted) "
        "UNION SELECT 2, stack_id FROM claims WHERE identity IN (SELECT key FROM claimed)) "
        "SELECT r.stack_id, r.kind FROM related r JOIN stacks s ON s.id = r.stack_id WHERE s.removed IS NULL AND "
        "r.stack_id <> ?1 ORDER BY r.kind, s.repository || '/' || s.name",
        {stackId}, [](const Row& row) -> Result<Relation> {
            return Relation{row.text(0), static_cast<Relation::Kind>(row.integer(1))};
        });
}

}  // namespace driftkeeper
