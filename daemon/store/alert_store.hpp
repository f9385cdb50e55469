#pragma once

#include <optional>
#include <string>

#include "daemon/model/alert.hpp"
#include "daemon/store/sql.hpp"

namespace driftkeeper {

// Who was alerted of what is open. Thread-safe; fails as sql.hpp says.
class AlertStore {
public:
    explicit AlertStore(sql::Database& database) : database_(database) {}

    // Of one stack, or of all. Deliveries come without what they send, which is most of a row.
    Result<AlertFacts> facts(const std::optional<std::string>& stackId);

private:
    sql::Database& database_;
};

}  // namespace driftkeeper
