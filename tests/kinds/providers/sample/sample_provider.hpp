#pragma once

#include "providers/look/provider_kind.hpp"

namespace driftkeeper {

extern const ProviderKind sampleKind;

}  // namespace driftkeeper
