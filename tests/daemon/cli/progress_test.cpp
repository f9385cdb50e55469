#include "daemon/cli/progress.hpp"

#include <doctest/doctest.h>

#include "daemon/cli/columns.hpp"

using namespace driftkeeper;

namespace progress_test {
namespace {

using Clock = std::chrono::steady_clock;
const Clock::time_point now = Clock::time_point{} + std::chrono::hours(1);

LookUnderWay since(const char* name, const char* phrase, int seconds) {
    return {name, phrase, now - std::chrono::seconds(seconds)};
}

}  // namespace

TEST_CASE("what runs longest stands first, and a bar counts what is done") {
    const auto lines = progressLines({since("infra/b", "planning", 3), since("infra/a", "", 12)}, 1,
                                     4, 60, 8, now);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "infra/a … 12 s");
    CHECK(lines[1] == "infra/b … planning 3 s");
    CHECK(lines[2] == "[##########..............................] 1/4");
}

TEST_CASE("one thing has no bar, and of many only so many are shown") {
    CHECK(progressLines({since("a", "", 1)}, 0, 1, 40, 8, now) ==
          std::vector<std::string>{"a … 1 s"});
    CHECK(
        progressLines(std::vector<LookUnderWay>(20, since("a", "", 1)), 0, 20, 40, 8, now).size() ==
        9);
    CHECK(progressLines({}, 4, 4, 60, 8, now).back().find("] 4/4") != std::string::npos);
}

TEST_CASE("every line is narrower than the terminal, whatever it is made of") {
    const auto running = {
        since("infra/prod/東京/a-very-long-name-of-a-stack", "reading the state", 1234),
        since("x", "y", 1)};
    for (std::size_t width = 1; width < 80; ++width)
        for (const auto& line : progressLines(running, 3, 12345, width, 8, now))
            CHECK_MESSAGE(columnsOf(line) <= std::max<std::size_t>(width - 1, 1),
                          width << ": " << line);
}

}  // namespace progress_test
