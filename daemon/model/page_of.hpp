#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/check.hpp"
#include "daemon/model/incident.hpp"

// What lists show that nobody reads whole.
namespace driftkeeper {

// Which part of a list.
struct Slice {
    std::size_t first = 0;
    std::size_t most = 50;
};

template <class Row>
struct PageOf {
    std::vector<Row> rows;
    std::size_t total = 0;  // of the whole list
};

// A check without what it saw.
struct CheckLine {
    std::string id;
    std::string commit;
    TimePoint started{};
    TimePoint finished{};
    Verdict verdict = Verdict::Inconclusive;
    Completeness completeness = Completeness::Complete;
    std::optional<Reason> reason;
    std::size_t drifts = 0;  // that it saw, confirmed or not yet
};

// An incident with the first of its members.
struct IncidentLine {
    Incident incident;
    std::size_t members = 0;  // all of them
};

// A stack that has to do with another one.
struct Relation {
    enum class Kind {
        UsedBy,
        Uses,
        Shares
    };  // it uses the other; it offers what the other uses; both know one thing
    std::string stackId;
    Kind kind = Kind::Shares;
};

}  // namespace driftkeeper
