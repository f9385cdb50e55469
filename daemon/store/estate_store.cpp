#include "daemon/store/estate_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/store/report_json.hpp"

namespace driftkeeper {
namespace {

using sql::Connection;
using sql::Row;

constexpr std::size_t mostStacks = 200;  // that one walk over the estate reads

struct TieRow {
    bool need = false;
    std::string key;
    std::string address;
    auto operator<=>(const TieRow&) const = default;
};

struct ClaimRow {
    std::string address;
    std::string identity;
    std::string type;
    auto operator<=>(const ClaimRow&) const = default;
};

std::set<TieRow> tiesOf(const ResourceGraph& graph) {
    std::set<TieRow> ties;
    for (const auto& offer : graph.offers()) ties.insert({false, offer.key, offer.address});
    for (const auto& need : graph.needs()) ties.insert({true, need.key, need.address});
    return ties;
}

std::set<ClaimRow> claimsOf(const ResourceGraph& graph) {
    std::set<ClaimRow> claims;
    for (const auto& resource : graph.resources())
        if (!resource.identity.empty())
            claims.insert({resource.address, resource.identity, resource.type});
    return claims;
}

// Brings the rows of one stack in line with what it says now; how many rows moved. `forget` and
// `keep` run one row's statement.
template <class Kept, class Forget, class Keep>
Result<std::int64_t> settle(const std::vector<Kept>& before, const std::set<Kept>& now,
                            bool mayForget, Forget forget, Keep keep) {
    const std::set<Kept> known(before.begin(), before.end());
    std::int64_t moved = 0;
    const auto run = [&](const Result<std::int64_t>& done) -> Result<void> {
        if (!done) return std::unexpected(done.error());
        ++moved;
        return {};
    };
    if (mayForget)
        for (const auto& row : known)
            if (!now.contains(row))
                if (auto done = run(forget(row)); !done) return std::unexpected(done.error());
    for (const auto& row : now)
        if (!known.contains(row))
            if (auto done = run(keep(row)); !done) return std::unexpected(done.error());
    return moved;
}

Result<std::int64_t> writeClaims(Connection& connection, const Check& check, bool isWhole) {
    constexpr std::string_view upsert = R"(
        INSERT INTO claims (stack_id, address, identity, type, since) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (stack_id, address) DO UPDATE SET
            identity = excluded.identity, type = excluded.type, since = excluded.since)";
    const auto before =
        connection.rows("SELECT address, identity, type FROM claims WHERE stack_id = $1",
                        {check.stackId}, [](const Row& row) -> Result<ClaimRow> {
                            return ClaimRow{row.text(0), row.text(1), row.text(2)};
                        });
    if (!before) return std::unexpected(before.error());
    return settle(
        *before, claimsOf(check.report.graph), isWhole,
        [&](const ClaimRow& row) {
            return connection.run("DELETE FROM claims WHERE stack_id = $1 AND address = $2",
                                  {check.stackId, row.address});
        },
        [&](const ClaimRow& row) {
            return connection.run(
                upsert, {check.stackId, row.address, row.identity, row.type, check.started});
        });
}

Result<std::int64_t> writeTies(Connection& connection, const Check& check, bool isWhole) {
    constexpr std::string_view insert = R"(
        INSERT INTO ties (stack_id, need, key, address) VALUES ($1, $2, $3, $4))";
    constexpr std::string_view remove = R"(
        DELETE FROM ties WHERE stack_id = $1 AND need = $2 AND key = $3 AND address = $4)";
    const auto before = connection.rows("SELECT need, key, address FROM ties WHERE stack_id = $1",
                                        {check.stackId}, [](const Row& row) -> Result<TieRow> {
                                            return TieRow{row.truth(0), row.text(1), row.text(2)};
                                        });
    if (!before) return std::unexpected(before.error());
    return settle(
        *before, tiesOf(check.report.graph), isWhole,
        [&](const TieRow& row) {
            return connection.run(remove, {check.stackId, row.need, row.key, row.address});
        },
        [&](const TieRow& row) {
            return connection.run(insert, {check.stackId, row.need, row.key, row.address});
        });
}

