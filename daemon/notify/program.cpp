#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "daemon/notify/channel.hpp"
#include "providers/process/real_tool_runner.hpp"

// Runs an operator's program as the tools are run: in / with nothing but the given environment, and
// gone with everything that it started when the time is over.
namespace driftkeeper {
namespace {

constexpr std::size_t mostOutput = std::size_t{64} << 10;
constexpr int exited = 1000;
constexpr int signalled = exited + 128;  // as a shell says it

// A shell starts it: it also starts a script that does not name its interpreter.
ToolCall callOf(const ProgramRequest& program, std::string& output) {
    ToolCall call;
    call.argv = {"/bin/sh", "-c", R"(exec "$@")", "sh"};
    call.argv.insert(call.argv.end(), program.command.begin(), program.command.end());
    call.directory = "/";
    call.environment = program.environment;
    call.input = program.input;
    const char* path = std::getenv("PATH");
    call.environment.try_emplace("PATH", path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
    call.sandbox.open = true;  // it is the operator's, and may keep a log or a state
    call.timeout = program.timeout;
    call.grace = std::chrono::seconds(2);
    call.keepOutput = false;
    call.maxOutput = std::numeric_limits<std::size_t>::max();
    call.onOutput = [&output](std::string_view piece) {
        output.append(piece.substr(0, mostOutput - std::min(mostOutput, output.size())));
    };
    return call;
}

Answer unanswered(std::string error, bool written) {
    Answer answer;
    answer.error = std::move(error);
    answer.written = written;
    return answer;
}

}  // namespace

Answer runProgram(const ProgramRequest& program) {
    std::string output;
    auto result = RealToolRunner().run(callOf(program, output), {});
    if (!result) return unanswered(result.error().message, false);
    using enum ToolResult::Ending;
    if (result->ending != Exited && result->ending != Signalled)
        return unanswered("ran out of time", true);

    Answer answer;
    answer.status = result->status + (result->ending == Exited ? exited : signalled);
    answer.body = std::move(output);
    answer.body.append(result->err, 0, mostOutput - answer.body.size());
    answer.written = true;
    return answer;
}

}  // namespace driftkeeper
