#include "daemon/check/running.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/fake_clock.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

TEST_CASE("who watches hears when a look begins, gets on and ends") {
    tests::FakeClock clock;
    std::vector<std::string> said;
    Running running(clock, [&](std::string_view json) { said.emplace_back(json); });
    {
        Running::Look look(running, {"infra/net", "terraform", {}, "preparing the source", 2.5});
        look.step("planning");
        look.step("planning");
        look.step("1 resources read");
        look.step("2 resources read");  // within a second: only the number is another
        CHECK(running.list().at(0).step == "2 resources read");
        CHECK(said.size() == 3);
        clock.advance(1s);
        look.step("3 resources read");
        CHECK(said.size() == 4);
        CHECK(running.list().at(0).started == clock.now() - 1s);
        CHECK(look.log() == std::vector<RunStep>{{0ms, "preparing the source"},
                                                 {0ms, "planning"},
                                                 {0ms, "3 resources read"}});
        clock.advance(250ms);
        look.step("reading the plan");
        CHECK(look.log().back() == RunStep{1250ms, "reading the plan"});
        for (int i = 0; i < 300; ++i)
            look.step(std::string("reading ") + static_cast<char>('a' + i % 2));
        CHECK(look.log().size() == 200);
    }
    CHECK(said.back() == R"({"version":1,"running":[]})");
    CHECK(
        said.front() ==
        R"({"version":1,"running":[{"stack":"infra/net","provider":"terraform","started":"2026-09-21T14:13:20Z",)"
        R"("step":"preparing the source","expected_seconds":2.5}]})");
    CHECK(running.list().empty());
}
