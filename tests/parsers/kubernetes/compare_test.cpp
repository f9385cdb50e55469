#include "parsers/kubernetes/compare.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using namespace driftkeeper::kubernetes;

namespace compare_test {
namespace {

const ValueTags tags("test");

Object object(std::string_view spec, std::string_view more = "") {
    return objectFrom(
        *readJson(
            R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"n")" +
            std::string(more) + R"(},"spec":)" + std::string(spec) + "}"),
        tags);
}

std::string managed(std::string_view manager, std::string_view operation, std::string_view fields,
                    std::string_view time = "1") {
    return R"({"manager":")" + std::string(manager) + R"(","operation":")" +
           std::string(operation) + R"(","time":")" + std::string(time) + R"(","fieldsV1":)" +
           std::string(fields) + "}";
}

std::string noted(std::string_view spec) {
    std::string text =
        R"(,"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"spec\":)";
    for (const char letter : spec)
        text += letter == '"' ? std::string("\\\"") : std::string(1, letter);
    return text + "}\"}";
}

}  // namespace

TEST_CASE(
    "the side of a field: by the last clean look, else by what was applied, else by who owns it") {
    const std::string byHand = managed("kubectl-edit", "Update", R"({"f:spec":{"f:a":{}}})", "2");
    const std::string applied = managed("kubectl", "Apply", R"({"f:spec":{"f:a":{}}})");
    struct Row {
        const char* what;
        std::string live, git, more;
        GitSince since;
        Side side;
    };
    for (const Row& row : {
             Row{"Git did not move", R"({"a":1})", R"({"a":2})", "", GitSince::Unchanged,
                 Side::Live},
             Row{"noted: Git moved", R"({"a":1})", R"({"a":2})", noted(R"({"a":1})"),
                 GitSince::Unknown, Side::Git},
             Row{"noted: live moved", R"({"a":3})", R"({"a":1})", noted(R"({"a":1})"),
                 GitSince::Changed, Side::Live},
             Row{"noted: both moved", R"({"a":3})", R"({"a":2})", noted(R"({"a":1})"),
                 GitSince::Unknown, Side::Both},
             Row{"noted: new in Git", R"({})", R"({"a":2})", noted(R"({"b":1})"), GitSince::Unknown,
                 Side::Git},
             Row{"the applier still has it", R"({"a":1})", R"({"a":2})",
                 ",\"managedFields\":[" + applied + "]", GitSince::Unknown, Side::Git},
             Row{"another one has it", R"({"a":3})", R"({"a":1})",
                 ",\"managedFields\":[" + byHand + "]", GitSince::Unknown, Side::Live},
             Row{"another one has it, Git moved", R"({"a":3})", R"({"a":2})",
                 ",\"managedFields\":[" + byHand + "]", GitSince::Changed, Side::Both},
             Row{"nobody has it, nobody else wrote", R"({})", R"({"a":2})",
                 ",\"managedFields\":[" + applied + "]", GitSince::Unknown, Side::Git},
             Row{"nobody has it, somebody wrote later", R"({})", R"({"a":2})",
                 ",\"managedFields\":[" + applied + "," +
                     managed("k9s", "Update", R"({"f:spec":{"f:b":{}}})", "2") + "]",
                 GitSince::Unknown, Side::Unknown},
         }) {
        CAPTURE(row.what);
        const Object git = object(row.git), live = object(row.live, row.more);
        const auto drifts = compare({git, live, nullptr, "kubectl", row.since}, tags);
        REQUIRE(drifts.size() >= 1);
        CHECK(drifts.front().side == row.side);
        CHECK_FALSE(isNoise(drifts.front().cause));
    }
}

TEST_CASE("what the server adds where Git is silent is noise") {
    const Object git = object(R"({"a":1})"), live = object(R"({"a":1})");
    const Object applied = object(R"({"a":1,"b":2,"containers":[{"name":"proxy"}]})");
    const auto drifts = compare({git, live, &applied, "kubectl"}, tags);
    REQUIRE(drifts.size() == 1);
    CHECK(drifts.front().cause == cause::defaulted);
}

TEST_CASE("real differences come before noise, each kind of noise once") {
    const Object git = object(R"({"a":1,"replicas":2,"resources":{"cpu":"1000m"}})");
    const Object live = object(R"({"a":2,"replicas":5,"resources":{"cpu":"1"}})");
    const auto drifts = compare({git, live, nullptr, "kubectl", GitSince::Unchanged, true}, tags);
    REQUIRE(drifts.size() == 3);
    CHECK(drifts[0].cause == cause::outOfBand);
    CHECK(drifts[1].cause == cause::autoscaled);
    CHECK(drifts[2].cause == cause::cosmetic);
}

TEST_CASE("a missing object was deleted when it was there before") {
    const Object git = object("{}");
    CHECK(missing(git, false, GitSince::Unknown).side == Side::Git);
    CHECK(missing(git, true, GitSince::Unchanged).side == Side::Live);
    CHECK(missing(git, true, GitSince::Unchanged).change == Change::Deleted);
    const Drift both = missing(git, true, GitSince::Changed);
    CHECK(both.side == Side::Both);
    CHECK(both.liveChange == Change::Deleted);
    CHECK(both.gitChange == Change::Modified);
}

}  // namespace compare_test
