#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"

namespace driftkeeper::terraform {

enum class PlanAction { NoOp, Read, Create, Update, Delete, Replace, Forget };

// One element of resource_drift or resource_changes. Views point into the plan's text and are
// values as written.
struct PlanEntry {
    std::string address;
    std::string previousAddress;  // of a `moved` block
    std::string_view type;
    std::string_view provider;  // full provider address
    std::string_view deposed;   // key of a deposed object; empty: the current one
    std::string_view reason;    // action_reason
    std::string id;             // of `before`; empty when hidden or not there
    bool managed = true;        // false: a data source
    bool importing = false;
    bool destroys = false;  // the object that is there
    PlanAction action = PlanAction::NoOp;
    std::string_view before, after, afterUnknown, beforeSensitive, afterSensitive;
    std::string_view replacePaths;  // what makes a replacement necessary; empty: not said

    [[nodiscard]] bool existed() const noexcept { return !before.empty() && before != "null"; }
    // Says nothing but that the object is there.
    [[nodiscard]] bool isPlain() const noexcept {
        return action == PlanAction::NoOp && previousAddress.empty() && deposed.empty() &&
               !importing;
    }
};

// What is kept of a plain entry of resource_changes: nearly all of a plan are such.
struct UnchangedEntry {
    std::string address;
    std::string id;
    std::string_view type;
    std::string_view provider;
    std::string_view text;  // of the entry, as written: planEntry reads the rest
};

// The skeleton of a plan JSON: what the verdict needs, without the values.
// Source: terraform internal/command/jsonplan, format_version 0.1 to 1.2 (v0.14 to v1.16),
// OpenTofu 1.6 to 1.12
// ("1.2").
struct PlanDocument {
    std::string formatVersion;
    std::deque<PlanEntry> drifts;
    std::deque<PlanEntry> changes;          // without the plain ones
    std::vector<UnchangedEntry> unchanged;  // managed ones that exist
    std::deque<PlanEntry> deferred;
    std::vector<std::string> changedOutputs;  // names
    std::vector<std::string> failedChecks;    // check blocks that fail, as they are displayed
    std::string_view configuration;           // as written; empty when there is none
    std::string timestamp;                    // when it was made, RFC 3339 in UTC; empty: not said
    bool errored = false;
    bool complete = true;
};

// `invalid_plan` or `unsupported_plan_format` (both Report). `text` must outlive the result.
Result<PlanDocument> readPlanDocument(std::string_view text);

// One element of resource_changes.
PlanEntry planEntry(std::string_view text);

}  // namespace driftkeeper::terraform
