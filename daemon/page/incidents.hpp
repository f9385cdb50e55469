#pragma once

#include <map>
#include <string>

#include "daemon/model/page_of.hpp"
#include "daemon/page/frame.hpp"

namespace driftkeeper::page {

inline constexpr std::size_t incidentsPerPage = 25;
inline constexpr std::size_t membersShown = 12;  // of one incident in the list
inline constexpr std::size_t membersPerPage = 200;

// What people are told about.
struct IncidentsView {
    bool open = true;
    std::size_t page = 1;
    PageOf<IncidentLine> incidents;
    std::map<std::string, std::string>
        stacks;  // full names by stack id, of subjects that are stacks
};
std::string incidentsPage(const Frame& frame, const IncidentsView& view);

// One of them with all its members, a page at a time.
std::string incidentPage(const Frame& frame, const IncidentLine& line, const std::string& subject,
                         std::size_t page);

}  // namespace driftkeeper::page
