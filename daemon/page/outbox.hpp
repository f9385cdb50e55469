#pragma once

#include <map>
#include <string>

#include "daemon/model/page_of.hpp"
#include "daemon/page/frame.hpp"

namespace driftkeeper::page {

inline constexpr std::size_t deliveriesPerPage = 50;

// What is, was or will not be on its way to people.
struct OutboxView {
    std::string state;  // a delivery's state; empty: all
    std::size_t page = 1;
    PageOf<Delivery> deliveries;
    std::map<std::string, std::size_t> counts;  // by state
};
std::string outboxPage(const Frame& frame, const OutboxView& view);

}  // namespace driftkeeper::page
