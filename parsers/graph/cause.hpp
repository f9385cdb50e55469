#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// The causes of a drift, told or not. The list is part of the outside: README.md documents each.
namespace driftkeeper::cause {

inline constexpr std::string_view outOfBand = "out_of_band";               // live changed behind the tool's back
inline constexpr std::string_view appliedElsewhere = "applied_elsewhere";  // someone applied other code than Git's
inline constexpr std::string_view unappliedCommit = "unapplied_commit";    // Git asks for it, nobody applied it yet
inline constexpr std::string_view tainted = "tainted";                     // marked for replacement in the state
inline constexpr std::string_view conflict = "conflict";                   // live and Git both moved, apart
inline constexpr std::string_view perpetual = "perpetual";                 // changes again right after every apply
inline constexpr std::string_view providerUpgrade = "provider_upgrade";    // another version of the provider sees more
inline constexpr std::string_view unmanaged = "unmanaged";                 // is there, and Git never asked for it

// Noise: listed, and told to nobody as long as the built-in rules are on.
inline constexpr std::string_view converged = "converged";           // live changed and Git already equals it
inline constexpr std::string_view ignoreChanges = "ignore_changes";  // lifecycle { ignore_changes } covers it
inline constexpr std::string_view computed = "computed";             // only what the provider computes
inline constexpr std::string_view cosmetic = "cosmetic";             // two spellings of one value
inline constexpr std::string_view cascade = "cascade";               // only unknown values of another change
inline constexpr std::string_view outputOnly = "output_only";
inline constexpr std::string_view dataSource = "data_source";
inline constexpr std::string_view checkBlock = "check_block";
inline constexpr std::string_view moved = "moved";              // a new address for the same object
inline constexpr std::string_view forgotten = "forgotten";      // leaves the state, the object stays
inline constexpr std::string_view imported = "import";          // enters the state as it is
inline constexpr std::string_view deferred = "deferred";        // the tool postponed it to a later plan
inline constexpr std::string_view autoscaled = "autoscaled";    // a number that an autoscaler sets
inline constexpr std::string_view defaulted = "defaulted";      // filled in by the other side where Git says nothing
inline constexpr std::string_view injected = "injected";        // put there by a webhook or a controller
inline constexpr std::string_view bookkeeping = "bookkeeping";  // what a server notes for itself
inline constexpr std::string_view aggregated = "aggregated";    // rules that a controller collects

inline constexpr std::array noise = {converged,  ignoreChanges, computed, cosmetic,    cascade,   outputOnly,
                                     dataSource, checkBlock,    moved,    forgotten,   imported,  deferred,
                                     autoscaled, defaulted,     injected, bookkeeping, aggregated};

}  // namespace driftkeeper::cause

namespace driftkeeper {

constexpr bool isNoise(std::string_view cause) noexcept {
    return std::ranges::find(cause::noise, cause) != cause::noise.end();
}

}  // namespace driftkeeper
