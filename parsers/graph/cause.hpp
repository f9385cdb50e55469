#pragma once

#include <span>
#include <string_view>

#include "parsers/graph/drift.hpp"

// Why a drift is there: the words, whether they are noise, and what people read about them.
// cause.cpp has the one table; the page, alerts, `explain`, the built-in ignore rules, the settings
// and the tables in the documents read it. It stands on this floor because a cause is one fact: who
// produces the word, who judges it and who explains it must agree.
namespace driftkeeper::cause {

inline constexpr std::string_view outOfBand = "out_of_band";
inline constexpr std::string_view appliedElsewhere = "applied_elsewhere";
inline constexpr std::string_view unappliedCommit = "unapplied_commit";
inline constexpr std::string_view tainted = "tainted";
inline constexpr std::string_view conflict = "conflict";
inline constexpr std::string_view perpetual = "perpetual";
inline constexpr std::string_view providerUpgrade = "provider_upgrade";
inline constexpr std::string_view unmanaged = "unmanaged";
inline constexpr std::string_view inputsChanged = "inputs_changed";

inline constexpr std::string_view converged = "converged";
inline constexpr std::string_view ignoreChanges = "ignore_changes";
inline constexpr std::string_view computed = "computed";
inline constexpr std::string_view cosmetic = "cosmetic";
inline constexpr std::string_view cascade = "cascade";
inline constexpr std::string_view outputOnly = "output_only";
inline constexpr std::string_view dataSource = "data_source";
inline constexpr std::string_view expired = "expired";
inline constexpr std::string_view checkBlock = "check_block";
inline constexpr std::string_view moved = "moved";
inline constexpr std::string_view forgotten = "forgotten";
inline constexpr std::string_view imported = "import";
inline constexpr std::string_view deferred = "deferred";
inline constexpr std::string_view autoscaled = "autoscaled";
inline constexpr std::string_view defaulted = "defaulted";
inline constexpr std::string_view injected = "injected";
inline constexpr std::string_view bookkeeping = "bookkeeping";
inline constexpr std::string_view aggregated = "aggregated";
inline constexpr std::string_view sibling = "sibling";
inline constexpr std::string_view encrypted = "encrypted";
inline constexpr std::string_view random = "random";
inline constexpr std::string_view leftToOthers = "left_to_others";

}  // namespace driftkeeper::cause

namespace driftkeeper {

// Every text is one sentence, two at most; they are stable English, safe to show anywhere.
struct Cause {
    std::string_view word;
    bool isNoise =
        false;  // listed, and reported to nobody as long as its built-in ignore rule is on
    std::string_view meaning;  // what happened
    // How we know, by family of providers; empty where the cause does not arise.
    std::string_view terraform{};
    std::string_view kubernetes{};
    std::string_view flux{};
    std::string_view argocd{};
    std::string_view cloudformation{};
    std::string_view advice;  // what to do
    // What to do when the object is gone from live; empty: the same.
    std::string_view deletionAdvice{};
};

// What is reported first, then noise. No word twice.
std::span<const Cause> causes() noexcept;
const Cause* causeOf(std::string_view word) noexcept;  // nullptr: no such cause

bool isNoise(std::string_view word) noexcept;

// What happened, and how a provider of the family (as the catalog of providers names it)
// knows. What happened alone where the family has no sentence of its own; empty for a word
// that is no cause.
std::string_view howWeKnow(std::string_view word, std::string_view family) noexcept;

// What to do about the drift. Never empty: a word that is no cause, from another version, gets a
// general sentence.
std::string_view adviceFor(const Drift& drift) noexcept;

}  // namespace driftkeeper
