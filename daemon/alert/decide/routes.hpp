#pragma once

#include <optional>
#include <string>
#include <string_view>
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
    std::optional<Seconds> groupWait = {};  // what the route itself says
    bool operator==(const Route&) const = default;
};

// What a route is matched against. Members that do not apply are empty: a route that asks for them
// does not match.
struct RouteSubject {
    IncidentKind kind = IncidentKind::Drift;
    std::string repository;
    std::string stack;  // full name
    std::string provider;
    std::string owner;  // of the settings
    std::string type;   // resource type
    std::optional<Side> side;
    std::optional<Change> change;
    std::optional<Severity> severity;
    std::vector<std::string> codeOwners = {};  // of CODEOWNERS
};

// In order of the settings: the first match, and more while `continue` says so. No routes at all:
// every channel, key "default". No match: empty. Routes of the same text count once. CODEOWNERS
// adds and never takes away: behind these come the routes that ask for one of its owners and would
// match if the stack were that owner's.
std::vector<Route> routesFor(const std::vector<RouteSettings>& routes,
                             const std::vector<ChannelSettings>& channels,
                             const RouteSubject& subject);

// Every condition holds; of each list one word is enough. The owner is the settings' one alone:
// what a commit to CODEOWNERS says mutes nothing.
bool matches(const RouteMatch& match, const RouteSubject& subject);

// The conditions that do not hold, by their key in the settings.
std::vector<std::string_view> unmet(const RouteMatch& match, const RouteSubject& subject);

// Stays the same while what the route matches and where it leads do.
std::string keyOf(const RouteSettings& route);

// The route of an incident; nullptr when the settings have it no more. Valid as long as `routes`.
const RouteSettings* routeOf(const std::vector<RouteSettings>& routes, std::string_view key);

}  // namespace driftkeeper
