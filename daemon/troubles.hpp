#pragma once

#include <functional>
#include <string>

#include "daemon/base/clock.hpp"
#include "daemon/current_settings.hpp"
#include "daemon/store/store.hpp"
#include "daemon/tell/incidents.hpp"

namespace driftkeeper {

// Opens and closes the incidents that are not about drifts. Each call is one transaction; a failing store is logged and
// the caller's next call tries again. Thread-safe.
class Troubles {
public:
    // `wake` is called when there is something new to deliver.
    Troubles(const CurrentSettings& settings, Store& store, const Clock& clock, std::function<void()> wake)
        : settings_(settings), store_(store), clock_(clock), wake_(std::move(wake)) {}

    // False: the store failed.
    bool open(const Trouble& trouble);
    bool close(const Trouble& trouble, const std::string& resolution);

private:
    bool decide(const Trouble& trouble, const Decide& decide);

    const CurrentSettings& settings_;
    Store& store_;
    const Clock& clock_;
    std::function<void()> wake_;
};

}  // namespace driftkeeper
