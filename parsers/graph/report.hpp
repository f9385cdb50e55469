#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/graph/drift.hpp"
#include "parsers/graph/resource_graph.hpp"

namespace driftkeeper {

// How much of a stack a look could see. Partial: the drifts of the readable resources count,
// nothing is resolved by it. Failed: it changes nothing.
enum class Completeness { Complete, Partial, Failed };

enum class Verdict { InSync, Drifted, Unapplied, Inconclusive };
inline constexpr std::array allVerdicts = {Verdict::InSync, Verdict::Drifted, Verdict::Unapplied,
                                           Verdict::Inconclusive};

// Why a look is not complete: a stable code of the documented list and one
// sentence without secrets.
struct Reason {
    std::string code;
    std::string text;

    bool operator==(const Reason&) const = default;
};

struct Coverage {
    std::size_t checked = 0;
    std::size_t unsupported = 0;
    std::size_t unreadable = 0;

    bool operator==(const Coverage&) const = default;
};

// A redacted summary of what the tool said; never a code snippet or a detail text.
struct Diagnostic {
    enum class Level { Warning, Error };
    Level level = Level::Warning;
    std::string summary;
    std::string address;  // empty: about the whole stack

    bool operator==(const Diagnostic&) const = default;
};

// What a later look compares itself with. Empty strings mean unknown.
struct Evidence {
    std::string toolVersion;
    std::string stateLineage;
    std::uint64_t stateSerial = 0;
    std::string lockDigest;  // of the dependency lock file that was used
    std::map<std::string, std::string> providerVersions;  // provider address -> version
    std::map<std::string, std::string> rendered{};        // address -> tag of what Git asked for
    // What is neither in Git nor live and a plan follows from, by what people call it -> its tag.
    std::map<std::string, std::string> inputs{};
    // What Git asked for and what was read, value by value, as tags: the provider's own text
    // (RememberedValues). Kept of the last in_sync look alone, for it may be large.
    std::string remembered{};

    bool operator==(const Evidence&) const = default;
};

// Something that should bring live in line with Git by itself, and does not.
struct ReconcilerTrouble {
    std::string name;  // Kustomization flux-system/apps
    std::string code;  // suspended stalled failing stale
    std::string text;  // one sentence without secrets

    bool operator==(const ReconcilerTrouble&) const = default;
};

// What a provider saw in one look at one stack.
struct Report {
    Completeness completeness = Completeness::Failed;
    std::optional<Reason> reason;  // set whenever completeness is not Complete
    ResourceGraph graph;
    std::size_t resources = 0;  // managed resources seen
    Coverage coverage;
    // Every difference, from a parser: sorted by address, and a resource with noise beside a real
    // difference is there more than once, the real one first. After the rules: what is left to
    // tell, one for each address.
    std::vector<Drift> drifts;
    std::vector<NotTold> notTold;  // what the rules took out; empty before
    std::vector<Diagnostic> diagnostics;
    std::vector<ReconcilerTrouble> reconcilers{};
    Evidence evidence;
};

// A report that saw nothing.
Report failedReport(std::string code, std::string text);

// in_sync only for a complete look without drifts; drifted as soon as one drift is not the git
// side's alone; a partial look without drifts and every failed look is inconclusive.
Verdict verdictOf(const Report& report) noexcept;

std::string_view name(Completeness completeness) noexcept;  // complete partial failed
std::string_view name(Verdict verdict) noexcept;  // in_sync drifted unapplied inconclusive
std::optional<Completeness> completenessFrom(std::string_view word) noexcept;
std::optional<Verdict> verdictFrom(std::string_view word) noexcept;

}  // namespace driftkeeper
