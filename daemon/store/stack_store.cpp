#include "daemon/store/stack_store.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "daemon/base/random.hpp"
#include "daemon/store/estate_store.hpp"
#include "daemon/store/report_json.hpp"
#include "daemon/store/rows.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

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
        status.last = std::make_shared<const Check>(*std::move(check));
    }
    if (!row.isNull(failures + 1)) {
        const auto verdict = verdictFrom(row.view(failures + 1));
        if (!verdict) return sql::unreadable("verdict");
        status.lastConclusive =
            LastConclusive{*verdict, row.text(failures + 2), row.time(failures + 3)};
    }
    status.unconfirmed = row.truth(failures + 4);
    return status;
}

// `which` is a condition on stacks s.
Result<std::vector<StackStatus>> readStatusesWhere(Connection& connection, std::string_view which,
                                                   sql::Values values) {
    constexpr std::string_view ofStacks = R"(
        SELECT {}, {}, s.failures, s.conclusive_verdict, s.conclusive_commit, s.conclusive_time,
               EXISTS (SELECT 1 FROM findings f
                       WHERE f.stack_id = s.id AND f.closed IS NULL AND f.told IS NULL)
        FROM stacks s
        LEFT JOIN checks c ON c.number = (SELECT max(number) FROM checks WHERE stack_id = s.id)
        WHERE {} ORDER BY s.repository || '/' || s.name)";
    constexpr std::string_view ofFindings = R"(
        SELECT {} FROM findings
        WHERE closed IS NULL AND told IS NOT NULL AND stack_id IN (SELECT s.id FROM stacks s WHERE {})
        ORDER BY address)";
    auto statuses = connection.rows(fmt::format(ofStacks, stackColumns, checkColumns, which),
                                    values, statusFrom);
    if (!statuses) return statuses;
    auto findings =
        connection.rows(fmt::format(ofFindings, findingColumns, which), values, findingFrom);
    if (!findings) return std::unexpected(findings.error());
    std::map<std::string_view, StackStatus*> byId;
    for (StackStatus& status : *statuses) byId.emplace(status.stack.id, &status);
    for (Finding& finding : *findings) byId.at(finding.stackId)->open.push_back(std::move(finding));
    return statuses;
}

Result<std::optional<std::string>> findId(Connection& connection, const Stack& stack) {
    auto id = connection.row("SELECT id FROM stacks WHERE repository = $1 AND name = $2",
                             {stack.repository, stack.name}, sql::firstText);
    if (!id || *id || stack.renamedFrom.empty()) return id;
    constexpr std::string_view byOldName = R"(
        SELECT id FROM stacks
        WHERE (repository = $1 AND name = $2) OR repository || '/' || name = $2
        ORDER BY repository = $1 DESC LIMIT 1)";
    return connection.row(byOldName, {stack.repository, stack.renamedFrom}, sql::firstText);
}

// An update that changes nothing writes nothing: all stacks are kept again at every start and
// reload.
Result<void> writeStack(Connection& connection, const Stack& stack) {
    constexpr std::string_view upsert = R"(
        INSERT INTO stacks (id, repository, name, path, provider, workspace, variable_files, every,
                            timeout, stale_after, owner, closure, code_owners, options)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (id) DO UPDATE SET
            repository = excluded.repository, name = excluded.name, path = excluded.path,
            provider = excluded.provider, workspace = excluded.workspace,
            variable_files = excluded.variable_files, every = excluded.every,
            timeout = excluded.timeout, stale_after = excluded.stale_after, owner = excluded.owner,
            closure = excluded.closure, code_owners = excluded.code_owners,
            options = excluded.options, removed = NULL
        WHERE stacks.removed IS NOT NULL
           OR (stacks.repository, stacks.name, stacks.path, stacks.provider, stacks.workspace,
               stacks.variable_files, stacks.every, stacks.timeout, stacks.stale_after, stacks.owner,
               stacks.closure, stacks.code_owners, stacks.options)
              <> (excluded.repository, excluded.name, excluded.path, excluded.provider,
                  excluded.workspace, excluded.variable_files, excluded.every, excluded.timeout,
                  excluded.stale_after, excluded.owner, excluded.closure, excluded.code_owners,
                  excluded.options))";
    return sql::done(connection.run(
        upsert,
        {stack.id, stack.repository, stack.name, stack.path, stack.provider, stack.workspace(),
         listJson({}), stack.every, stack.timeout, stack.staleAfter, stack.owner,
         listJson(stack.closure), listJson(stack.codeOwners), listsJson(stack.options)}));
}

}  // namespace

Result<Stack> StackStore::keep(const Stack& stack) {
    return database_.write([&](Connection& it) -> Result<Stack> {
        auto id = findId(it, stack);
        if (!id) return std::unexpected(id.error());
        Stack kept = stack;
        kept.id = id->has_value() ? **id : makeUuid();
        if (auto written = writeStack(it, kept); !written) return std::unexpected(written.error());
        return kept;
    });
}

Result<void> StackStore::remove(const std::string& id, TimePoint when) {
    return database_.write([&](Connection& it) -> Result<void> {
        auto removed = sql::done(
            it.run("UPDATE stacks SET removed = $1 WHERE id = $2 AND removed IS NULL", {when, id}));
        if (!removed) return removed;
        return removeEstate(it, id);
    });
}

Result<std::vector<Stack>> StackStore::list() {
    constexpr std::string_view query = R"(
        SELECT {} FROM stacks s WHERE s.removed IS NULL ORDER BY s.repository || '/' || s.name)";
    return database_.read(
        [&](Connection& it) { return it.rows(fmt::format(query, stackColumns), {}, stackFrom); });
}

Result<std::optional<StackStatus>> StackStore::status(const std::string& id) {
    return database_.read([&](Connection& it) -> Result<std::optional<StackStatus>> {
        auto statuses = readStatusesWhere(it, "s.id = $1", {id});
        if (!statuses) return std::unexpected(statuses.error());
        if (statuses->empty()) return std::nullopt;
        return std::move(statuses->front());
    });
}

Result<std::vector<StackStatus>> StackStore::statuses() {
    return database_.read(
        [](Connection& it) { return readStatusesWhere(it, "s.removed IS NULL", {}); });
}

Result<std::optional<Stack>> readStack(Connection& connection, const std::string& id) {
    return connection.row(fmt::format("SELECT {} FROM stacks s WHERE s.id = $1", stackColumns),
                          {id}, stackFrom);
}

Result<std::vector<StackStatus>> readStatusesIn(Connection& connection,
                                                const std::vector<std::string>& stackIds,
                                                const std::vector<std::string>& incidentIds) {
    constexpr std::string_view which = R"(
        s.id IN ({} UNION SELECT stack_id FROM members WHERE incident_id IN ({})))";
    return readStatusesWhere(
        connection, fmt::format(which, connection.elements("$1"), connection.elements("$2")),
        {stackIds, incidentIds});
}

}  // namespace driftkeeper