Result<void> noteMoved(Connection& connection) {
    return sql::done(connection.run("UPDATE estate SET version = version + 1"));
}

Result<std::optional<ResourceGraph>> readGraph(Connection& connection, const std::string& stackId) {
    return connection.row("SELECT graph FROM graphs WHERE stack_id = $1", {stackId},
                          [](const Row& row) -> Result<ResourceGraph> {
                              auto graph = graphFromJson(row.view(0));
                              if (!graph) return sql::unreadable("graph");
                              return *std::move(graph);
                          });
}

// Who in another stack uses what this one has.
Result<Surroundings> readSurroundings(Connection& connection, const std::string& stackId,
                                      const ResourceGraph& graph) {
    struct User {
        std::string key;
        ForeignUser user;
    };
    const auto offered = offeredKeys(graph);
    std::vector<std::string> keys;
    for (const auto& [key, address] : offered)
        if (keys.empty() || keys.back() != key) keys.push_back(key);
    constexpr std::string_view query = R"(
        SELECT t.key, t.stack_id, s.repository || '/' || s.name, t.address
        FROM ties t JOIN stacks s ON s.id = t.stack_id
        WHERE t.need = 1 AND t.key IN ({}) AND t.stack_id <> $2 AND s.removed IS NULL
        ORDER BY 3, 4)";
    const auto users =
        connection.rows(fmt::format(query, connection.elements("$1")), {keys, stackId},
                        [](const Row& row) -> Result<User> {
                            return User{row.text(0), {row.text(1), row.text(2), row.text(3)}};
                        });
    if (!users) return std::unexpected(users.error());
    Surroundings around{&graph, {}};
    for (const auto& [key, user] : *users)
        for (auto [it, last] = offered.equal_range(key); it != last; ++it)
            around.users.emplace(it->second, user);
    return around;
}

// The other stacks that a walk comes to, each read once.
class Neighbourhood {
public:
    explicit Neighbourhood(Connection& connection) : connection_(connection) {}

    const Surroundings* find(const std::string& stackId) {
        if (const auto it = known_.find(stackId); it != known_.end())
            return it->second.around ? &*it->second.around : nullptr;
        if (failed_ || known_.size() >= mostStacks) return nullptr;
        auto& one = known_[stackId];
        auto graph = readGraph(connection_, stackId);
        if (!graph) return fail(graph.error());
        if (!*graph) return nullptr;
        one.graph = **std::move(graph);
        auto around = readSurroundings(connection_, stackId, one.graph);
        if (!around) return fail(around.error());
        return &one.around.emplace(*std::move(around));
    }

    [[nodiscard]] const std::optional<Error>& failed() const noexcept { return failed_; }

private:
    struct One {
        ResourceGraph graph;
        std::optional<Surroundings> around;  // points at the graph beside it
    };

    const Surroundings* fail(const Error& error) {
        failed_ = error;
        return nullptr;
    }

    Connection& connection_;
    std::map<std::string, One> known_;
    std::optional<Error> failed_;
};

// "tfstate:BACKEND#OUTPUT" and "tfstate:BACKEND" are of one state.
Result<std::map<std::string, std::set<std::string>>> readStates(Connection& connection) {
    using Offer = std::pair<std::string, std::string>;
    constexpr std::string_view query = R"(
        SELECT stack_id, key FROM ties WHERE need = 0 AND key >= 'tfstate:' AND key < 'tfstate;')";
    const auto offers = connection.rows(query, {}, [](const Row& row) -> Result<Offer> {
        const std::string_view key = row.view(1);
        return Offer(row.text(0), key.substr(0, key.find('#')));
    });
    if (!offers) return std::unexpected(offers.error());
    std::map<std::string, std::set<std::string>> states;
    for (const auto& [stackId, key] : *offers) states[stackId].insert(key);
    return states;
}

