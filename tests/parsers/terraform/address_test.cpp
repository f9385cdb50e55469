#include "parsers/terraform/address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace driftkeeper::terraform;

TEST_CASE("instance keys are taken out of an address, whatever they hold") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"box_item.a", "box_item.a"},
        {"box_item.a[0]", "box_item.a"},
        {R"(module.m["x.y[0]\"]"].module.n[1].box_item.a["b"])", "module.m.module.n.box_item.a"},
        {"box_item.a[", "box_item.a"},
        {"", ""},
    };
    for (const auto& [address, plain] : table) CHECK(withoutKeys(address) == plain);
}

TEST_CASE("paths are written as in a configuration and read back") {
    const std::vector<std::string> table = {"a", "rule[0].note", R"(tags["a b"])",
                                            R"(tags["quo\"te"].x)", "a-b.c_1[12]"};
    for (const auto& text : table) CHECK(toText(attributePath(text)) == text);
    CHECK(toText(attributePath(R"(tags["a"])")) == "tags.a");
}
