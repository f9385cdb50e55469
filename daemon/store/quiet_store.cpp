#include "daemon/store/quiet_store.hpp"

#include <utility>

#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

Result<Silence> silenceFrom(const Row& row) {
    auto matcher = listFromJson(row.view(1));
    if (!matcher) return sql::unreadable("silence");
    return Silence{row.text(0), *std::move(matcher), {},         row.text(2),
                   row.text(3), row.time(4),         row.time(5)};
}

}  // namespace

Result<void> QuietStore::keepSilence(const Silence& silence) {
    constexpr std::string_view upsert = R"(
        INSERT INTO silences (id, matcher, reason, asked_by, from_time, until_time)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET until_time = excluded.until_time)";
    return database_.write([&](Connection& it) {
        return sql::done(it.run(upsert, {silence.id, listJson(silence.matcher), silence.reason,
                                         silence.by, silence.from, silence.until}));
    });
}

Result<std::vector<Silence>> QuietStore::silences() {
    constexpr std::string_view query = R"(
        SELECT id, matcher, reason, asked_by, from_time, until_time
        FROM silences ORDER BY from_time, id)";
    return database_.read([&](Connection& it) { return it.rows(query, {}, silenceFrom); });
}

Result<void> QuietStore::keepRules(const std::vector<std::string>& names, TimePoint now) {
    constexpr std::string_view insert = R"(
        INSERT INTO rule_hits (rule, known, hits) VALUES ($1, $2, 0) ON CONFLICT (rule) DO NOTHING)";
    return database_.write([&](Connection& it) -> Result<void> {
        for (const auto& name : names)
            if (auto kept = sql::done(it.run(insert, {name, now})); !kept) return kept;
        return {};
    });
}

Result<std::map<std::string, RuleHits>> QuietStore::ruleHits() {
    using Line = std::pair<std::string, RuleHits>;
    const auto line = [](const Row& row) -> Result<Line> {
        return Line{row.text(0),
                    {row.time(1), static_cast<std::uint64_t>(row.integer(2)), row.optionalTime(3)}};
    };
    const auto lines = database_.read([&](Connection& it) {
        return it.rows("SELECT rule, known, hits, last_hit FROM rule_hits", {}, line);
    });
    if (!lines) return std::unexpected(lines.error());
    return std::map<std::string, RuleHits>(lines->begin(), lines->end());
}

Result<void> countHits(Connection& connection, const Check& check) {
    constexpr std::string_view upsert = R"(
        INSERT INTO rule_hits (rule, known, hits, last_hit) VALUES ($1, $2, $3, $2)
        ON CONFLICT (rule) DO UPDATE SET
            hits = rule_hits.hits + excluded.hits, last_hit = excluded.last_hit)";
    std::map<std::string_view, std::int64_t> hits;
    for (const auto& quiet : check.report.notTold) ++hits[quiet.rule];
    for (const auto& [rule, count] : hits)
        if (auto counted = sql::done(connection.run(upsert, {rule, check.finished, count}));
            !counted)
            return counted;
    return {};
}

}  // namespace driftkeeper
