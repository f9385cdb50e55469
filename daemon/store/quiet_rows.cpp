#include "daemon/store/quiet_rows.hpp"

#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

using sqlite::Connection;
using sqlite::Row;

Result<void> done(const Result<std::int64_t>& run) {
    if (!run) return std::unexpected(run.error());
    return {};
}

}  // namespace

Result<void> keepSilence(Connection& connection, const Silence& silence) {
    return done(connection.run(
        "INSERT INTO silences (id, matcher, reason, asked_by, from_time, until_time) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET until_time = excluded.until_time",
        {silence.id, listJson(silence.matcher), silence.reason, silence.by, silence.from, silence.until}));
}

Result<std::vector<Silence>> readSilences(Connection& connection) {
    return connection.rows(
        "SELECT id, matcher, reason, asked_by, from_time, until_time FROM silences ORDER BY from_time, id", {},
        [](const Row& row) -> Result<Silence> {
            auto matcher = listFromJson(row.view(1));
            if (!matcher) return sqlite::unreadable("silence");
            return Silence{row.text(0), *std::move(matcher), {}, row.text(2), row.text(3), row.time(4), row.time(5)};
        });
}

Result<void> endWaits(Connection& connection, TimePoint now) {
    return done(
        connection.run("UPDATE findings SET waits_until = ?1 WHERE closed IS NULL AND waits_until > ?1", {now}));
}

Result<void> keepRules(Connection& connection, const std::vector<std::string>& names, TimePoint now) {
    for (const auto& name : names) {
        auto kept = done(connection.run(
            "INSERT INTO rule_hits (rule, known, hits) VALUES (?, ?, 0) ON CONFLICT (rule) DO NOTHING", {name, now}));
        if (!kept) return kept;
    }
    return {};
}

Result<void> countHits(Connection& connection, const Check& check) {
    std::map<std::string_view, std::int64_t> hits;
    for (const auto& quiet : check.report.notTold) ++hits[quiet.rule];
    for (const auto& [rule, count] : hits) {
        auto counted = done(
            connection.run("INSERT INTO rule_hits (rule, known, hits, last_hit) VALUES (?1, ?2, ?3, ?2) "
                           "ON CONFLICT (rule) DO UPDATE SET hits = hits + excluded.hits, last_hit = excluded.last_hit",
                           {rule, check.finished, count}));
        if (!counted) return counted;
    }
    return {};
}

Result<std::map<std::string, RuleHits>> readRuleHits(Connection& connection) {
    using Line = std::pair<std::string, RuleHits>;
    const auto lines =
        connection.rows("SELECT rule, known, hits, last_hit FROM rule_hits", {}, [](const Row& row) -> Result<Line> {
            return Line{row.text(0), {row.time(1), static_cast<std::uint64_t>(row.integer(2)), row.optionalTime(3)}};
        });
    if (!lines) return std::unexpected(lines.error());
    return std::map<std::string, RuleHits>(lines->begin(), lines->end());
}

Result<void> keepText(Connection& connection, const std::string& key, const std::string& text) {
    return done(connection.run(
        "INSERT INTO kept_texts (key, text) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text",
        {key, text}));
}

Result<std::optional<std::string>> readText(Connection& connection, const std::string& key) {
    return connection.row("SELECT text FROM kept_texts WHERE key = ?", {key},
                          [](const Row& row) -> Result<std::string> { return row.text(0); });
}

}  // namespace driftkeeper
