#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/report.hpp"
#include "parsers/json/remembered_values.hpp"
#include "parsers/json/value_tags.hpp"
#include "parsers/result.hpp"
#include "parsers/terraform/schema.hpp"
#include "parsers/terraform/state.hpp"

namespace driftkeeper::terraform {

// Whether the stack's files (and the local modules it uses) differ from the last in_sync check.
enum class SourceSince { Unchanged, Changed, NoCleanCheck };

// A value outside of the repository that a plan follows from, and that is not what it was at the
// last in_sync check.
struct MovedInput {
    static constexpr std::string_view anyVariable = "*";
    std::string what;        // for people: "environment variable TF_VAR_size"
    std::string variable{};  // of the root module that it gives a value; empty: none
    std::string module{};    // "module.a" that is another one; empty: none
};

// What the last in_sync check saw, for telling which side moved since.
struct SinceClean {
    RememberedValues then;
    std::vector<MovedInput> inputs{};
    bool isSameCommit = false;
    bool isAppliedSince = false;  // the state was written since
};

// What the verdict needs beside the plan.
struct PlanContext {
    SourceSince source = SourceSince::NoCleanCheck;
    // None: only `source` says who moved.
    std::optional<SinceClean> sinceClean{};
    // ignore_changes by configuration address without instance keys ("module.a.lab_file.b"):
    // attribute names or paths as written, "all" for everything. Empty: none.
    std::map<std::string, std::vector<std::string>> ignoreChanges;
    // What each `local` refers to, by module path ("" = root, "module.a") and local name: data.x.y,
    // var.z, local.w, ….
    std::map<std::string, std::map<std::string, std::vector<std::string>>> locals;
    // Where the planned tree lies: a value of Git's that holds this path, where live holds another
    // one, is no change. Empty: not known.
    std::string place{};
    // The states inside the plan file; without them no change can be laid on a data source's new
    // answer.
    const PlanFileStates* states = nullptr;
    // Called at most once, and only when a drift that Git leaves open was seen: the schemas of
    // these resource types. An error, or no function: such drifts are told as if the attributes
    // were optional.
    std::function<Result<ResourceSchemas>(const std::vector<std::string>& types)> schemas;
};

// Plan JSON (`show -json PLANFILE`, format_version 0.1 to 1.x, Terraform 0.14+ and OpenTofu) to a
// report: the resource graph, every difference as a drift, noise too (Report::drifts), completeness
// (errored -> partial). Values of `variables`, `planned_values`, `prior_state` and `configuration`
// never leave this function; sensitive ones leave as tags. evidence, diagnostics and the reason of
// a partial report are the caller's to fill. Fails with `invalid_plan` or `unsupported_plan_format`
// (both Report). Move `text` in: it is not copied, and peak memory is at most half of its size
// beyond it. Any input is safe: deep, truncated, huge, not UTF-8. `values`: when given, what the
// look read (without states it is taken from the plan); what Git asks for otherwise is added.
Result<Report> readPlan(std::string text, const PlanContext& context, const ValueTags& tags,
                        RememberedValues* values = nullptr);

}  // namespace driftkeeper::terraform
