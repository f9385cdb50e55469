#pragma once

#include <string>
#include <string_view>

namespace driftkeeper {

// Raw bytes.
std::string sha256(std::string_view bytes);

// Lower case.
std::string hex(std::string_view bytes);

}  // namespace driftkeeper
