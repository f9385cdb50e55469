#pragma once

#include <functional>
#include <string>

#include "daemon/alert/decide/incidents.hpp"
#include "daemon/alert/mutes.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/judge/rule_book.hpp"
#include "daemon/observe/overview.hpp"
#include "daemon/settings/current_settings.hpp"
#include "daemon/store/store.hpp"

namespace driftkeeper {

// What alerting needs to know of the running daemon, and the alerts that no check asks for:
// troubles, and drifts that waited. Each call is one transaction; a failing store is logged and the
// caller's next call tries again. Thread-safe.
class Alerter {
public:
    // `wake` is called when there is something new to deliver.
    Alerter(const CurrentSettings& settings, Store& store, const Overview& overview,
            const Mutes& mutes, const RuleBook& rules, const Clock& clock,
            std::function<void()> wake)
        : settings_(settings),
          store_(store),
          overview_(overview),
          mutes_(mutes),
          rules_(rules),
          clock_(clock),
          wake_(std::move(wake)) {}

    // Calls `work` with what is true now; the context is not to be kept.
    Decision with(const std::function<Decision(const AlertContext&)>& work) const;

    // What follows from every decision that was written: an entry of the log for each incident that
    // opened, changed or closed, and the outbox wakes. `shownName`: what it is about, for incidents
    // without members.
    void publish(const Decision& decision, const std::string& shownName = {}) const;

    // False: the store failed, or a mute keeps it quiet for now. The caller asks again.
    bool open(const Trouble& trouble);
    bool close(const Trouble& trouble, const std::string& resolution);

    // Alerts the drifts whose wait is over. Cheap while nothing waits.
    void alertWaiting();

    // Reminds of what is open for long, where a route asks for it.
    void remind();

    // Sends the digests that are due. One that was missed comes late, and once.
    void sendDigests();

private:
    bool decide(const Trouble& trouble, const Decide& decide);
    void sendDigest(const RouteSettings& route, TimePoint due);
    bool publishOrLog(const Result<Decision>& decision, std::string_view failing,
                      const std::string& shownName = {});

    const CurrentSettings& settings_;
    Store& store_;
    const Overview& overview_;
    const Mutes& mutes_;
    const RuleBook& rules_;
    const Clock& clock_;
    std::function<void()> wake_;
};

}  // namespace driftkeeper
