#include "daemon/store/incident_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/store/page_rows.hpp"
#include "daemon/store/rows.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

Result<IncidentLine> lineFrom(const Row& row) {
    auto incident = incidentFrom(row);
    if (!incident) return std::unexpected(incident.error());
    return IncidentLine{*std::move(incident), 0};
}

Result<void> addMembers(Connection& connection, IncidentLine& line, Slice slice) {
    constexpr std::string_view query = R"(
        SELECT {} FROM members WHERE incident_id = $1
        ORDER BY stack, address, finding_id LIMIT $2 OFFSET $3)";
    auto members = connection.rows(fmt::format(query, memberColumns),
                                   {line.incident.id, slice.most, slice.first}, memberFrom);
    if (!members) return std::unexpected(members.error());
    line.incident.members = *std::move(members);
    const auto total = connection.number("SELECT count(*) FROM members WHERE incident_id = $1",
                                         {line.incident.id});
    if (!total) return std::unexpected(total.error());
    line.members = static_cast<std::size_t>(*total);
    return {};
}

}  // namespace

Result<std::vector<Incident>> readIncidentsWhere(Connection& connection, std::string_view which,
                                                 sql::Values values) {
    constexpr std::string_view ofMembers = R"(
        SELECT {} FROM members WHERE incident_id = $1 ORDER BY stack, address, finding_id)";
    auto incidents = connection.rows(
        fmt::format("SELECT {} FROM incidents {}", incidentColumns, which), values, incidentFrom);
    if (!incidents) return incidents;
    for (Incident& incident : *incidents) {
        auto members =
            connection.rows(fmt::format(ofMembers, memberColumns), {incident.id}, memberFrom);
        if (!members) return std::unexpected(members.error());
        incident.members = *std::move(members);
    }
    return incidents;
}

Result<std::vector<Incident>> IncidentStore::list(bool openOnly, std::size_t most) {
    const std::string_view which = openOnly
                                       ? "WHERE closed IS NULL ORDER BY opened DESC, id LIMIT $1"
                                       : "ORDER BY opened DESC, id LIMIT $1";
    return database_.read([&](Connection& it) { return readIncidentsWhere(it, which, {most}); });
}

Result<PageOf<IncidentLine>> IncidentStore::lines(bool open, Slice slice, std::size_t mostMembers) {
    constexpr std::string_view query =
        "SELECT {} FROM incidents {} ORDER BY {} DESC, id LIMIT $1 OFFSET $2";
    const std::string_view which = open ? "WHERE closed IS NULL" : "WHERE closed IS NOT NULL";
    const std::string_view order = open ? "opened" : "closed";
    return database_.read([&](Connection& it) -> Result<PageOf<IncidentLine>> {
        auto lines = it.rows(fmt::format(query, incidentColumns, which, order),
                             {slice.most, slice.first}, lineFrom);
        if (!lines) return std::unexpected(lines.error());
        for (auto& line : *lines)
            if (auto added = addMembers(it, line, {0, mostMembers}); !added)
                return std::unexpected(added.error());
        return pageOf(std::move(lines),
                      it.number(fmt::format("SELECT count(*) FROM incidents {}", which)));
    });
}

Result<std::optional<IncidentLine>> IncidentStore::find(const std::string& id, Slice members) {
    return database_.read([&](Connection& it) -> Result<std::optional<IncidentLine>> {
        auto line = it.row(fmt::format("SELECT {} FROM incidents WHERE id = $1", incidentColumns),
                           {id}, lineFrom);
        if (!line || !*line) return line;
        if (auto added = addMembers(it, **line, members); !added)
            return std::unexpected(added.error());
        return line;
    });
}

Result<std::vector<Finding>> IncidentStore::closedSince(TimePoint since) {
    constexpr std::string_view query = R"(
        SELECT {} FROM findings WHERE closed >= $1 AND told IS NOT NULL ORDER BY closed, id)";
    return database_.read([&](Connection& it) {
        return it.rows(fmt::format(query, findingColumns), {since}, findingFrom);
    });
}

Result<PageOf<Finding>> IncidentStore::closedFindings(const std::string& stackId, Slice slice) {
    constexpr std::string_view which = R"(
        FROM findings WHERE stack_id = $1 AND closed IS NOT NULL AND told IS NOT NULL)";
    constexpr std::string_view query = "SELECT {} {} ORDER BY closed DESC, id LIMIT $2 OFFSET $3";
    return database_.read([&](Connection& it) {
        return pageOf(it.rows(fmt::format(query, findingColumns, which),
                              {stackId, slice.most, slice.first}, findingFrom),
                      it.number(fmt::format("SELECT count(*) {}", which), {stackId}));
    });
}

Result<std::optional<TimePoint>> IncidentStore::nextWaiting() {
    constexpr std::string_view query = R"(
        SELECT CASE WHEN EXISTS (SELECT 1 FROM incidents WHERE closed IS NULL AND owes_change <> 0)
               THEN 0
               ELSE (SELECT min(waits_until) FROM findings
                     WHERE closed IS NULL AND waits_until IS NOT NULL)
               END)";
    const auto time = [](const Row& row) -> Result<std::optional<TimePoint>> {
        return row.optionalTime(0);
    };
    return database_.read([&](Connection& it) -> Result<std::optional<TimePoint>> {
        const auto next = it.row(query, {}, time);
        if (!next) return std::unexpected(next.error());
        return next->value_or(std::nullopt);
    });
}

Result<void> IncidentStore::endWaits(TimePoint now) {
    constexpr std::string_view update = R"(
        UPDATE findings SET waits_until = $1 WHERE closed IS NULL AND waits_until > $1)";
    return database_.write([&](Connection& it) { return sql::done(it.run(update, {now})); });
}

}  // namespace driftkeeper
