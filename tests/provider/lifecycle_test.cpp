#include <doctest/doctest.h>

#include "tests/provider/stacks.hpp"

using namespace driftkeeper::tests;
using nlohmann::json;

TEST_CASE("terraform creates every kind of attribute, and the next plan has nothing to say") {
    const TerraformWorld world;
    world.write(everyKind);
    world.apply();
    const std::string object = world.object("web");
    CHECK(object.find("12345678901234567890123") != std::string::npos);
    CHECK(object.find("80.25") != std::string::npos);
    const json live = json::parse(object);
    CHECK(live.at("enabled") == true);
    CHECK(live.at("labels") == json{{"env", "prod"}, {"cost center", "42"}});
    CHECK(live.at("zones") == json{"b", "a"});
    CHECK(live.at("members") == json{"adam", "zoe"});
    CHECK(live.at("rule").at(0).at("cidrs") == json{"10.0.0.0/8"});
    CHECK(live.at("grant").size() == 2);
    CHECK(live.at("owner") == "nobody");

    const Seen seen = look(world);
    CHECK(seen.status == 0);
    CHECK(seen.drift == "");
    CHECK(seen.changes == "");
}

TEST_CASE("unset values stay unset") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    CHECK(json::parse(world.object("a")).at("labels").is_null());
    const Seen seen = look(world);
    CHECK(seen.drift + seen.changes == "");
    CHECK(world.terraform({"plan", "-input=false", "-detailed-exitcode"}).status == 0);
}

TEST_CASE(
    "a refresh-only plan ends with 2 for a number that did not change: terraform's exit code "
    "lies") {
    const TerraformWorld world;
    world.write("resource \"box_item\" \"n\" {\n  name = \"n\"\n  size = 3\n}\n");
    world.apply();
    CHECK(world.terraform({"plan", "-input=false", "-refresh-only", "-detailed-exitcode"}).status ==
          2);
    CHECK(look(world).drift == "");
}

TEST_CASE("an update changes the object in place") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    world.write(replaced(std::string(twoItems), "\"two\"", "\"three\""));
    CHECK(look(world).changes == "box_item.b update");
    world.apply();
    CHECK(json::parse(world.object("b")).at("content") == "three");
}

TEST_CASE("a new name replaces the object") {
    const TerraformWorld world;
    world.write(everyKind);
    world.apply();
    world.write(replaced(std::string(everyKind), "= \"web\"\n", "= \"www\"\n"));
    const Seen seen = look(world);
    CHECK(seen.changes == "box_item.web delete create");
    CHECK(seen.plan.at("resource_changes").at(0).at("change").at("replace_paths") ==
          json{{"name"}});
    world.apply();
    CHECK(world.exists("www"));
    CHECK_FALSE(world.exists("web"));
}

TEST_CASE("what the files no longer name is deleted") {
    const TerraformWorld world;
    world.write(twoItems);
    world.apply();
    world.write("");
    world.apply();
    CHECK_FALSE(world.exists("a"));
    CHECK_FALSE(world.exists("b"));
}

TEST_CASE("an object that exists is imported by its id") {
    const TerraformWorld world;
    world.create("c", R"({"name":"c","content":"by hand","owner":"eve"})");
    world.write("resource \"box_item\" \"c\" {\n  name = \"c\"\n  content = \"by hand\"\n}\n");
    world.init();
    CHECK(world.terraform({"import", "-input=false", "box_item.c", "c"}).ok());
    const Seen seen = look(world);
    CHECK(seen.drift + seen.changes == "");
}

TEST_CASE("an object that does not exist cannot be imported") {
    const TerraformWorld world;
    world.write("resource \"box_item\" \"c\" {\n  name = \"c\"\n}\n");
    world.init();
    const Finished imported =
        world.terraform({"import", "-input=false", "-no-color", "box_item.c", "c"});
    CHECK_FALSE(imported.ok());
    CHECK(imported.err.find("Cannot import non-existent remote object") != std::string::npos);
}

TEST_CASE("the data source reads what is there now, and fails when nothing is") {
    const TerraformWorld world;
    world.write(R"(
data "box_lookup" "image" { key = "image" }

resource "box_item" "a" {
  name    = "a"
  content = data.box_lookup.image.value
}
)");
    world.lookup("image", "ami-1");
    world.apply();
    CHECK(json::parse(world.object("a")).at("content") == "ami-1");
    world.lookup("image", "ami-2");
    const Seen seen = look(world);
    CHECK(seen.drift == "");
    CHECK(seen.changes == "box_item.a update");
    std::filesystem::remove(world.live() / "lookup/image");
    CHECK(look(world).stream.find("nothing is known about image") != std::string::npos);
}

TEST_CASE("init unpacks a zip of the mirror, and an upgrade finds the newer version") {
    const TerraformWorld world({}, TerraformWorld::Mirror::Packed);
    world.write(world.header(), "stack.tf");
    world.write(twoItems);
    world.apply();
    CHECK(look(world).changes == "");
    world.write(world.header("", ">= 1.0.0"), "stack.tf");
    CHECK(world.terraform({"init", "-input=false", "-upgrade"}).ok());
    CHECK(readFile(world.stack() / ".terraform.lock.hcl").find("\"1.1.0\"") != std::string::npos);
    CHECK(look(world).changes == "");
}

TEST_CASE("without terraform a test fails and says why") {
    const Finished finished = run({"/proc/self/exe", "--test-case=unset values stay unset"},
                                  {.env = {{"PATH", "/nowhere"}}});
    CHECK_FALSE(finished.ok());
    CHECK(finished.out.find("needs terraform on PATH") != std::string::npos);
}
