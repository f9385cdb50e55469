#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/memory.hpp"
#include "daemon/model/utc.hpp"
#include "parsers/graph/report.hpp"

namespace driftkeeper {

struct ShownDrift {
    Drift drift;
    std::optional<TimePoint> firstSeen;  // the daemon knows it, a one-shot check does not
};

// The contract's stack object as a value: what `check --format json`, the API, the webhook and the
// page show.
struct StackObject {
    std::string stack;  // full name
    std::string repository;
    std::string path;
    std::string provider;
    std::string workspace;
    std::vector<std::string> owners;  // none: left out
    std::string commit;
    std::optional<Touch> touch;  // the commit that last changed the stack, when something differs
    std::optional<TimePoint> started;
    double durationSeconds = 0;
    Verdict verdict = Verdict::Inconclusive;
    bool complete = false;
    std::optional<Reason> reason;
    std::size_t resources = 0;
    Coverage coverage;
    std::vector<ShownDrift> drifts;
    std::vector<NotTold> notTold;
    std::vector<Diagnostic> diagnostics;
    std::optional<LastConclusive> lastConclusive;  // daemon only
};

// What the daemon says of a stack: its told findings as drifts, the rest as its last check saw it.
// Never checked: inconclusive, reason not_checked_yet.
StackObject stackObject(const StackStatus& status);

// What one check says by itself: its raw drifts.
StackObject stackObject(const Stack& stack, const Check& check);

// {"version":1,"stacks":[…]}, compact, one line. Values in drifts are JSON already and are put in
// as they are.
std::string stacksJson(const std::vector<StackObject>& stacks);

// One object of that list alone, and back from either (unknown members are ignored; nullopt on
// anything else).
std::string stackJson(const StackObject& stack);
std::optional<std::vector<StackObject>> stacksFromJson(std::string_view text);

}  // namespace driftkeeper
