#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/dependents.hpp"
#include "daemon/model/check.hpp"
#include "daemon/model/estate.hpp"
#include "daemon/store/sqlite.hpp"

// What stacks have to do with each other, as rows. Every function runs inside the caller's transaction and fails as
// store.hpp says.
namespace driftkeeper {

// Takes over what the graph of the check claims, offers and needs; rows that stay are not written. A partial look takes
// nothing away.
Result<void> writeEstate(sqlite::Connection& connection, const Check& check);
Result<void> removeEstate(sqlite::Connection& connection, const std::string& stackId);

// By address of the check's drifts: what depends on them, where something in another stack does. Asks for nothing
// without drifts.
Result<std::map<std::string, Dependents>> readDependents(sqlite::Connection& connection, const Check& check);

// Every thing that two stacks claim; nullopt: no claim came or went since the version `known`.
Result<std::optional<Claims>> readClaims(sqlite::Connection& connection, std::int64_t known);

// Ids of the stack and of those that share a key or a thing with it.
Result<std::vector<std::string>> readNeighbours(sqlite::Connection& connection, const std::string& stackId);

}  // namespace driftkeeper
