#include "daemon/watch/open_state.hpp"

#include <string>

#include "daemon/base/log.hpp"
#include "daemon/store/reserve.hpp"
#include "daemon/store/state_marker.hpp"
#include "daemon/store/state_modes.hpp"

namespace driftkeeper {
namespace {

Result<std::unique_ptr<Store>> openWithReserve(const std::filesystem::path& directory) {
    auto store = Store::open(directory);
    if (store || store.error().code != "store_full") return store;
    spendReserve(directory);
    return Store::open(directory);
}

}  // namespace

Result<std::unique_ptr<Store>> openState(const std::filesystem::path& directory,
                                         const Clock& clock) {
    keepModes(directory);
    auto store = openWithReserve(directory);
    if (!store) return store;
    const auto loss = lossOf(**store, directory);
    if (!loss) return std::unexpected(loss.error());
    if (*loss == StateLoss::None) return store;
    log::error(log::event::stateLost, "the state database is not the one that was last used here",
               {{"loss", std::string(name(*loss))}, {"state", directory.string()}});
    if (auto noted = (*store)->lose(name(*loss), clock.now()); !noted)
        return std::unexpected(noted.error());
    return store;
}

}  // namespace driftkeeper
