#pragma once

#include <filesystem>
#include <memory>

#include "daemon/base/clock.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// Opens the state of a daemon that starts: with the modes that its files should have, with the
// reserve where the disk is full, and with what it has lost noted in it (Store::hasLost) and in the
// log. The directory must exist. Fails as Store::open and lossOf.
Result<std::unique_ptr<Store>> openState(const std::filesystem::path& directory,
                                         const Clock& clock);

}  // namespace driftkeeper
