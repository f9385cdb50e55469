#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/stack_line.hpp"

// Which stacks of a fleet a view shows. Pure, and quick for thousands.
namespace driftkeeper::page {

inline constexpr std::size_t stacksPerPage = 100;

struct FleetFilter {
    std::string
        words;  // all of them are in the name, the provider, an owner or the reason; any case
    std::string verdict;  // in_sync drifted unapplied inconclusive; empty: any
    std::string repository;
    std::string owner;
    std::string provider;
    std::string sort;  // name drifts age checked; anything else: what is worst first
    std::string page;

    // Of a request's query, and back: only what is set.
    static FleetFilter from(const std::map<std::string, std::string>& query);
    [[nodiscard]] std::map<std::string, std::string> query() const;  // without the page
};

struct FleetSelection {
    std::vector<const StackLine*> rows;      // one screen
    std::size_t matching = 0;                // on all screens
    std::size_t all = 0;                     // without any filter
    std::array<std::size_t, 4> byVerdict{};  // of those that everything but the verdict matches
    std::size_t page = 1;
    std::size_t pages = 1;
    std::vector<std::string> repositories;  // to choose from, in order
    std::vector<std::string> owners;
    std::vector<std::string> providers;
};

// Points into `lines`.
FleetSelection select(const std::vector<StackLine>& lines, const FleetFilter& filter);

// Never checked counts as inconclusive.
Verdict verdictOf(const StackLine& line) noexcept;
std::size_t driftsOf(const StackLine& line, Side side) noexcept;
std::size_t driftsOf(const StackLine& line) noexcept;

}  // namespace driftkeeper::page
