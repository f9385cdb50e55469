#pragma once

#include <string_view>

namespace driftkeeper {

// True for names like password, db_password, apiKey, connection_string; not for monkey or
// public_key.
bool looksSecret(std::string_view name);

}  // namespace driftkeeper
