#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/model/run_step.hpp"
#include "daemon/model/time.hpp"
#include "daemon/model/touch.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

// One look at one stack at one commit.
struct Check {
    std::string id;  // uuid
    std::string stackId;
    std::string commit;        // empty: nothing could be checked out
    std::string sourceDigest;  // of the files that the stack depends on
    TimePoint started{};
    TimePoint finished{};
    Report report;
    // The commit that last changed what the stack depends on. Only looked for
    // when something differs.
    std::optional<Touch> touch;
    std::vector<RunStep> log;  // what it did, in order

    [[nodiscard]] Verdict verdict() const noexcept { return verdictOf(report); }
    [[nodiscard]] bool complete() const noexcept {
        return report.completeness == Completeness::Complete;
    }
    [[nodiscard]] double seconds() const noexcept {
        return std::chrono::duration<double>(finished - started).count();
    }
};

// The last look that could decide (complete): what it said.
struct LastConclusive {
    Verdict verdict = Verdict::InSync;
    std::string commit;
    TimePoint finished{};
};

}  // namespace driftkeeper
