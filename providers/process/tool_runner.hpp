#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.hpp"
#include "providers/process/limits.hpp"
#include "providers/process/sandbox.hpp"

namespace driftkeeper {

// One run of one program, described completely before it starts.
struct ToolCall {
    std::vector<std::string> argv;  // argv[0]: a name on the PATH of `environment`, or a path
    std::filesystem::path directory;
    std::map<std::string, std::string> environment;  // the whole of it
    Sandbox sandbox;
    std::string input;  // its standard input, handed over in memory; empty: /dev/null
    std::chrono::milliseconds timeout{0};            // counted from the start
    std::chrono::milliseconds grace{20'000};         // between TERM and KILL
    std::size_t maxOutput = std::size_t{512} << 20;  // bytes of stdout; stderr keeps its last 1 MiB
    std::function<void(std::string_view)>
        onOutput;            // pieces of stdout as they come, on the calling thread; may be empty
    bool keepOutput = true;  // false: stdout is only handed to onOutput
};

struct ToolResult {
    enum class Ending { Exited, Signalled, TimedOut, Stopped, TooMuchOutput, OverLimit };
    Ending ending = Ending::Exited;
    int status = 0;  // exit status, or the signal
    Overuse over;    // for OverLimit
    std::string out;
    std::string err;  // may hold secrets: never logged or told as it is
    std::chrono::milliseconds duration{0};
};

// Runs tools. Thread-safe: many threads run calls at once.
class ToolRunner {
public:
    virtual ~ToolRunner() = default;

    // Blocks until the program and everything that it started are gone. TimedOut, Stopped (by the
    // token), TooMuchOutput and OverLimit are results. Fails with `tool_missing` (FixSetup) when
    // the program cannot be found, `tool_not_started` otherwise.
    virtual Result<ToolResult> run(const ToolCall& call, std::stop_token stop) = 0;

    // Whether a tool in this sandbox would see a file that exists. Looks at the disk.
    [[nodiscard]] virtual bool shows(const Sandbox& sandbox,
                                     const std::filesystem::path& file) const = 0;
};

}  // namespace driftkeeper
