#include "parsers/terraform/schema.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace driftkeeper::terraform;

namespace schema_test {
namespace {

// By hand, in the format of `providers schema -json` 1.0.
const std::string text =
    R"({"format_version":"1.0","provider_schemas":{"r/d/box":{"provider":{"version":0},"resource_schemas":{
 "box_item":{"version":0,"block":{"attributes":{"id":{"type":"string","computed":true},"name":{"type":"string","required":true},
   "owner":{"type":"string","optional":true,"computed":true},"secret":{"type":"string","optional":true,"sensitive":true},
   "nested":{"nested_type":{"attributes":{"x":{"type":"string","computed":true}},"nesting_mode":"single"},"optional":true}},
  "block_types":{"rule":{"nesting_mode":"list","block":{"attributes":{"port":{"type":"number","optional":true}}}},
   "grant":{"nesting_mode":"set","block":{"attributes":{"to":{"type":["set","string"],"optional":true}}}},
   "order":{"nesting_mode":"list","block":{"attributes":{"of":{"type":["list","string"],"optional":true}}}}}}},
 "box_other":{"version":0,"block":{}}},"data_source_schemas":{"box_item":{"block":{"attributes":{"wrong":{"optional":true}}}}}}}})";

}  // namespace

TEST_CASE("only the wanted resource types are kept, nested attributes under their block") {
    const auto schemas = parseSchemas(text, {"box_item", "box_missing"});
    REQUIRE(schemas);
    const ResourceSchemas expected = {{"box_item",
                                       {{"id", {.computed = true}},
                                        {"name", {.required = true}},
                                        {"owner", {.optional = true, .computed = true}},
                                        {"secret", {.optional = true, .sensitive = true}},
                                        {"nested", {.optional = true}},
                                        {"nested.x", {.computed = true}},
                                        {"grant", {.optional = true, .set = true}},
                                        {"grant.to", {.optional = true, .set = true}},
                                        {"order", {.optional = true}},
                                        {"order.of", {.optional = true}},
                                        {"rule", {.optional = true}},
                                        {"rule.port", {.optional = true}}}}};
    CHECK(*schemas == expected);
    CHECK(schemasFromText(toText(*schemas)) == expected);
}

TEST_CASE("broken schemas are refused") {
    CHECK(toText(ResourceSchemas{}) == "{}");
    CHECK(schemasFromText("{}")->empty());
    for (const std::string broken : {"", "[]", "{", R"({"a":1})"})
        CHECK_FALSE(schemasFromText(broken));
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto schemas = parseSchemas(text.substr(0, size), {"box_item"});
        REQUIRE_FALSE(schemas);
        CHECK(schemas.error().code == "invalid_schema");
    }
}

}  // namespace schema_test
