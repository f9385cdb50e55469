#pragma once

#include <string>
#include <vector>

#include "daemon/model/glob.hpp"
#include "daemon/model/incident.hpp"
#include "daemon/model/settings.hpp"
#include "daemon/model/stack.hpp"

namespace driftkeeper {

// A route that matched: a key that stays the same while the route's text does, and where it leads.
struct Route {
    std::string key;
    std::vector<std::string> channels;
    bool operator==(const Route&) const = default;
};

// What a route is matched against. Members that do not apply are empty: a route that asks for them does not match.
struct RouteSubject {
    IncidentKind kind = IncidentKind::Drift;
    std::string repository;
    std::string stack;  // full name
    std::string provider;
    std::string owner;
    std::string type;  // resource type
    std::optional<Side> side;
    std::optional<Change> change;
    std::optional<Severity> severity;
};

// In order of the settings: the first match, and more while `continue` says so. No routes at all: every channel, key
// "default". No match: empty. Routes of the same text count once.
std::vector<Route> routesFor(const std::vector<RouteSettings>& routes, const std::vector<ChannelSettings>& channels,
                             const RouteSubject& subject);

// Every condition holds; of each list one word is enough.
bool matches(const RouteMatch& match, const RouteSubject& subject);

}  // namespace driftkeeper
