#include "daemon/web/target.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace target_test {
namespace {

TEST_CASE("a target is split before it is decoded") {
    struct Row {
        const char* text;
        Target target;
    };
    const Row rows[] = {
        {"/", {{}, {}}},
        {"/metrics", {{"metrics"}, {}}},
        {"/api/v1/stacks/infra%2Fprod%2fnetwork",
         {{"api", "v1", "stacks", "infra/prod/network"}, {}}},
        {"/a//b/", {{"a", "", "b", ""}, {}}},
        {"/a+b", {{"a+b"}, {}}},
        {"/%C3%A4", {{"ä"}, {}}},
        {"/..%2f..%2Fetc", {{"../../etc"}, {}}},
        {"/?", {{}, {}}},
        {"/x?a=1&b=two+words&c=%26&flag&=&a=2",
         {{"x"}, {{"a", "2"}, {"b", "two words"}, {"c", "&"}, {"flag", ""}, {"", ""}}}}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto target = parseTarget(row.text);
        REQUIRE(target.has_value());
        CHECK(*target == row.target);
    }
}

TEST_CASE("what is no path of ours is refused") {
    for (const char* text :
         {"", "*", "metrics", "http://127.0.0.1/metrics", "/%", "/%4", "/%zz", "/%4g", "/a%00b",
          "/a%0d%0aX-Evil:1", "/%7f", "/x?a=%", "/x?%=1", "/x#y", "/a\tb"}) {
        CAPTURE(text);
        CHECK_FALSE(parseTarget(text).has_value());
    }
}

}  // namespace
}  // namespace target_test
}  // namespace driftkeeper
