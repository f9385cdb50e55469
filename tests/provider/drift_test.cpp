#include <doctest/doctest.h>

#include "tests/provider/stacks.hpp"

using namespace driftkeeper::tests;
using nlohmann::json;

namespace {

// The one drifted object, before and after.
const json& change(const Seen& seen) {
    return seen.plan.at("resource_drift").at(0).at("change");
}

}  // namespace

TEST_CASE("an edited file is an update out of band, for every kind of attribute") {
    const TerraformWorld world;
    world.write(everyKind);
    world.apply();
    struct Edit {
        const char* key;
        const char* json;
    };
    const Edit edits[] = {{"size", "12345678901234567890124"},
                          {"enabled", "false"},
                          {"labels", R"({"env": "test"})"},
                          {"zones", R"(["a", "b"])"},
                          {"members", R"(["zoe", "eve"])"},
                          {"content", "null"},
                          {"policy", R"("{}")"},
                          {"owner", R"("mallory")"},
                          {"secret", R"("canary-3")"},
                          {"rule", "[]"},
                          {"grant", R"([{"principal": "ops", "actions": ["admin"]}])"}};
    const std::string original = world.object("web");
    for (const Edit& edit : edits) {
        CAPTURE(edit.key);
        world.set("web", edit.key, edit.json);
        const Seen seen = look(world);
        CHECK(seen.drift == "box_item.web update");
        const json differences = json::diff(change(seen).at("before"), change(seen).at("after"));
        bool found =
            edit.key == std::string("size");  // both numbers are the same double; see the next test
        for (const auto& difference : differences) {
            const auto path = difference.at("path").get<std::string>();
            const bool expected = path.starts_with(std::string("/") + edit.key);
            CHECK_MESSAGE((expected || path == "/fingerprint"), path);
            found |= expected;
        }
        CHECK(found);
        // Git does not say who the owner is, so nothing would bring the old one back.
        CHECK(seen.changes == (edit.key == std::string("owner") ? "" : "box_item.web update"));
        world.create("web", original);
    }
    CHECK(look(world).drift == "");
}

TEST_CASE("numbers keep their digits on the way through") {
    const TerraformWorld world;
    world.write(everyKind);
    world.apply();
    world.set("web", "size", "12345678901234567890124");
    const std::string text = world.plan().json;
    CHECK(text.find("12345678901234567890123") != std::string::npos);
    CHECK(text.find("12345678901234567890124") != std::string::npos);
}

TEST_CASE("a removed file is an object deleted out of band") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    world.remove("b");
    const Seen seen = look(world);
    CHECK(seen.drift == "box_item.b delete");
    CHECK(seen.changes == "box_item.b create");
    CHECK(change(seen).at("after").is_null());
}

TEST_CASE("the order of a set is no drift, the order of a list is") {
    const TerraformWorld world;
    world.write(everyKind);
    world.apply();
    world.set("web", "members", R"(["zoe", "adam"])");
    CHECK(look(world).drift == "");
    world.set("web", "zones", R"(["a", "b"])");
    CHECK(look(world).drift == "box_item.web update");
}

TEST_CASE("a key that no attribute shows moves only the fingerprint") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    world.set("a", "revision", "2");
    const Seen seen = look(world);
    CHECK(seen.drift == "box_item.a update");
    CHECK(seen.changes == "");
    CHECK(json::diff(change(seen).at("before"), change(seen).at("after")).size() == 1);
}

TEST_CASE("sensitive values are masked, in nested blocks too") {
    const TerraformWorld world;
    world.write(everyKind);
    world.apply();
    world.set("web", "secret", R"("canary-3")");
    const Seen seen = look(world);
    for (const char* mask : {"before_sensitive", "after_sensitive"}) {
        CHECK(change(seen).at(mask).at("secret") == true);
        CHECK(change(seen).at(mask).at("rule").at(0).at("secret") == true);
        CHECK_FALSE(change(seen).at(mask).contains("content"));
    }
}

TEST_CASE("a hotfix that Git has as well is drift that no plan would undo") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    world.edit("b", "\"two\"", "\"hotfix\"");
    world.write(replaced(std::string(twoItems), "\"two\"", "\"hotfix\""));
    const Seen seen = look(world);
    CHECK(seen.drift == "box_item.b update");
    CHECK(seen.changes == "");
}
