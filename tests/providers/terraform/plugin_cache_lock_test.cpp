#include "providers/terraform/plugin_cache_lock.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "providers/terraform/reasons.hpp"
#include "tests/providers/process/recorded_tool_runner.hpp"
#include "tests/providers/process/scratch.hpp"

using namespace driftkeeper;
using namespace driftkeeper::terraform;
using namespace std::chrono_literals;
using tests::RecordedToolRunner;
using tests::Scratch;

TEST_CASE("one holds the plugin cache, the others wait, give up, or are stopped") {
    const Scratch scratch;
    const auto cache = scratch.path() / "cache";
    RecordedToolRunner none([](const ToolCall&) { return RecordedToolRunner::said(""); });
    const TimedRunner patient(none, 1min, {}, terraformTool);
    auto first = lockPluginCache(cache, patient);
    REQUIRE(first);
    CHECK(first->isOpen());

    CHECK(lockPluginCache(cache, TimedRunner(none, 1ms, {}, terraformTool)).error().code ==
          "timeout");
    std::stop_source source;
    source.request_stop();
    CHECK(lockPluginCache(cache, TimedRunner(none, 1min, source.get_token(), terraformTool))
              .error()
              .code == "stopped");

    std::jthread second([&] { CHECK(lockPluginCache(cache, patient)); });
    first->close();
    second.join();
}

TEST_CASE("no cache, no lock") {
    RecordedToolRunner none([](const ToolCall&) { return RecordedToolRunner::said(""); });
    const auto lock = lockPluginCache({}, TimedRunner(none, 1min, {}, terraformTool));
    REQUIRE(lock);
    CHECK_FALSE(lock->isOpen());
}
