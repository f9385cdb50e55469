#include "daemon/store/estate_store.hpp"

#include <algorithm>

#include "tests/daemon/store/fixture.hpp"

using namespace driftkeeper;
using namespace driftkeeper::testing;

namespace estate_rows_test {
namespace {

Resource thing(const std::string& address, const std::string& identity = {}) {
    return {address, "aws_vpc", "", "", identity};
}

// "stack address" of every claim that another stack shares.
Names claimsIn(const Home& home) {
    const auto claims = must(home->estate.claims(-1));
    REQUIRE(claims);
    Names names;
    for (const auto& claim : claims->claims) names.push_back(claim.stack + " " + claim.address);
    return names;
}

Check looking(const Stack& stack, const std::vector<Resource>& resources, TimePoint when = noon) {
    Check check = checkOf(stack, when);
    for (const auto& resource : resources) check.report.graph.add(resource);
    return check;
}

Check partial(Check check) {
    check.report.completeness = Completeness::Partial;
    check.report.reason = Reason{"unreadable_resources", "some"};
    return check;
}

}  // namespace

TEST_CASE("what two stacks claim is known, over a restart and until one of them is removed") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    must(home->record(looking(a, {thing("x", "aws vpc-1"), thing("own", "aws vpc-2")}), nothing));
    CHECK(claimsIn(home).empty());
    must(home->record(looking(b, {thing("y", "aws vpc-1")}), nothing));
    CHECK(claimsIn(home) == Names{"infra/a x", "infra/b y"});
    home.reopen();
    CHECK(claimsIn(home) == Names{"infra/a x", "infra/b y"});
    must(home->stacks.remove(b.id, noon));
    CHECK(claimsIn(home).empty());

    // It comes back with an equal graph: its claims too.
    must(home->stacks.keep(stackNamed("b")));
    must(home->record(looking(b, {thing("y", "aws vpc-1")}), nothing));
    CHECK(claimsIn(home) == Names{"infra/a x", "infra/b y"});
}

TEST_CASE("a failed look changes no claim, a partial one takes none away, a complete one does") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    must(home->record(looking(a, {thing("x", "aws vpc-1")}), nothing));
    must(home->record(looking(b, {thing("y", "aws vpc-1")}), nothing));
    must(home->record(failedCheckOf(b), nothing));
    CHECK(claimsIn(home).size() == 2);
    must(home->record(partial(looking(b, {thing("other")})), nothing));
    CHECK(claimsIn(home).size() == 2);
    must(home->record(looking(b, {thing("other")}), nothing));  // the same graph, and now it is all
    CHECK(claimsIn(home).empty());
}

TEST_CASE("a claim knows since when it is there, and when its stack was looked at last") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    must(home->record(looking(a, {thing("x", "aws vpc-1")}), nothing));
    must(home->record(looking(b, {thing("y", "aws vpc-1")}, noon + 60s), nothing));
    must(home->record(looking(a, {thing("x", "aws vpc-1")}, noon + 120s), nothing));
    must(home->record(failedCheckOf(b, noon + 180s), nothing));
    const auto claims = must(home->estate.claims(-1))->claims;
    REQUIRE(claims.size() == 2);
    CHECK(claims[0].since == noon - 2s);
    CHECK(claims[0].looked == noon + 118s);
    CHECK(claims[1].since == noon + 58s);
    CHECK(claims[1].looked == noon + 58s);
    CHECK(claims[0].repository == "infra");
    CHECK(claims[0].type == "aws_vpc");
}

TEST_CASE("claims are read again only when one came or went") {
    Home home;
    const Stack a = home.stack("a");
    must(home->record(looking(a, {thing("x", "aws vpc-1")}), nothing));
    const auto version = must(home->estate.claims(-1))->version;
    CHECK_FALSE(must(home->estate.claims(version)).has_value());
    must(home->record(looking(a, {thing("x", "aws vpc-1")}), nothing));
    must(home->record(looking(a, {thing("x", "aws vpc-1"), thing("logical")}), nothing));
    CHECK_FALSE(must(home->estate.claims(version)).has_value());
    must(home->record(looking(a, {thing("x", "aws vpc-7")}), nothing));
    CHECK(must(home->estate.claims(version)).has_value());
}

