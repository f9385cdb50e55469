#include "daemon/web/problem.hpp"

#include <doctest/doctest.h>

namespace driftkeeper {
namespace problem_test {
namespace {

TEST_CASE("a problem is JSON with a code and a sentence") {
    const WebResponse response = webProblem(404, "not_found", "there is nothing here");
    CHECK(response.status == 404);
    CHECK(response.type == "application/json");
    CHECK(
        response.body ==
        "{\"version\":1,\"error\":{\"code\":\"not_found\",\"text\":\"there is nothing here\"}}\n");
}

}  // namespace
}  // namespace problem_test
}  // namespace driftkeeper
