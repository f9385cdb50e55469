#include "daemon/store/stack_rows.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "daemon/base/random.hpp"
#include "daemon/model/inventory_check.hpp"
#include "daemon/store/estate_rows.hpp"
#include "daemon/store/memory_rows.hpp"
#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

using sqlite::Connection;
using sqlite::Row;
using sqlite::unreadable;
using sqlite::Values;

constexpr std::string_view stackColumns =
    "s.id, s.repository, s.name, s.path, s.provider, s.workspace, s.variable_files, s.every, s.timeout, s.stale_after, "
    "s.owner, s.closure, s.code_owners, s.options";
constexpr int stackWidth = 14;

constexpr std::string_view checkColumns =
    "c.id, c.stack_id, c.commit_id, c.source_digest, c.started, c.finished, c.report, c.touch, c.log";
constexpr int checkWidth = 9;

Result<Stack> stackFrom(const Row& row) {
    auto variableFiles = listFromJson(row.view(6));
    auto closure = listFromJson(row.view(11));
    auto codeOwners = listFromJson(row.view(12));
    auto options = listsFromJson(row.view(13));
    if (!variableFiles || !closure || !codeOwners || !options) return unreadable("stack");
    Stack stack;
    stack.id = row.text(0);
    stack.repository = row.text(1);
    stack.name = row.text(2);
    stack.path = row.text(3);
    stack.provider = row.text(4);
    stack.workspace = row.text(5);
    stack.variableFiles = *std::move(variableFiles);
    stack.every = Seconds(row.integer(7));
    stack.timeout = Seconds(row.integer(8));
    stack.staleAfter = Seconds(row.integer(9));
    stack.owner = row.text(10);
    stack.closure = *std::move(closure);
    stack.codeOwners = *std::move(codeOwners);
    stack.options = *std::move(options);
    return stack;
}

Result<Check> checkFrom(const Row& row, int first = 0) {
    auto report = reportFromJson(row.view(first + 6));
    const bool isTouched = !row.view(first + 7).empty();
    auto touch = isTouched ? touchFromJson(row.view(first + 7)) : std::nullopt;
    auto log = logFromJson(row.view(first + 8));
    if (!report || isTouched != touch.has_value() || !log) return unreadable("check");
    Check check;
    check.id = row.text(first);
    check.stackId = row.text(first + 1);
    check.commit = row.text(first + 2);
    check.sourceDigest = row.text(first + 3);
    check.started = row.time(first + 4);
    check.finished = row.time(first + 5);
    check.report = *std::move(report);
    check.touch = std::move(touch);
    check.log = *std::move(log);
    return check;
}

// Of stackColumns, checkColumns, failures and what the last complete check said.
Result<StackStatus> statusFrom(const Row& row) {
    constexpr int failures = stackWidth + checkWidth;
    auto stack = stackFrom(row);
    if (!stack) return std::unexpected(stack.error());
    StackStatus status;
    status.stack = *std::move(stack);
    status.failures = static_cast<int>(row.integer(failures));
    if (!row.isNull(stackWidth)) {
        auto check = checkFrom(row, stackWidth);
        if (!check) return std::unexpected(check.error());
        status.last = *std::move(check);
    }
    if (!row.isNull(failures + 1)) {
        const auto verdict = verdictFrom(row.view(failures + 1));
        if (!verdict) return unreadable("verdict");
        status.lastConclusive = LastConclusive{*verdict, row.text(failures + 2), row.time(failures + 3)};
    }
    status.unconfirmed = row.truth(failures + 4);
    return status;
}

// `which` is a condition on stacks s.
Result<std::vector<StackStatus>> readStatusesWhere(Connection& connection, std::string_view which, Values values) {
    auto statuses = connection.rows(
        fmt::format("SELECT {}, {}, s.failures, s.conclusive_verdict, s.conclusive_commit, s.conclusive_time, "
                    "EXISTS (SELECT 1 FROM findings f WHERE f.stack_id = s.id AND f.closed IS NULL AND f.told IS NULL) "
                    "FROM stacks s "
                    "LEFT JOIN checks c ON c.number = (SELECT max(number) FROM checks WHERE stack_id = s.id) "
                    "WHERE {} ORDER BY s.repository || '/' || s.name",
                    stackColumns, checkColumns, which),
        values, statusFrom);
    if (!statuses) return statuses;
    auto findings =
        connection.rows(fmt::format("SELECT {} FROM findings WHERE closed IS NULL AND told IS NOT NULL AND stack_id IN "
                                    "(SELECT s.id FROM stacks s WHERE {}) ORDER BY address",
                                    findingColumns, which),
                        values, findingFrom);
    if (!findings) return std::unexpected(findings.error());
    std::map<std::string_view, StackStatus*> byId;
    for (StackStatus& status : *statuses) byId.emplace(status.stack.id, &status);
    for (Finding& finding : *findings) byId.at(finding.stackId)->open.push_back(std::move(finding));
    return statuses;
}

