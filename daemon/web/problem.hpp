#pragma once

#include <string_view>

#include "daemon/web/server.hpp"

namespace driftkeeper {

// {"version":1,"error":{"code":"…","text":"…"}}. Both are words of ours that need no escaping.
WebResponse webProblem(int status, std::string_view code, std::string_view text);

}  // namespace driftkeeper
