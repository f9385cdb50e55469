#pragma once

#include <functional>
#include <string>

#include "daemon/base/clock.hpp"
#include "daemon/current_settings.hpp"
#include "daemon/git/checkouts.hpp"
#include "daemon/metrics.hpp"
#include "daemon/mutes.hpp"
#include "daemon/outbox.hpp"
#include "daemon/overview.hpp"
#include "daemon/rule_book.hpp"
#include "daemon/scheduler.hpp"
#include "daemon/store/store.hpp"
#include "daemon/web/server.hpp"

namespace driftkeeper {

// What the daemon answers over HTTP: metrics, health, the JSON API and the page. Thread-safe. The server has checked
// Host, Origin and token before.
class Api {
public:
    struct World {
        const CurrentSettings& settings;
        Store& store;
        Scheduler& scheduler;
        const Overview& overview;
        const Metrics& metrics;
        const Clock& clock;
        Checkouts& checkouts;
        const RuleBook& rules;
        Mutes& mutes;
        Outbox& outbox;
        std::function<Result<std::string>()> reload;
    };
    explicit Api(World world) : world_(std::move(world)) {}

    [[nodiscard]] WebResponse answer(const WebRequest& request);

private:
    WebResponse read(const WebRequest& request);
    WebResponse act(const WebRequest& request);
    WebResponse metrics();
    WebResponse ready();
    WebResponse stacks();
    WebResponse stack(const std::string& name);
    WebResponse history(const std::string& name);
    WebResponse findings();
    WebResponse incidents();
    WebResponse outbox(const WebRequest& request);
    WebResponse delivery(const std::string& id);
    WebResponse retry(const std::string& id);
    WebResponse drop(const std::string& id);
    WebResponse testChannel(const std::string& name);
    WebResponse page();
    WebResponse checkNow(const std::string& name);
    WebResponse explain(const std::string& name, const WebRequest& request);
    WebResponse graph(const WebRequest& request);
    WebResponse ignores();
    WebResponse testRule(const WebRequest& request);
    WebResponse silences();
    WebResponse silence(const WebRequest& request);
    WebResponse endSilence(const std::string& id);
    Result<std::optional<StackStatus>> find(const std::string& name);

    World world_;
};

}  // namespace driftkeeper
