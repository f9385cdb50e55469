#pragma once

#include <string_view>

namespace driftkeeper::kubernetes {

// True when both are quantities of one amount (apimachinery, resource.Quantity): 100m and 0.1, 1Gi
// and 1024Mi, 1e3 and 1k. Exact.
bool sameQuantity(std::string_view a, std::string_view b);

}  // namespace driftkeeper::kubernetes
