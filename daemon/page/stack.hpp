#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/model/finding.hpp"
#include "daemon/model/page_of.hpp"
#include "daemon/model/running_check.hpp"
#include "daemon/model/stack_line.hpp"
#include "daemon/page/frame.hpp"
#include "daemon/wording/explanation.hpp"

namespace driftkeeper::page {

inline constexpr std::size_t driftsPerPage = 25;
inline constexpr std::size_t checksPerPage = 60;
inline constexpr std::size_t closedPerPage = 25;

// Another stack that has to do with this one.
struct Neighbour {
    Relation::Kind kind = Relation::Kind::Shares;
    StackLine line;
};

// All that is known of one stack. The numbers of pages count from 1.
struct StackView {
    Explanation explanation;
    std::vector<RunningCheck> running;  // of this stack: one or none
    std::vector<Neighbour> neighbours;
    PageOf<CheckLine> history;
    PageOf<Finding> closed;
    std::map<std::string, std::string> query;  // drifts, history, closed: which page of each
};

std::string stackPage(const Frame& frame, const StackView& view);

// One run of it: what it saw, what the tool said, what it compared with.
std::string checkPage(const Frame& frame, const Stack& stack, const Check& check,
                      const std::map<std::string, std::string>& reasons);

}  // namespace driftkeeper::page
