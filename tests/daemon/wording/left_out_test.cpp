#include "daemon/wording/left_out.hpp"

#include <doctest/doctest.h>

namespace left_out_test {
using namespace driftkeeper;

TEST_CASE("what is left out is one line a reason, with some of its paths") {
    std::vector<LeftOut> all = {{"big.yaml", "too_large"}, {"x", "of_tomorrow"}};
    for (const char* path : {"a", "b", "c", "d", "e", "f", "g"}) all.push_back({path, "example"});
    CHECK(
        leftOutText(all) ==
        "left out, an example or a test: it has no backend and no state: a, b, c, d, e and 2 more\n"
        "left out, of_tomorrow: x\n"
        "left out, larger than the 4 MiB that are read of one file: big.yaml\n");
    CHECK(leftOutText({}).empty());
}

TEST_CASE("only what could not be read may hide something") {
    for (const char* reason : {"too_large", "over_budget", "unreadable", "encrypted"})
        CHECK(isTrouble(reason));
    for (const char* reason : {"module", "example", "submodule", "of_tomorrow"})
        CHECK_FALSE(isTrouble(reason));
}

}  // namespace left_out_test
