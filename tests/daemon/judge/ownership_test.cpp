#include "daemon/judge/ownership.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace ownership_test {
namespace {

constexpr TimePoint noon{std::chrono::hours(500'000)};

Claim claim(const std::string& stack, const std::string& identity = "aws vpc-0ab1",
            const std::string& type = "aws_vpc") {
    Claim result;
    result.identity = identity;
    result.stackId = "id of " + stack;
    result.stack = "infra/" + stack;
    result.repository = "infra";
    result.provider = "terraform";
    result.address = type + "." + stack;
    result.type = type;
    result.since = noon;
    result.looked = noon + 1h;
    return result;
}

std::vector<std::string> ownersOf(const std::vector<DualOwnership>& list) {
    std::vector<std::string> names;
    for (const auto& one : list)
        for (const auto& owner : one.owners) names.push_back(owner.stack);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("one thing in two stacks is owned twice, whatever tools they use") {
    const auto terraform = claim("a");
    const auto cloudFormation = claim("b", "aws vpc-0ab1", "AWS::EC2::VPC");
    const auto found = dualOwnerships({1, {terraform, cloudFormation}, {}});
    REQUIRE(found.size() == 1);
    CHECK(found[0].identity == "aws vpc-0ab1");
    CHECK(found[0].confirmed);
    CHECK(ownersOf(found) == Names{"infra/a", "infra/b"});
}

TEST_CASE("what only looks like a second owner is none") {
    const std::string k8s = "k8s:api/apps/Deployment/prod/web";
    auto reconciler = claim("b", k8s, "Deployment.apps");
    reconciler.provider = "flux";
    auto manifests = claim("a", k8s, "Deployment.apps");
    manifests.provider = "kubernetes";
    auto elsewhere = reconciler;
    elsewhere.repository = "other";
    const struct {
        const char* why;
        std::vector<Claim> claims;
        std::map<std::string, std::set<std::string>> states;
        std::size_t found;
    } rows[] = {
        {"two addresses of one stack", {claim("a"), claim("a")}, {}, 0},
        {"an id that people chose",
         {claim("a", "acme/box box_item a"), claim("b", "acme/box box_item a")},
         {},
         0},
        {"a part that bears the name of the whole",
         {claim("a"), claim("b", "aws vpc-0ab1", "aws_vpc_dhcp")},
         {},
         0},
        {"one state, read twice",
         {claim("a"), claim("b")},
         {{"id of a", {"tfstate:s3://b/k"}}, {"id of b", {"tfstate:s3://b/k"}}},
         0},
        {"two states",
         {claim("a"), claim("b")},
         {{"id of a", {"tfstate:x"}}, {"id of b", {"tfstate:y"}}},
         1},
        {"a reconciler and what it applies, from one repository", {manifests, reconciler}, {}, 0},
        {"two repositories", {manifests, elsewhere}, {}, 1},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        CHECK(dualOwnerships({1, row.claims, row.states}).size() == row.found);
    }
}

TEST_CASE("three stacks of which two read one state are two owners, and the third is named") {
    const auto found = dualOwnerships({1,
                                       {claim("a"), claim("b"), claim("c")},
                                       {{"id of a", {"tfstate:x"}}, {"id of b", {"tfstate:x"}}}});
    CHECK(ownersOf(found) == Names{"infra/a", "infra/b", "infra/c"});
}

TEST_CASE(
    "what moves from one stack to another is confirmed only by a look at the first one after "
    "that") {
    auto before = claim("a");
    before.looked = noon + 1min;
    auto after = claim("b");
    after.since = after.looked = noon + 1h;
    auto found = dualOwnerships({1, {before, after}, {}});
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].confirmed);
    CHECK(stacksToConfirm(found) == std::map<std::string, TimePoint>{{"id of a", noon + 1h}});
    before.looked = noon + 61min;
    found = dualOwnerships({1, {before, after}, {}});
    CHECK(found.at(0).confirmed);
    CHECK(stacksToConfirm(found).empty());
}

TEST_CASE("a state that two stacks write is confirmed when both were looked at since it was seen") {
    auto prod = claim("prod", "tfstate:s3://b/k", "");
    auto staging = claim("staging", "tfstate:s3://b/k", "");
    Claims claims;
    claims.sharedStates = {prod, staging};
    CHECK(sharedStates(claims, {}).empty());
    auto found = sharedStates(claims, {{"tfstate:s3://b/k", noon + 2h}});
    REQUIRE(found.size() == 1);
    CHECK(isSharedState(found[0]));
    CHECK(ownersOf(found) == Names{"infra/prod", "infra/staging"});
    CHECK_FALSE(found[0].confirmed);
    CHECK(stacksToConfirm(found).size() == 2);
    CHECK(sharedStates(claims, {{"tfstate:s3://b/k", noon}}).at(0).confirmed);
}

}  // namespace ownership_test
