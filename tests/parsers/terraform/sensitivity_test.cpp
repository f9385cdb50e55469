#include "parsers/terraform/sensitivity.hpp"
#include "parsers/json/json.hpp"

#include <doctest/doctest.h>

using namespace driftkeeper;
using namespace driftkeeper::terraform;

TEST_CASE("masks add up, and what is secret at one index is secret at each") {
    Sensitivity mask;
    mask.add(*readJson(R"({"a":true,"b":{"c":false},"l":[false,{"k":true}]})"));
    mask.add(*readJson(R"({"b":{"c":true},"n":null})"));
    mask.add(*readJson("false"));
    CHECK_FALSE(mask.hidesAll());
    CHECK(mask.key("a")->hidesAll());
    CHECK(mask.key("b")->key("c")->hidesAll());
    CHECK(mask.key("l")->element()->key("k")->hidesAll());
    CHECK(mask.key("n") == nullptr);
    CHECK(mask.key("x") == nullptr);
    CHECK(holdsHidden(*readJson(R"({"l":[{"k":1}]})"), &mask));
    CHECK_FALSE(holdsHidden(*readJson(R"({"l":[{"j":1}]})"), &mask));
    CHECK_FALSE(holdsHidden(*readJson(R"([{"password":1}])"), nullptr));
    mask.add(*readJson("true"));
    CHECK(mask.hidesAll());
}
