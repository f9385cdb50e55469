#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/pages.hpp"
#include "daemon/api/world.hpp"
#include "daemon/web/route.hpp"
#include "daemon/web/server.hpp"
#include "daemon/wording/explanation.hpp"

namespace driftkeeper {

// What the daemon answers over HTTP: metrics, health, the JSON API and the page. Thread-safe. The
// server has checked Host, Origin and token before.
class Api {
public:
    using World = ApiWorld;
    explicit Api(World world) : world_(std::move(world)), pages_(world_) {}
    Api(const Api&) = delete;

    [[nodiscard]] WebResponse answer(const WebRequest& request);

    // Everything that is answered. The server asks callers for what a route needs.
    [[nodiscard]] static std::vector<WebRoute> routes();

private:
    struct Endpoint {
        WebRoute route;
        WebResponse (*answer)(Api& api, const WebRequest& request);
    };
    static const std::vector<Endpoint>& endpoints();
    WebResponse reload();
    WebResponse running();
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
    WebResponse checkNow(const std::string& name);
    WebResponse explain(const std::string& name, const WebRequest& request);
    WebResponse graph(const WebRequest& request);
    WebResponse ignores();
    WebResponse testRule(const WebRequest& request);
    WebResponse silences();
    WebResponse silence(const WebRequest& request);
    WebResponse endSilence(const std::string& id);
    WebResponse hook(const std::string& name, const WebRequest& request);
    Result<std::optional<StackStatus>> find(const std::string& name);
    Result<std::optional<WebResponse>> noSuchAddress(const Explanation& explanation,
                                                     const std::string& address);

    World world_;
    Pages pages_;
};

}  // namespace driftkeeper
