#pragma once

#include <string>

#include "daemon/model/alert.hpp"

namespace driftkeeper {

// Whether anybody was alerted, in one line that begins with the state: "muted until
// 2026-11-22T19:07:00Z by silence 7f3a: maintenance", "undelivered: hook (unreachable: HTTP 503;
// next try 2026-11-22T19:08:00Z), chat at …". Not escaped for any place.
std::string alertText(const Alert& alert);

}  // namespace driftkeeper
