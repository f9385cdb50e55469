#include "daemon/troubles.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/random.hpp"

namespace driftkeeper {

bool Troubles::decide(const Trouble& trouble, const Decide& decide) {
    const auto decision = store_.decide(trouble.kind, trouble.subject, decide);
    if (!decision) {
        log::error("an incident could not be written",
                   {{"code", decision.error().code}, {"reason", decision.error().message}});
        return false;
    }
    for (const auto& incident : decision->incidents)
        log::info(incident.isOpen() ? "incident opened" : "incident closed",
                  {{"kind", std::string(name(incident.kind))},
                   {"subject", trouble.shownName},
                   {"cause", incident.cause},
                   {"incident", incident.id}});
    if (!decision->deliveries.empty()) wake_();
    return true;
}

bool Troubles::open(const Trouble& trouble) {
    const auto settings = settings_.get();
    const std::function<std::string()> makeId = makeUuid;
    return decide(trouble, [&](const Memory& memory) {
        return openTrouble(memory, trouble, {clock_.now(), settings->routes, settings->channels, makeId});
    });
}

bool Troubles::close(const Trouble& trouble, const std::string& resolution) {
    const auto settings = settings_.get();
    const std::function<std::string()> makeId = makeUuid;
    return decide(trouble, [&](const Memory& memory) {
        return closeTrouble(memory, trouble, resolution, {clock_.now(), settings->routes, settings->channels, makeId});
    });
}

}  // namespace driftkeeper