Result<std::optional<std::string>> findId(Connection& connection, const Stack& stack) {
    const auto text = [](const Row& row) -> Result<std::string> { return row.text(0); };
    auto id =
        connection.row("SELECT id FROM stacks WHERE repository = ? AND name = ?", {stack.repository, stack.name}, text);
    if (!id || *id || stack.renamedFrom.empty()) return id;
    return connection.row(
        "SELECT id FROM stacks WHERE (repository = ?1 AND name = ?2) OR repository || '/' || name = ?2 "
        "ORDER BY repository = ?1 DESC LIMIT 1",
        {stack.repository, stack.renamedFrom}, text);
}

Result<void> dropEqualMiddle(Connection& connection, const Check& check, const std::string& report) {
    using Earlier = std::pair<std::int64_t, bool>;
    const auto earlier = connection.rows(
        "SELECT number, verdict = 'in_sync' AND commit_id = ? AND source_digest = ? AND report = ? FROM checks "
        "WHERE stack_id = ? ORDER BY number DESC LIMIT 2",
        {check.commit, check.sourceDigest, report, check.stackId},
        [](const Row& row) -> Result<Earlier> { return Earlier(row.integer(0), row.truth(1)); });
    if (!earlier) return std::unexpected(earlier.error());
    if (earlier->size() < 2 || !(*earlier)[0].second || !(*earlier)[1].second) return {};
    auto dropped = connection.run("DELETE FROM checks WHERE number = ?", {(*earlier)[0].first});
    if (!dropped) return std::unexpected(dropped.error());
    return {};
}

// The stack remembers what it needs for good: checks go with time.
Result<std::int64_t> noteOnStack(Connection& connection, const Check& check) {
    if (isInventory(check))
        return connection.run("UPDATE stacks SET failures = 0, looked = ? WHERE id = ?",
                              {check.started, check.stackId});
    if (check.report.completeness == Completeness::Failed)
        return connection.run("UPDATE stacks SET failures = failures + 1 WHERE id = ?", {check.stackId});
    if (!check.complete())
        return connection.run("UPDATE stacks SET failures = failures + 1, looked = ? WHERE id = ?",
                              {check.started, check.stackId});
    auto noted = connection.run(
        "UPDATE stacks SET failures = 0, looked = ?, conclusive_verdict = ?, conclusive_commit = ?, conclusive_time = "
        "? WHERE id = ?",
        {check.started, name(check.verdict()), check.commit, check.finished, check.stackId});
    if (!noted || check.verdict() != Verdict::InSync) return noted;
    return connection.run(
        "UPDATE stacks SET clean_commit = ?, clean_digest = ?, clean_evidence = ?, clean_time = ? WHERE id = ?",
        {check.commit, check.sourceDigest, evidenceJson(check.report.evidence), check.finished, check.stackId});
}

}  // namespace

Result<Stack> keepStack(Connection& connection, const Stack& stack) {
    auto id = findId(connection, stack);
    if (!id) return std::unexpected(id.error());
    Stack kept = stack;
    kept.id = id->has_value() ? **id : makeUuid();
    // An update that changes nothing writes nothing: all stacks are kept again at every start and reload.
    const auto written = connection.run(
        "INSERT INTO stacks (id, repository, name, path, provider, workspace, variable_files, every, timeout, "
        "stale_after, "
        "owner, closure, code_owners, options) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET repository = excluded.repository, name = excluded.name, path = excluded.path, "
        "provider = excluded.provider, workspace = excluded.workspace, variable_files = excluded.variable_files, "
        "every = excluded.every, timeout = excluded.timeout, stale_after = excluded.stale_after, owner = "
        "excluded.owner, "
        "closure = excluded.closure, code_owners = excluded.code_owners, options = excluded.options, removed = NULL "
        "WHERE removed IS NOT NULL OR (repository, name, path, provider, workspace, variable_files, every, timeout, "
        "stale_after, owner, closure, code_owners, options) <> (excluded.repository, excluded.name, excluded.path, "
        "excluded.provider, excluded.workspace, excluded.variable_files, excluded.every, excluded.timeout, "
        "excluded.stale_after, excluded.owner, excluded.closure, excluded.code_owners, excluded.options)",
        {kept.id, kept.repository, kept.name, kept.path, kept.provider, kept.workspace, listJson(kept.variableFiles),
         kept.every, kept.timeout, kept.staleAfter, kept.owner, listJson(kept.closure), listJson(kept.codeOwners),
         listsJson(kept.options)});
    if (!written) return std::unexpected(written.error());
    return kept;
}

Result<void> removeStack(Connection& connection, const std::string& stackId, TimePoint when) {
    auto removed = connection.run("UPDATE stacks SET removed = ? WHERE id = ? AND removed IS NULL", {when, stackId});
    if (!removed) return std::unexpected(removed.error());
    return removeEstate(connection, stackId);
}

Result<std::vector<Stack>> readStacks(Connection& connection) {
    return connection.rows(
        fmt::format("SELECT {} FROM stacks s WHERE s.removed IS NULL ORDER BY s.repository || '/' || s.name",
                    stackColumns),
        {}, [](const Row& row) { return stackFrom(row); });
}

