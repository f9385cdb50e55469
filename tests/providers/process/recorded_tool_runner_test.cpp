#include "tests/providers/process/recorded_tool_runner.hpp"

#include "tests/providers/process/contract.hpp"

using namespace driftkeeper;
using tests::RecordedToolRunner;

TEST_CASE("the recorded runner keeps the contract of a runner") {
    RecordedToolRunner runner(
        [](const ToolCall&) { return RecordedToolRunner::said("one\ntwo\n", 3); });
    ToolCall call;
    call.argv = {"tool", "speak"};
    tests::checkContract(runner, call);
    CHECK(runner.commands() == std::vector<std::string>{"speak"});
}
