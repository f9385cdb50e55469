#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/model/mute.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// What keeps things quiet: silences, and what ignore rules hid. Thread-safe; fails as sql.hpp says.
class QuietStore {
public:
    explicit QuietStore(sql::Database& database) : database_(database) {}

    // Silences, those that ended too; keeping a known id again only moves its end.
    Result<void> keepSilence(const Silence& silence);
    Result<std::vector<Silence>> silences();  // `match` is left empty

    // What ignore rules did: Store::record counts what a check's rules hid. keepRules: these are
    // there, since now if new.
    Result<void> keepRules(const std::vector<std::string>& names, TimePoint now);
    Result<std::map<std::string, RuleHits>> ruleHits();

private:
    sql::Database& database_;
};

// Within the caller's transaction.
Result<void> countHits(sql::Connection& connection, const Check& check);

}  // namespace driftkeeper
