#include "daemon/store/counts.hpp"

namespace driftkeeper {
namespace {

using Count = std::pair<std::string, std::size_t>;

Result<std::map<std::string, std::size_t>> countsBy(sqlite::Connection& connection, std::string_view sql) {
    const auto rows = connection.rows(sql, {}, [](const sqlite::Row& row) -> Result<Count> {
        return Count{row.text(0), static_cast<std::size_t>(row.integer(1))};
    });
    if (!rows) return std::unexpected(rows.error());
    return std::map<std::string, std::size_t>(rows->begin(), rows->end());
}

}  // namespace

Result<StoreCounts> readCounts(sqlite::Connection& connection) {
    auto incidents = countsBy(connection, "SELECT kind, count(*) FROM incidents WHERE closed IS NULL GROUP BY kind");
    if (!incidents) return std::unexpected(incidents.error());
    auto pending = countsBy(
        connection, "SELECT channel, count(*) FROM deliveries WHERE state IN ('pending', 'sending') GROUP BY channel");
    if (!pending) return std::unexpected(pending.error());
    const auto oldest =
        connection.row("SELECT min(created) FROM deliveries WHERE state IN ('pending', 'sending')", {},
                       [](const sqlite::Row& row) -> Result<std::optional<TimePoint>> { return row.optionalTime(0); });
    if (!oldest) return std::unexpected(oldest.error());
    return StoreCounts{*std::move(incidents), *std::move(pending), oldest->value_or(std::nullopt)};
}

}  // namespace driftkeeper
