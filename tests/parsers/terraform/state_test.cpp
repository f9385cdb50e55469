#include "parsers/terraform/state.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

namespace {

const ValueTags tags("test");

// By hand, in the format of version 4.
const std::string text =
    R"({"version":4,"terraform_version":"1.11.4","serial":7,"lineage":"abc","outputs":{},"resources":[
 {"mode":"managed","type":"box_item","name":"a","provider":"provider[\"registry.terraform.io/driftkeeper/box\"]",
  "instances":[{"schema_version":0,"attributes":{"id":"a","secret":"hunter2"}},
               {"deposed":"0123abcd","schema_version":0,"attributes":{"id":"old"}}]},
 {"module":"module.m[\"k\"]","mode":"managed","type":"box_item","name":"b","provider":"module.m.provider[\"r/d/box\"].east",
  "instances":[{"index_key":"x\"y","attributes":{},"dependencies":["box_item.a","data.box_lookup.d"]},
               {"index_key":1,"attributes":{},"provider":"provider[\"r/d/other\"]"}]},
 {"mode":"data","type":"box_lookup","name":"d","provider":"provider[\"r/d/box\"]",
  "instances":[{"attributes":{"key":"k","value":"v"}}]}]})";

}  // namespace

TEST_CASE("a state gives current instances, dependencies and tags of data sources, and no value") {
    const auto state = parseState(text, tags);
    REQUIRE(state);
    CHECK(state->serial == 7);
    CHECK(state->lineage == "abc");
    CHECK(state->terraformVersion == "1.11.4");
    const std::vector<Resource> expected = {
        {"box_item.a", "box_item", "", "registry.terraform.io/driftkeeper/box"},
        {R"(module.m["k"].box_item.b["x\"y"])", "box_item", "", "r/d/box"},
        {R"(module.m["k"].box_item.b[1])", "box_item", "", "r/d/other"},
    };
    CHECK(state->graph.resources() == expected);
    CHECK(state->graph.dependentsOf("box_item.a") == std::vector<std::string>{R"(module.m["k"].box_item.b["x\"y"])"});
    REQUIRE(state->dataSources.size() == 1);
    CHECK(state->dataSources.at("data.box_lookup.d") == tags.tag(R"({"key":"k","value":"v"})"));
}

TEST_CASE("an empty text is an empty state, anything else that is no state is refused") {
    CHECK(parseState("", tags)->graph.resources().empty());
    CHECK(parseState(" \n", tags)->serial == 0);
    const std::vector<std::string> table = {"{}",
                                            "[]",
                                            "null",
                                            R"({"version":3})",
                                            R"({"version":4,"version":4})",
                                            "{\"version\":4,\"x\":\"\xff\"}",
                                            R"({"version":4,"resources":[{"instances":{}}]})",
                                            R"({"version":4)",
                                            R"({"version":4,"encrypted_data":)" + std::string(10'000, '[') + "}"};
    for (const auto& broken : table) {
        CAPTURE(broken.substr(0, 80));
        const auto state = parseState(broken, tags);
        REQUIRE_FALSE(state);
        CHECK(state.error().code == "invalid_state");
    }
    for (std::size_t size = 1; size < text.size(); ++size) CHECK_FALSE(parseState(text.substr(0, size), tags));
}