Result<std::vector<Claim>> readClaims(Connection& connection) {
    constexpr std::string_view query = R"(
        SELECT c.identity, c.stack_id, s.repository || '/' || s.name, s.repository, s.provider,
               c.address, c.type, c.since, s.looked
        FROM claims c JOIN stacks s ON s.id = c.stack_id
        WHERE s.removed IS NULL
          AND c.identity IN (SELECT identity FROM claims GROUP BY identity
                             HAVING min(stack_id) <> max(stack_id))
        ORDER BY 1, 3, 6)";
    return connection.rows(query, {}, [](const Row& row) -> Result<Claim> {
        return Claim{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4),
                     row.text(5), row.text(6), row.time(7), row.time(8)};
    });
}

// The states that two stacks write. Who takes an inventory of one writes nothing.
Result<std::vector<Claim>> readSharedStates(Connection& connection) {
    constexpr std::string_view query = R"(
        WITH own (key, stack_id) AS (
            SELECT t.key, t.stack_id FROM ties t JOIN stacks s ON s.id = t.stack_id
            WHERE t.need = 0 AND t.address = '' AND t.key LIKE 'tfstate:%'
              AND s.removed IS NULL AND s.provider <> 'state')
        SELECT o.key, o.stack_id, s.repository || '/' || s.name, s.repository, s.provider, s.looked
        FROM own o JOIN stacks s ON s.id = o.stack_id
        WHERE o.key IN (SELECT key FROM own GROUP BY key HAVING min(stack_id) <> max(stack_id))
        ORDER BY 1, 3)";
    return connection.rows(query, {}, [](const Row& row) -> Result<Claim> {
        return Claim{row.text(0), row.text(1), row.text(2), row.text(3), row.text(4),
                     "",          "",          {},          row.time(5)};
    });
}

Result<void> writeEstate(Connection& connection, const Check& check) {
    const bool isWhole = check.complete();
    const auto claims = writeClaims(connection, check, isWhole);
    if (!claims) return std::unexpected(claims.error());
    const auto ties = writeTies(connection, check, isWhole);
    if (!ties) return std::unexpected(ties.error());
    return *claims + *ties > 0 ? noteMoved(connection) : Result<void>();
}

}  // namespace

// A graph that is as before writes nothing, and what follows from it neither.
Result<void> writeGraph(Connection& connection, const Check& check) {
    constexpr std::string_view upsert = R"(
        INSERT INTO graphs (stack_id, graph, whole) VALUES ($1, $2, $3)
        ON CONFLICT (stack_id) DO UPDATE SET graph = excluded.graph, whole = excluded.whole
        WHERE graphs.graph <> excluded.graph OR graphs.whole < excluded.whole)";
    const auto drawn =
        connection.run(upsert, {check.stackId, graphJson(check.report.graph), check.complete()});
    if (!drawn) return std::unexpected(drawn.error());
    return *drawn > 0 ? writeEstate(connection, check) : Result<void>();
}

Result<void> removeEstate(Connection& connection, const std::string& stackId) {
    for (const std::string_view table : {"claims", "ties", "graphs"})
        if (auto gone =
                connection.run(fmt::format("DELETE FROM {} WHERE stack_id = $1", table), {stackId});
            !gone)
            return std::unexpected(gone.error());
    return noteMoved(connection);
}

Result<std::map<std::string, Dependents>> readDependents(Connection& connection,
                                                         const Check& check) {
    std::map<std::string, Dependents> dependents;
    if (check.report.drifts.empty()) return dependents;
    const auto needs = connection.number("SELECT EXISTS (SELECT 1 FROM ties WHERE need = 1)");
    if (!needs) return std::unexpected(needs.error());
    if (*needs == 0) return dependents;
    const auto home = readSurroundings(connection, check.stackId, check.report.graph);
    if (!home) return std::unexpected(home.error());
    if (home->users.empty()) return dependents;
    Neighbourhood others(connection);
    DependentsWalk walk(check.stackId, *home,
                        [&](const std::string& stackId) { return others.find(stackId); });
    for (const auto& drift : check.report.drifts)
        if (auto found = walk.from(drift.address); !found.elsewhere.empty())
            dependents.emplace(drift.address, std::move(found));
    if (others.failed()) return std::unexpected(*others.failed());
    return dependents;
}

Result<std::optional<ResourceGraph>> EstateStore::graph(const std::string& stackId) {
    return database_.read([&](Connection& it) { return readGraph(it, stackId); });
}

