#pragma once

#include <doctest/doctest.h>

#include "providers/process/tool_runner.hpp"

namespace driftkeeper::tests {

// What every ToolRunner does; `call` prints "one\ntwo\n" and exits with 3.
inline void checkContract(ToolRunner& runner, ToolCall call) {
    SUBCASE("output and exit status come back") {
        const auto result = runner.run(call, {});
        REQUIRE(result);
        CHECK(result->ending == ToolResult::Ending::Exited);
        CHECK(result->status == 3);
        CHECK(result->out == "one\ntwo\n");
    }
    SUBCASE("output that is not kept is streamed") {
        std::string streamed;
        call.keepOutput = false;
        call.onOutput = [&](std::string_view bytes) { streamed += bytes; };
        const auto result = runner.run(call, {});
        REQUIRE(result);
        CHECK(result->out.empty());
        CHECK(streamed == "one\ntwo\n");
    }
    SUBCASE("output beyond the cap is a result of its own") {
        call.maxOutput = 4;
        const auto result = runner.run(call, {});
        REQUIRE(result);
        CHECK(result->ending == ToolResult::Ending::TooMuchOutput);
    }
    SUBCASE("a stopped call does not run") {
        std::stop_source source;
        source.request_stop();
        const auto result = runner.run(call, source.get_token());
        REQUIRE(result);
        CHECK(result->ending == ToolResult::Ending::Stopped);
    }
}

}  // namespace driftkeeper::tests
