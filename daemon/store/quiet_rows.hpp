#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/store/sqlite.hpp"

// What keeps things quiet, as rows: silences, what ignore rules hid, the last good rule files. Every function runs
// inside the caller's transaction and fails as store.hpp says.
namespace driftkeeper {

Result<void> keepSilence(sqlite::Connection& connection, const Silence& silence);
Result<std::vector<Silence>> readSilences(sqlite::Connection& connection);
Result<void> endWaits(sqlite::Connection& connection, TimePoint now);

Result<void> keepRules(sqlite::Connection& connection, const std::vector<std::string>& names, TimePoint now);
Result<void> countHits(sqlite::Connection& connection, const Check& check);
Result<std::map<std::string, RuleHits>> readRuleHits(sqlite::Connection& connection);

Result<void> keepText(sqlite::Connection& connection, const std::string& key, const std::string& text);
Result<std::optional<std::string>> readText(sqlite::Connection& connection, const std::string& key);

}  // namespace driftkeeper
