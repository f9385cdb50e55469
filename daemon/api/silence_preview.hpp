#pragma once

#include "daemon/api/world.hpp"
#include "daemon/model/route_match.hpp"
#include "daemon/page/silences.hpp"

namespace driftkeeper {

// What a silence of this match would keep quiet now. Fails as the store does.
Result<page::SilencePreview> previewOf(const ApiWorld& world, const RouteMatch& match);

}  // namespace driftkeeper
