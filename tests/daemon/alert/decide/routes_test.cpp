#include "daemon/alert/decide/routes.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;

namespace routes_test {
namespace {

std::vector<ChannelSettings> channels() {
    std::vector<ChannelSettings> result(2);
    result[0].name = "chat";
    result[1].name = "oncall";
    return result;
}

RouteSettings route(const RouteMatch& match, std::vector<std::string> names,
                    bool continues = false) {
    return {match, std::move(names), continues};
}

RouteSubject network() {
    return {.kind = IncidentKind::Drift,
            .repository = "infra",
            .stack = "infra/prod/network",
            .provider = "terraform",
            .owner = "@org/network",
            .type = "aws_security_group",
            .side = Side::Live,
            .change = Change::Deleted,
            .severity = Severity::Critical};
}

std::vector<std::vector<std::string>> channelsFor(const std::vector<RouteSettings>& routes,
                                                  const RouteSubject& subject = network()) {
    std::vector<std::vector<std::string>> result;
    for (const auto& one : routesFor(routes, channels(), subject)) result.push_back(one.channels);
    return result;
}

}  // namespace

TEST_CASE("no routes at all lead to every channel") {
    CHECK(routesFor({}, channels(), network()) ==
          std::vector<Route>{{"default", {"chat", "oncall"}}});
}

TEST_CASE("the first match wins unless it says to go on") {
    const auto all = route({}, {"chat"});
    const auto prod = route({.stack = {"infra/prod/**"}}, {"oncall"});
    const auto prodAndOn = route({.stack = {"infra/prod/**"}}, {"oncall"}, true);
    const auto other = route({.stack = {"other/**"}}, {"oncall"}, true);
    CHECK(channelsFor({prod, all}) == std::vector<std::vector<std::string>>{{"oncall"}});
    CHECK(channelsFor({prodAndOn, all}) ==
          std::vector<std::vector<std::string>>{{"oncall"}, {"chat"}});
    CHECK(channelsFor({other, all}) == std::vector<std::vector<std::string>>{{"chat"}});
    CHECK(channelsFor({other}).empty());
    CHECK(channelsFor({prodAndOn, prodAndOn, all}).size() == 2);
}

TEST_CASE("every condition of a route has to hold, and one word of each is enough") {
    struct Row {
        RouteMatch match;
        bool matches;
    };
    for (const auto& [match, matches] : {Row{{}, true},
                                         {{.repository = {"infra"}}, true},
                                         {{.repository = {"other"}}, false},
                                         {{.stack = {"other/**", "infra/*/network"}}, true},
                                         {{.provider = {"terraform"}}, true},
                                         {{.provider = {"kubernetes"}}, false},
                                         {{.side = {Side::Git, Side::Live}}, true},
                                         {{.side = {Side::Git}}, false},
                                         {{.change = {Change::Deleted}}, true},
                                         {{.change = {Change::Created}}, false},
                                         {{.severity = {Severity::Critical}}, true},
                                         {{.severity = {Severity::Info, Severity::Warning}}, false},
                                         {{.owner = {"@org/network"}}, true},
                                         {{.owner = {"@org/data"}}, false},
                                         {{.type = {"aws_*"}}, true},
                                         {{.type = {"google_*"}}, false},
                                         {{.kind = {"drift"}}, true},
                                         {{.kind = {"stale", "repository"}}, false},
                                         {{.repository = {"infra"}, .side = {Side::Git}}, false},
                                         {{.repository = {"infra"}, .type = {"**"}}, true}})
        CHECK(channelsFor({route(match, {"chat"})}).size() == (matches ? 1U : 0U));
}

TEST_CASE("whom CODEOWNERS names adds the routes that ask for that owner, and takes none away") {
    const auto network = route({.owner = {"@org/network"}}, {"oncall"});
    const auto cloud = route({.owner = {"@org/cloud", "@org/other"}}, {"cloud"});
    const auto liveCloud = route({.side = {Side::Live}, .owner = {"@org/cloud"}}, {"cloud"});
    const auto gitCloud = route({.side = {Side::Git}, .owner = {"@org/cloud"}}, {"cloud"});
    const auto prod = route({.stack = {"infra/prod/**"}}, {"prod"});
    const auto all = route({}, {"chat"});
    const auto allAndOn = route({}, {"chat"}, true);
    using Rows = std::vector<std::vector<std::string>>;
    struct Row {
        std::vector<RouteSettings> routes;
        std::vector<std::string> codeOwners;
        Rows channels;
    };
    const std::vector<Row> table = {
        {{cloud, all}, {}, {{"chat"}}},
        {{cloud, all}, {"@org/cloud"}, {{"chat"}, {"cloud"}}},
        {{all, cloud}, {"@org/cloud"}, {{"chat"}}},
        {{allAndOn, cloud}, {"@org/cloud"}, {{"chat"}, {"cloud"}}},
        {{network, cloud}, {"@org/cloud"}, {{"oncall"}, {"cloud"}}},
        {{network, cloud}, {"@org/nobody"}, {{"oncall"}}},
        {{network, cloud, all}, {"@org/nobody"}, {{"oncall"}}},
        {{cloud}, {"@org/other", "@org/cloud"}, {{"cloud"}}},
        {{liveCloud}, {"@org/cloud"}, {{"cloud"}}},
        {{gitCloud}, {"@org/cloud"}, {}},
        {{prod, cloud}, {"@org/cloud"}, {{"prod"}}},
        {{network, cloud}, {"@org/network", "@org/cloud"}, {{"oncall"}, {"cloud"}}},
    };
    for (std::size_t i = 0; i < table.size(); ++i) {
        CAPTURE(i);
        auto subject = routes_test::network();
        subject.codeOwners = table[i].codeOwners;
        CHECK(channelsFor(table[i].routes, subject) == table[i].channels);
    }
}

TEST_CASE("what CODEOWNERS names is no owner for a mute") {
    auto subject = network();
    subject.codeOwners = {"@org/cloud"};
    CHECK(matches({.owner = {"@org/network"}}, subject));
    CHECK_FALSE(matches({.owner = {"@org/cloud"}}, subject));
}

TEST_CASE("a route that asks for what a subject does not have does not match") {
    const RouteSubject trouble{.kind = IncidentKind::Overload};
    CHECK(channelsFor({route({}, {"chat"})}, trouble).size() == 1);
    CHECK(channelsFor({route({.kind = {"overload"}}, {"chat"})}, trouble).size() == 1);
    for (const auto& match : {RouteMatch{.repository = {"", "infra"}},
                              {.stack = {"**"}},
                              {.provider = {""}},
                              {.side = {Side::Live}},
                              {.change = {Change::Modified}},
                              {.severity = {Severity::Warning}},
                              {.owner = {""}},
                              {.type = {"*", "**"}}})
        CHECK(channelsFor({route(match, {"chat"})}, trouble).empty());
}

TEST_CASE("the key of a route stays while its text does") {
    const auto keyOf = [](const RouteSettings& settings) {
        return routesFor({settings}, channels(), network())[0].key;
    };
    const auto base = route({.repository = {"infra"}}, {"chat"});
    CHECK(keyOf(base) == keyOf(base));
    CHECK(keyOf(base).size() == 16);
    CHECK(keyOf(base) == keyOf(route({.repository = {"infra"}}, {"chat"}, true)));
    CHECK(keyOf(base) != keyOf(route({.repository = {"infra"}}, {"oncall"})));
    CHECK(keyOf(base) != keyOf(route({}, {"chat"})));
    CHECK(keyOf(route({}, {"a", "b"})) != keyOf(route({}, {"ab"})));
    CHECK(keyOf(route({.side = {Side::Live}}, {})) !=
          keyOf(route({.change = {Change::Deleted}}, {})));
    CHECK(keyOf(route({.repository = {"infra"}}, {})) != keyOf(route({.stack = {"infra/**"}}, {})));
}

}  // namespace routes_test
