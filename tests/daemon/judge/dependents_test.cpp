#include "daemon/judge/dependents.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace driftkeeper;

namespace dependents_test {
namespace {

// Stacks by id; "a uses b" within a stack, and users from others.
struct Estate {
    std::map<std::string, ResourceGraph> graphs;
    std::map<std::string, Surroundings> around;

    ResourceGraph& stack(const std::string& id) { return graphs[id]; }
    // `address` of `user` uses `used` of `stack`.
    void tie(const std::string& user, const std::string& address, const std::string& stack,
             const std::string& used) {
        ties.emplace_back(stack, std::pair(used, ForeignUser{user, "infra/" + user, address}));
    }
    Dependents of(const std::string& stack, const std::string& address) {
        for (auto& [id, graph] : graphs) around[id] = {&graph, {}};
        for (const auto& [id, tie] : ties) around.at(id).users.insert(tie);
        DependentsWalk walk(stack, around.at(stack),
                            [this](const std::string& id) -> const Surroundings* {
                                const auto it = around.find(id);
                                return it == around.end() ? nullptr : &it->second;
                            });
        return walk.from(address);
    }

    std::vector<std::pair<std::string, std::pair<std::string, ForeignUser>>> ties;
};

Resource named(const std::string& address, const std::string& identity = {}) {
    return {address, "t", "", "", identity};
}

}  // namespace

TEST_CASE("dependents are followed across three stacks, nearest first, and a cycle ends") {
    Estate estate;
    for (const auto* address : {"vpc", "subnet"}) estate.stack("net").add(named(address));
    estate.stack("net").link("subnet", "vpc");
    for (const auto* address : {"cluster", "node"}) estate.stack("platform").add(named(address));
    estate.stack("platform").link("node", "cluster");
    estate.stack("app").add(named("web"));
    estate.tie("platform", "cluster", "net", "subnet");
    estate.tie("app", "web", "platform", "node");
    estate.tie("net", "vpc", "app", "web");  // around the corner, back to where it began

    const auto vpc = estate.of("net", "vpc");
    CHECK(vpc.count == 4);  // subnet, cluster, node, web
    CHECK(vpc.elsewhere == std::vector<Elsewhere>{{"infra/platform", "cluster"},
                                                  {"infra/platform", "node"},
                                                  {"infra/app", "web"}});
    const auto node = estate.of("platform", "node");
    CHECK(node.count == 4);
    CHECK(node.elsewhere == std::vector<Elsewhere>{{"infra/app", "web"},
                                                   {"infra/net", "vpc"},
                                                   {"infra/net", "subnet"}});
    CHECK(estate.of("net", "nobody").count == 0);
}

TEST_CASE("one thing that two stacks know of is counted once, and a stack as a whole is one") {
    Estate estate;
    estate.stack("net").add(named("vpc"));
    estate.stack("app").add(named("web", "aws i-0ab1"));
    estate.stack("copy").add(named("web", "aws i-0ab1"));
    estate.tie("app", "web", "net", "vpc");
    estate.tie("copy", "web", "net", "vpc");
    estate.tie("whole", "", "net", "vpc");
    const auto vpc = estate.of("net", "vpc");
    CHECK(vpc.count == 2);
    CHECK(vpc.elsewhere == std::vector<Elsewhere>{{"infra/app", "web"}, {"infra/whole", ""}});
}

TEST_CASE("twenty dependents in other stacks are named, all are counted") {
    Estate estate;
    estate.stack("net").add(named("vpc"));
    for (int i = 0; i < 50; ++i) {
        const auto address = "web[" + std::to_string(i) + "]";
        estate.stack("app").add(named(address));
        estate.tie("app", address, "net", "vpc");
    }
    const auto vpc = estate.of("net", "vpc");
    CHECK(vpc.count == 50);
    CHECK(vpc.elsewhere.size() == 20);
}

TEST_CASE("others can name what a stack has by its offers and by its identities") {
    ResourceGraph graph;
    graph.add(named("vpc", "aws vpc-0ab1"));
    graph.add(named("logical"));
    graph.offer("vpc", "tfstate:s3://b/k#vpc_id");
    graph.offer("", "tfstate:s3://b/k");
    const auto keys = offeredKeys(graph);
    CHECK(keys == std::multimap<std::string, std::string>{{"aws vpc-0ab1", "vpc"},
                                                          {"tfstate:s3://b/k#vpc_id", "vpc"}});
}

TEST_CASE("a drift is told the larger count, and only what is known of it") {
    std::vector<Drift> drifts(3);
    drifts[0].address = "a";
    drifts[0].dependents = 2;
    drifts[1].address = "b";
    drifts[1].dependents = 9;
    drifts[2].address = "c";
    drifts[2].dependents = 1;
    addDependents(drifts, {{"a", {5, {{"infra/app", "x"}}}}, {"b", {5, {{"infra/app", "y"}}}}});
    CHECK(drifts[0].dependents == 5);
    CHECK(drifts[0].dependentsElsewhere == std::vector<Elsewhere>{{"infra/app", "x"}});
    CHECK(drifts[1].dependents == 9);
    CHECK(drifts[2].dependents == 1);
    CHECK(drifts[2].dependentsElsewhere.empty());
}

}  // namespace dependents_test
