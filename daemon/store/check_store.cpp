#include "daemon/store/check_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/model/inventory_check.hpp"
#include "daemon/store/estate_store.hpp"
#include "daemon/store/page_rows.hpp"
#include "daemon/store/report_json.hpp"
#include "daemon/store/rows.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

Result<Check> wholeCheck(const Row& row) {
    return checkFrom(row, 0);
}

// Rows from before their last four columns were there are read from the report.
Result<CheckLine> checkLineFrom(const Row& row) {
    const auto verdict = verdictFrom(row.view(4));
    if (!verdict) return sql::unreadable("check");
    CheckLine line;
    line.id = row.text(0);
    line.commit = row.text(1);
    line.started = row.time(2);
    line.finished = row.time(3);
    line.verdict = *verdict;
    if (row.isNull(5)) {
        auto report = reportFromJson(row.view(9));
        if (!report) return sql::unreadable("check");
        line.completeness = report->completeness;
        line.reason = std::move(report->reason);
        line.drifts = report->drifts.size();
        return line;
    }
    const auto completeness = completenessFrom(row.view(5));
    if (!completeness) return sql::unreadable("check");
    line.completeness = *completeness;
    if (!row.view(6).empty()) line.reason = Reason{row.text(6), row.text(7)};
    line.drifts = static_cast<std::size_t>(row.integer(8));
    return line;
}

Result<void> dropEqualMiddle(Connection& connection, const Check& check,
                             const std::string& report) {
    using Earlier = std::pair<std::int64_t, bool>;
    constexpr std::string_view query = R"(
        SELECT number, verdict = 'in_sync' AND commit_id = $1 AND source_digest = $2 AND report = $3
        FROM checks WHERE stack_id = $4 ORDER BY number DESC LIMIT 2)";
    const auto earlier = connection.rows(
        query, {check.commit, check.sourceDigest, report, check.stackId},
        [](const Row& row) -> Result<Earlier> { return Earlier(row.integer(0), row.truth(1)); });
    if (!earlier) return std::unexpected(earlier.error());
    if (earlier->size() < 2 || !(*earlier)[0].second || !(*earlier)[1].second) return {};
    return sql::done(connection.run("DELETE FROM checks WHERE number = $1", {(*earlier)[0].first}));
}

// The stack remembers what it needs for good: checks go with time.
Result<std::int64_t> noteOnStack(Connection& connection, const Check& check) {
    if (isInventory(check))
        return connection.run("UPDATE stacks SET failures = 0, looked = $1 WHERE id = $2",
                              {check.started, check.stackId});
    if (check.report.completeness == Completeness::Failed)
        return connection.run("UPDATE stacks SET failures = failures + 1 WHERE id = $1",
                              {check.stackId});
    if (!check.complete())
        return connection.run(
            "UPDATE stacks SET failures = failures + 1, looked = $1 WHERE id = $2",
            {check.started, check.stackId});
    constexpr std::string_view conclusive = R"(
        UPDATE stacks
        SET failures = 0, looked = $1, conclusive_verdict = $2, conclusive_commit = $3,
            conclusive_time = $4
        WHERE id = $5)";
    constexpr std::string_view clean = R"(
        UPDATE stacks SET clean_commit = $1, clean_digest = $2, clean_time = $3 WHERE id = $4)";
    // It may be large, and is nearly always the same.
    constexpr std::string_view evidence = R"(
        UPDATE stacks SET clean_evidence = $1
        WHERE id = $2 AND (clean_evidence IS NULL OR clean_evidence <> $1))";
    auto noted = connection.run(conclusive, {check.started, name(check.verdict()), check.commit,
                                             check.finished, check.stackId});
    if (!noted || check.verdict() != Verdict::InSync) return noted;
    if (auto kept = connection.run(evidence, {evidenceJson(check.report.evidence), check.stackId});
        !kept)
        return kept;
    return connection.run(clean, {check.commit, check.sourceDigest, check.finished, check.stackId});
}

