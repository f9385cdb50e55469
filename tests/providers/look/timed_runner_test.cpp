#include "providers/look/timed_runner.hpp"

#include <doctest/doctest.h>

#include "tests/providers/process/recorded_tool_runner.hpp"

using namespace driftkeeper;
using namespace driftkeeper;
using namespace std::chrono_literals;
using tests::RecordedToolRunner;

namespace timed_runner_test {
namespace {

ToolCall call() {
    ToolCall result;
    result.argv = {"terraform", "plan"};
    return result;
}

}  // namespace

TEST_CASE("only a program that ended by itself gives a result") {
    struct Row {
        ToolResult::Ending ending;
        int status;
        const char* code;  // empty: a result
    };
    using Ending = ToolResult::Ending;
    for (const Row& row :
         {Row{Ending::Exited, 0, ""}, Row{Ending::Exited, 2, ""},
          Row{Ending::Exited, 11, "tool_crashed"}, Row{Ending::Signalled, 9, "tool_crashed"},
          Row{Ending::TimedOut, 15, "timeout"}, Row{Ending::Stopped, 15, "stopped"},
          Row{Ending::TooMuchOutput, 15, "output_too_large"},
          Row{Ending::OverLimit, 9, "resource_limit"}}) {
        RecordedToolRunner recorded(
            [&](const ToolCall&) { return RecordedToolRunner::ended(row.ending, row.status); });
        TimedRunner runner(recorded, 1min, {}, {"terraform", "terraform"});
        const auto result = runner.run(call());
        CHECK((result ? "" : result.error().code) == row.code);
    }
}

TEST_CASE("a limit is named with what was used of it") {
    for (const auto& [over, text] :
         {std::pair{Overuse{Limit::Memory, std::uint64_t{9} << 30U, std::uint64_t{8} << 30U},
                    "plan: 9.0 GiB of memory, `checks.limits.memory` allows 8.0 GiB"},
          std::pair{Overuse{Limit::Processes, 2050, 2048},
                    "plan: 2050 processes, `checks.limits.processes` allows 2048 processes"},
          std::pair{Overuse{Limit::Output, 65U << 20U, 64U << 20U},
                    "plan: 65 MiB of output, `checks.limits.output` allows 64 MiB"}}) {
        RecordedToolRunner recorded([&over](const ToolCall&) {
            auto result = RecordedToolRunner::ended(ToolResult::Ending::OverLimit, 9);
            result.over = over;
            return result;
        });
        TimedRunner runner(recorded, 1min, {}, {"terraform", "terraform"});
        CHECK(runner.run(call()).error().text ==
              "terraform used more than it may (" + std::string(text) + ")");
    }
}

TEST_CASE("without time left, or after a stop, nothing is started") {
    RecordedToolRunner recorded([](const ToolCall&) { return RecordedToolRunner::said(""); });
    TimedRunner late(recorded, 0ms, {}, {"terraform", "terraform"});
    CHECK(late.run(call()).error().code == "timeout");
    std::stop_source source;
    source.request_stop();
    TimedRunner stopped(recorded, 1min, source.get_token(), {"terraform", "terraform"});
    CHECK(stopped.run(call()).error().code == "stopped");
    CHECK(recorded.calls().empty());
}

TEST_CASE("a runner's error keeps its code") {
    RecordedToolRunner recorded(
        [](const ToolCall&) { return failure(Remedy::FixSetup, "tool_missing", "no terraform"); });
    TimedRunner runner(recorded, 1min, {}, {"terraform", "terraform"});
    const auto result = runner.run(call());
    REQUIRE_FALSE(result);
    CHECK(result.error().code == "tool_missing");
    CHECK(result.error().text.find("no terraform") != std::string::npos);
}

}  // namespace timed_runner_test
