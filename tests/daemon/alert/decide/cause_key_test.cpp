#include "daemon/alert/decide/cause_key.hpp"

#include <functional>

#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;

namespace cause_key_test {
namespace {

const Stack network = stackOf("infra", "net");

Finding tagged() {
    auto finding = findingOf("1", network, "box_item.a");
    finding.drift.type = "box_item";
    finding.drift.attributes = {{"tags.Owner", R"("ops")", R"("net")", false}};
    return finding;
}

StackStatus status() {
    auto status = statusOf(network, {});
    lastCheckOf(status).commit = "3f2c1ab09d3f2c1ab09d";
    lastCheckOf(status).report.evidence.providerVersions = {
        {"registry.terraform.io/driftkeeper/box", "1.1.0"}};
    return status;
}

std::string keyOf(const std::function<void(Drift&)>& edit) {
    auto finding = tagged();
    edit(finding.drift);
    const auto keys = causeKeys(finding, status());
    return keys.empty() ? "none" : keys[0].cause + ' ' + keys[0].subject;
}

}  // namespace

TEST_CASE("what stacks may have in common has a name") {
    struct Row {
        const char* what;
        std::function<void(Drift&)> edit;
        std::string key;
    };
    const std::vector<Row> table = {
        {"an upgrade", [](Drift& drift) { drift.cause = "provider_upgrade"; },
         "provider_upgrade registry.terraform.io/driftkeeper/box 1.1.0"},
        {"a module's commit",
         [](Drift& drift) {
             drift.address = R"(module.net["a"].box_item.a)";
             drift.side = Side::Git;
         },
         "module_change module net at 3f2c1ab09d3f"},
        {"a deletion", [](Drift& drift) { drift.change = Change::Deleted; }, "none"},
        {"a creation", [](Drift& drift) { drift.change = Change::Created; }, "none"},
        {"a conflict", [](Drift& drift) { drift.side = Side::Both; }, "none"},
        {"a replacement", [](Drift& drift) { drift.replace = true; }, "none"},
        {"nothing to compare", [](Drift& drift) { drift.attributes.clear(); }, "none"},
    };
    for (const auto& row : table) {
        CAPTURE(row.what);
        CHECK(keyOf(row.edit) == row.key);
    }
    CHECK(keyOf([](Drift&) {}).starts_with("same_change box_item: tags.Owner (#"));
}

TEST_CASE("what one commit asks for has its author in common, whatever it is") {
    auto touched = status();
    lastCheckOf(touched).touch = Touch{"a1b2c3d4e5f6a7b8", "Ada Test", {}, "split the network"};
    for (const auto change : {Change::Created, Change::Modified, Change::Deleted}) {
        auto finding = tagged();
        finding.drift.side = Side::Git;
        finding.drift.cause = "unapplied_commit";
        finding.drift.change = change;
        const auto keys = causeKeys(finding, touched);
        REQUIRE(!keys.empty());
        CHECK(keys.back() == CauseKey{"same_actor", "commit a1b2c3d4e5f6 of Ada Test"});
        CHECK(keys.size() == (change == Change::Modified ? 2 : 1));
        finding.drift.side = Side::Live;
        finding.drift.cause = "out_of_band";
        for (const auto& key : causeKeys(finding, touched)) CHECK(key.cause != "same_actor");
    }
}

TEST_CASE("the same change is the same type, paths and new values, whatever was there before") {
    const auto same = keyOf([](Drift&) {});
    CHECK(keyOf([](Drift& drift) { drift.attributes[0].git = R"("dev")"; }) == same);
    CHECK(keyOf([](Drift& drift) { drift.address = "box_item.b"; }) == same);
    CHECK(keyOf([](Drift& drift) { drift.attributes[0].live = R"("other")"; }) != same);
    CHECK(keyOf([](Drift& drift) { drift.attributes[0].path = "tags.Team"; }) != same);
    const auto scanned = [](const char* value) {
        return keyOf([&](Drift& drift) { drift.attributes[0].live = value; });
    };
    CHECK(scanned(R"("2026-01-01T00:00:03Z")") == scanned(R"("2026-01-01T00:07:44Z")"));
    CHECK(keyOf([](Drift& drift) { drift.type = "box_other"; }) != same);
    const auto many = keyOf([](Drift& drift) { drift.attributes.assign(5, drift.attributes[0]); });
    CHECK(many.find("tags.Owner and 2 more (#") != std::string::npos);
}

}  // namespace cause_key_test
