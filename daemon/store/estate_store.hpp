#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/dependents.hpp"
#include "daemon/model/check.hpp"
#include "daemon/model/estate.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// What stacks have to do with each other. Thread-safe; fails as sql.hpp says.
class EstateStore {
public:
    explicit EstateStore(sql::Database& database) : database_(database) {}

    Result<std::optional<ResourceGraph>> graph(
        const std::string& stackId);  // of the last check with one
    // Ids of the stack and of those that share a key or a thing with it.
    Result<std::vector<std::string>> neighbours(const std::string& stackId);
    // What other stacks have to do with this one, each once for each kind.
    Result<std::vector<Relation>> relations(const std::string& stackId);
    // The key of the stack's own Terraform state; nullopt: not known. What a removed stack had is
    // forgotten.
    Result<std::optional<std::string>> stateOf(const std::string& stackId);
    // Whether another stack, one that is not removed, has that state.
    Result<bool> hasHeir(const std::string& stackId, const std::string& stateKey);
    // Every thing that two stacks claim; nullopt: no claim came or went since the version `known`.
    Result<std::optional<Claims>> claims(std::int64_t known);

private:
    sql::Database& database_;
};

// Within the caller's transaction. Takes over the graph of a check, and what it claims, offers and
// needs; rows that stay are not written. A partial look takes nothing away.
Result<void> writeGraph(sql::Connection& connection, const Check& check);
Result<void> removeEstate(sql::Connection& connection, const std::string& stackId);

// By address of the check's drifts: what depends on them, where something in another stack does.
// Asks for nothing without drifts.
Result<std::map<std::string, Dependents>> readDependents(sql::Connection& connection,
                                                         const Check& check);

}  // namespace driftkeeper