Result<void> insertCheck(Connection& connection, const Check& check, const std::string& report) {
    constexpr std::string_view insert = R"(
        INSERT INTO checks (id, stack_id, commit_id, source_digest, started, finished, verdict, report,
                            touch, log, completeness, reason_code, reason_text, drifts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14))";
    const Reason reason = check.report.reason.value_or(Reason());
    return sql::done(connection.run(
        insert,
        {check.id, check.stackId, check.commit, check.sourceDigest, check.started, check.finished,
         name(check.verdict()), report, check.touch ? touchJson(*check.touch) : "",
         logJson(check.log), name(check.report.completeness), reason.code, reason.text,
         check.report.drifts.size()}));
}

}  // namespace

Result<void> writeCheck(Connection& connection, const Check& check) {
    const auto noted = noteOnStack(connection, check);
    if (!noted) return std::unexpected(noted.error());
    if (*noted == 0)
        return failure(Remedy::Report, "store_failed", "a check of a stack that is not known");
    const std::string report = reportJson(check.report);
    if (auto tidied = dropEqualMiddle(connection, check, report); !tidied) return tidied;
    if (auto written = insertCheck(connection, check, report); !written) return written;
    if (check.report.completeness == Completeness::Failed) return {};
    return writeGraph(connection, check);
}

Result<std::optional<CleanCheck>> CheckStore::lastClean(const std::string& stackId) {
    constexpr std::string_view query = R"(
        SELECT clean_commit, clean_digest, clean_evidence, clean_time
        FROM stacks WHERE id = $1 AND clean_time IS NOT NULL)";
    const auto clean = [](const Row& row) -> Result<CleanCheck> {
        auto evidence = evidenceFromJson(row.view(2));
        if (!evidence) return sql::unreadable("evidence");
        return CleanCheck{row.text(0), row.text(1), *std::move(evidence), row.time(3)};
    };
    return database_.read([&](Connection& it) { return it.row(query, {stackId}, clean); });
}

Result<std::vector<Check>> CheckStore::history(const std::string& stackId, std::size_t most) {
    constexpr std::string_view query = R"(
        SELECT {} FROM checks c WHERE c.stack_id = $1 ORDER BY c.number DESC LIMIT $2)";
    return database_.read([&](Connection& it) {
        return it.rows(fmt::format(query, checkColumns), {stackId, most}, wholeCheck);
    });
}

Result<std::vector<Check>> CheckStore::historySince(const std::string& stackId, TimePoint since) {
    constexpr std::string_view query = R"(
        SELECT {} FROM checks c WHERE c.stack_id = $1 AND c.finished >= $2 ORDER BY c.number DESC)";
    return database_.read([&](Connection& it) {
        return it.rows(fmt::format(query, checkColumns), {stackId, since}, wholeCheck);
    });
}

Result<std::optional<Check>> CheckStore::find(const std::string& id) {
    return database_.read([&](Connection& it) {
        return it.row(fmt::format("SELECT {} FROM checks c WHERE c.id = $1", checkColumns), {id},
                      wholeCheck);
    });
}

Result<PageOf<CheckLine>> CheckStore::lines(const std::string& stackId, Slice slice) {
    constexpr std::string_view query = R"(
        SELECT id, commit_id, started, finished, verdict, completeness, reason_code, reason_text,
               drifts, CASE WHEN completeness IS NULL THEN report ELSE '' END
        FROM checks WHERE stack_id = $1 ORDER BY number DESC LIMIT $2 OFFSET $3)";
    return database_.read([&](Connection& it) {
        return pageOf(it.rows(query, {stackId, slice.most, slice.first}, checkLineFrom),
                      it.number("SELECT count(*) FROM checks WHERE stack_id = $1", {stackId}));
    });
}

}  // namespace driftkeeper