TEST_CASE("the states that stacks read are known by their place alone") {
    Home home;
    const Stack a = home.stack("a");
    auto check = looking(a, {thing("x")});
    check.report.graph.offer("x", "tfstate:s3://b/k#vpc");
    check.report.graph.offer("x", "tfstate:s3://b/k#id");
    check.report.graph.offer("", "tfstate:s3://b/k");
    check.report.graph.offer("x", "cfn-export:r:n");
    must(home->record(check, nothing));
    CHECK(must(home->estate.claims(-1))->states ==
          std::map<std::string, std::set<std::string>>{{a.id, {"tfstate:s3://b/k"}}});
}

TEST_CASE(
    "a drift is told what in other stacks depends on it, in the decision and in what is kept") {
    Home home;
    const Stack net = home.stack("net");
    const Stack platform = home.stack("platform");
    const Stack app = home.stack("app");
    auto middle = looking(platform, {thing("cluster"), thing("node")});
    middle.report.graph.link("node", "cluster");
    middle.report.graph.need("cluster", "aws vpc-1");
    middle.report.graph.offer("node", "tfstate:s3://b/platform#node");
    must(home->record(middle, nothing));
    auto last = looking(app, {thing("web")});
    last.report.graph.need("web", "tfstate:s3://b/platform#node");
    must(home->record(last, nothing));

    auto check = looking(net, {thing("vpc", "aws vpc-1"), thing("alone")});
    check.report.drifts = {driftAt("vpc"), driftAt("alone")};
    std::vector<Drift> seen;
    const Decide looks = [&](const Memory& memory) {
        seen = memory.check->report.drifts;
        return Decision{};
    };
    must(home->record(check, looks));
    const std::vector<Elsewhere> elsewhere = {
        {"infra/platform", "cluster"}, {"infra/platform", "node"}, {"infra/app", "web"}};
    CHECK(seen.at(0).dependents == 3);
    CHECK(seen.at(0).dependentsElsewhere == elsewhere);
    CHECK(seen.at(1).dependents == 0);
    CHECK(must(home->checks.history(net.id, 1)).at(0).report.drifts == seen);

    // Gone with the stack that stood between them.
    must(home->stacks.remove(platform.id, noon));
    check.id = freshId("check");
    must(home->record(check, looks));
    CHECK(seen.at(0).dependentsElsewhere.empty());
}

TEST_CASE("the neighbours of a stack are those that a key or a thing ties to it") {
    Home home;
    const Stack net = home.stack("net");
    const Stack app = home.stack("app");
    const Stack twin = home.stack("twin");
    const Stack base = home.stack("base");
    const Stack other = home.stack("other");
    auto check = looking(net, {thing("vpc", "aws vpc-1")});
    check.report.graph.need("vpc", "cfn-export:r:zone");
    must(home->record(check, nothing));
    check = looking(app, {thing("web")});
    check.report.graph.need("web", "aws vpc-1");
    must(home->record(check, nothing));
    must(home->record(looking(twin, {thing("Network", "aws vpc-1")}), nothing));
    check = looking(base, {thing("zone")});
    check.report.graph.offer("zone", "cfn-export:r:zone");
    must(home->record(check, nothing));
    must(home->record(looking(other, {thing("x", "aws vpc-9")}), nothing));
    auto expected = Names{net.id, app.id, twin.id, base.id};
    std::ranges::sort(expected);
    auto found = must(home->estate.neighbours(net.id));
    std::ranges::sort(found);
    CHECK(found == expected);
    CHECK(must(home->estate.neighbours(other.id)) == Names{other.id});
}

TEST_CASE("a store from before there were claims gets them with the next look") {
    Home home;
    const Stack a = home.stack("a");
    const Stack b = home.stack("b");
    must(home->record(looking(a, {thing("x", "aws vpc-1")}), nothing));
    must(home->record(looking(b, {thing("y", "aws vpc-1")}), nothing));
    must(home.connect().script(
        R"(DELETE FROM claims; UPDATE graphs SET graph = '[["x","aws_vpc","",""]]')"));
    CHECK(must(home->estate.graph(a.id))->contains("x"));
    must(home->record(looking(a, {thing("x", "aws vpc-1")}), nothing));
    must(home->record(looking(b, {thing("y", "aws vpc-1")}), nothing));
    CHECK(claimsIn(home).size() == 2);
}

}  // namespace estate_rows_test
