#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// One server-sent event as it goes over the wire (WHATWG HTML §9.2). Line ends in `data` become
// several data lines, those in `event` are dropped.
std::string eventText(std::string_view event, std::string_view data);

}  // namespace driftkeeper