Result<std::optional<Stack>> readStack(Connection& connection, const std::string& stackId) {
    return connection.row(fmt::format("SELECT {} FROM stacks s WHERE s.id = ?", stackColumns), {stackId},
                          [](const Row& row) { return stackFrom(row); });
}

Result<void> writeCheck(Connection& connection, const Check& check) {
    const auto noted = noteOnStack(connection, check);
    if (!noted) return std::unexpected(noted.error());
    if (*noted == 0) return failure(Remedy::Report, "store_failed", "a check of a stack that is not known");
    const std::string report = reportJson(check.report);
    if (auto tidied = dropEqualMiddle(connection, check, report); !tidied) return tidied;
    const auto written = connection.run(
        "INSERT INTO checks (id, stack_id, commit_id, source_digest, started, finished, verdict, report, touch, log, "
        "completeness, reason_code, reason_text, drifts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {check.id, check.stackId, check.commit, check.sourceDigest, check.started, check.finished,
         name(check.verdict()), report, check.touch ? touchJson(*check.touch) : "", logJson(check.log),
         name(check.report.completeness), check.report.reason ? check.report.reason->code : "",
         check.report.reason ? check.report.reason->text : "", check.report.drifts.size()});
    if (!written) return std::unexpected(written.error());
    if (check.report.completeness == Completeness::Failed) return {};
    // A graph that is as before writes nothing, and what follows from it neither.
    const auto drawn = connection.run(
        "INSERT INTO graphs (stack_id, graph, whole) VALUES (?, ?, ?) ON CONFLICT (stack_id) DO UPDATE SET graph = "
        "excluded.graph, whole = excluded.whole WHERE graph <> excluded.graph OR whole < excluded.whole",
        {check.stackId, graphJson(check.report.graph), check.complete()});
    if (!drawn) return std::unexpected(drawn.error());
    return *drawn > 0 ? writeEstate(connection, check) : Result<void>();
}

Result<bool> wasEverComplete(Connection& connection, const std::string& stackId) {
    const auto count = connection.number("SELECT count(conclusive_time) FROM stacks WHERE id = ?", {stackId});
    if (!count) return std::unexpected(count.error());
    return *count > 0;
}

Result<std::optional<CleanCheck>> readLastClean(Connection& connection, const std::string& stackId) {
    return connection.row(
        "SELECT clean_commit, clean_digest, clean_evidence, clean_time FROM stacks WHERE id = ? AND clean_time IS NOT "
        "NULL",
        {stackId}, [](const Row& row) -> Result<CleanCheck> {
            auto evidence = evidenceFromJson(row.view(2));
            if (!evidence) return unreadable("evidence");
            return CleanCheck{row.text(0), row.text(1), *std::move(evidence), row.time(3)};
        });
}

Result<std::vector<Check>> readHistory(Connection& connection, const std::string& stackId, std::size_t most) {
    return connection.rows(
        fmt::format("SELECT {} FROM checks c WHERE c.stack_id = ? ORDER BY c.number DESC LIMIT ?", checkColumns),
        {stackId, most}, [](const Row& row) { return checkFrom(row); });
}

Result<std::vector<Check>> readHistorySince(Connection& connection, const std::string& stackId, TimePoint since) {
    return connection.rows(
        fmt::format("SELECT {} FROM checks c WHERE c.stack_id = ? AND c.finished >= ? ORDER BY c.number DESC",
                    checkColumns),
        {stackId, since}, [](const Row& row) { return checkFrom(row); });
}

Result<std::optional<Check>> readCheck(Connection& connection, const std::string& checkId) {
    return connection.row(fmt::format("SELECT {} FROM checks c WHERE c.id = ?", checkColumns), {checkId},
                          [](const Row& row) { return checkFrom(row); });
}

Result<std::optional<ResourceGraph>> readGraph(Connection& connection, const std::string& stackId) {
    return connection.row("SELECT graph FROM graphs WHERE stack_id = ?", {stackId},
                          [](const Row& row) -> Result<ResourceGraph> {
                              auto graph = graphFromJson(row.view(0));
                              if (!graph) return unreadable("graph");
                              return *std::move(graph);
                          });
}

Result<std::optional<StackStatus>> readStatus(Connection& connection, const std::string& stackId) {
    auto statuses = readStatusesWhere(connection, "s.id = ?", {stackId});
    if (!statuses) return std::unexpected(statuses.error());
    if (statuses->empty()) return std::nullopt;
    return std::move(statuses->front());
}

Result<std::vector<StackStatus>> readStatuses(Connection& connection) {
    return readStatusesWhere(connection, "s.removed IS NULL", {});
}

Result<std::vector<StackStatus>> readStatusesIn(Connection& connection, const std::vector<std::string>& stackIds,
                                                const std::vector<std::string>& incidentIds) {
    return readStatusesWhere(connection,
                             "s.id IN (SELECT value FROM json_each(?1) UNION SELECT stack_id FROM members WHERE "
                             "incident_id IN (SELECT value FROM json_each(?2)))",
                             {listJson(stackIds), listJson(incidentIds)});
}

}  // namespace driftkeeper
