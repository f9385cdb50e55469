#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace driftkeeper {

// Which side moved: the real thing, Git (something asked for and not applied yet), both (conflict),
// or it cannot be said.
enum class Side { Live, Git, Both, Unknown };

// What happened there. Live + Created is an unmanaged resource.
enum class Change { Modified, Deleted, Created };

enum class Severity { Info, Warning, Critical };

// One attribute that differs. `git` and `live` are canonical JSON texts ("null" = not set), already
// safe to show: the value of a sensitive attribute is {"redacted":"hmac:…"}, a value over 4 KiB is
// {"digest":"hmac:…","bytes":N}.
struct AttributeDrift {
    std::string path;  // ingress[0].cidr_blocks[0]; a map key that is no identifier: tags["a b"]
    std::string git = "null";
    std::string live = "null";
    bool sensitive = false;
    // What was last applied, where Git asks for something else; empty: what Git asks for.
    std::string before{};

    bool operator==(const AttributeDrift&) const = default;
};

// A resource of another stack.
struct Elsewhere {
    std::string stack;  // full name
    std::string address;

    bool operator==(const Elsewhere&) const = default;
};

// One resource on which Git and live differ, as one check saw it.
struct Drift {
    std::string address;
    std::string previousAddress;  // where a `moved` block says it was; empty otherwise
    std::string type;
    std::string id;  // physical id; may be empty
    Side side = Side::Unknown;
    Change change = Change::Modified;  // for Side::Both: what happened live
    std::optional<Change> liveChange;  // only for Side::Both
    std::optional<Change> gitChange;   // only for Side::Both
    std::string cause;                 // one of cause.hpp
    bool replace = false;              // undoing or applying it destroys the object
    // Who judges it says it; parsers and providers leave it alone.
    Severity severity = Severity::Warning;
    std::size_t dependents = 0;  // resources reached from this one in the graph
    std::vector<AttributeDrift> attributes;
    // One sentence for people, such as "ignore rule settings/tags expired on 2026-11-01";
    // may be empty.
    std::string note;
    // Who moved live: "kubectl-edit, 2026-11-22T10:00:00Z"; empty: not known.
    std::string changedBy{};
    // The first of other stacks; parsers and providers leave it empty.
    std::vector<Elsewhere> dependentsElsewhere{};

    bool operator==(const Drift&) const = default;
};

// A difference that was seen and that a rule keeps quiet. Always listed, never hidden.
struct NotTold {
    Drift drift;
    std::string rule;  // builtin/NAME, settings/NAME, REPOSITORY/NAME

    bool operator==(const NotTold&) const = default;
};

std::string_view name(Side side) noexcept;          // live git both unknown
std::string_view name(Change change) noexcept;      // modified deleted created
std::string_view name(Severity severity) noexcept;  // info warning critical

// nullopt for a word that is none of the above.
std::optional<Side> sideFrom(std::string_view word) noexcept;
std::optional<Change> changeFrom(std::string_view word) noexcept;
std::optional<Severity> severityFrom(std::string_view word) noexcept;

}  // namespace driftkeeper