Result<std::vector<std::string>> EstateStore::neighbours(const std::string& stackId) {
    constexpr std::string_view query = R"(
        WITH mine (key) AS (
            SELECT key FROM ties WHERE stack_id = $1 AND need = 0
            UNION SELECT identity FROM claims WHERE stack_id = $1),
        wanted (key) AS (SELECT key FROM ties WHERE stack_id = $1 AND need = 1)
        SELECT $1
        UNION SELECT stack_id FROM ties WHERE need = 1 AND key IN (SELECT key FROM mine)
        UNION SELECT stack_id FROM ties WHERE need = 0 AND key IN (SELECT key FROM wanted)
        UNION SELECT stack_id FROM claims
              WHERE identity IN (SELECT key FROM wanted UNION SELECT key FROM mine))";
    return database_.read(
        [&](Connection& it) { return it.rows(query, {stackId}, sql::firstText); });
}

Result<std::vector<Relation>> EstateStore::relations(const std::string& stackId) {
    constexpr std::string_view query = R"(
        WITH offered (key) AS (SELECT key FROM ties WHERE stack_id = $1 AND need = 0),
        claimed (key) AS (SELECT identity FROM claims WHERE stack_id = $1),
        wanted (key) AS (SELECT key FROM ties WHERE stack_id = $1 AND need = 1),
        related (kind, stack_id) AS (
            SELECT 0, stack_id FROM ties
            WHERE need = 1 AND key IN (SELECT key FROM offered UNION SELECT key FROM claimed)
            UNION SELECT 1, stack_id FROM ties WHERE need = 0 AND key IN (SELECT key FROM wanted)
            UNION SELECT 1, stack_id FROM claims WHERE identity IN (SELECT key FROM wanted)
            UNION SELECT 2, stack_id FROM claims WHERE identity IN (SELECT key FROM claimed))
        SELECT r.stack_id, r.kind FROM related r JOIN stacks s ON s.id = r.stack_id
        WHERE s.removed IS NULL AND r.stack_id <> $1
        ORDER BY r.kind, s.repository || '/' || s.name)";
    const auto relation = [](const Row& row) -> Result<Relation> {
        return Relation{row.text(0), static_cast<Relation::Kind>(row.integer(1))};
    };
    return database_.read([&](Connection& it) { return it.rows(query, {stackId}, relation); });
}

Result<std::optional<std::string>> EstateStore::stateOf(const std::string& stackId) {
    constexpr std::string_view query = R"(
        SELECT key FROM ties
        WHERE stack_id = $1 AND need = 0 AND address = '' AND key LIKE 'tfstate:%' LIMIT 1)";
    return database_.read([&](Connection& it) { return it.row(query, {stackId}, sql::firstText); });
}

Result<bool> EstateStore::hasHeir(const std::string& stackId, const std::string& stateKey) {
    constexpr std::string_view query = R"(
        SELECT EXISTS (
            SELECT 1 FROM ties t JOIN stacks s ON s.id = t.stack_id
            WHERE t.need = 0 AND t.address = '' AND t.key = $2 AND t.stack_id <> $1
              AND s.removed IS NULL))";
    return database_.read([&](Connection& it) -> Result<bool> {
        const auto found = it.number(query, {stackId, stateKey});
        if (!found) return std::unexpected(found.error());
        return *found != 0;
    });
}

Result<std::optional<Claims>> EstateStore::claims(std::int64_t known) {
    return database_.read([&](Connection& it) -> Result<std::optional<Claims>> {
        const auto version = it.number("SELECT version FROM estate");
        if (!version) return std::unexpected(version.error());
        if (*version == known) return std::nullopt;
        auto claims = readClaims(it);
        if (!claims) return std::unexpected(claims.error());
        auto states = readStates(it);
        if (!states) return std::unexpected(states.error());
        auto shared = readSharedStates(it);
        if (!shared) return std::unexpected(shared.error());
        return Claims{*version, *std::move(claims), *std::move(states), *std::move(shared)};
    });
}

}  // namespace driftkeeper
