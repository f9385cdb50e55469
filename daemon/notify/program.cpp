#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>
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

// A tool of ours has no standard input: the program gets a file that only we can read.
class InputFile {
public:
    static std::optional<InputFile> of(std::string_view text) {
        std::error_code error;
        const auto folder = std::filesystem::temp_directory_path(error);
        std::string name =
            ((error ? "/tmp" : folder) / ("driftkeeper-input-" + std::string(6, 'X'))).string();
        const int file = ::mkostemp(name.data(), O_CLOEXEC);
        if (file < 0) return std::nullopt;
        InputFile input(std::move(name));
        while (!text.empty()) {
            const ssize_t count = ::write(file, text.data(), text.size());
            if (count <= 0) break;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        const bool isWritten = ::close(file) == 0 && text.empty();
        return isWritten ? std::optional(std::move(input)) : std::nullopt;
    }
    ~InputFile() {
        if (!name_.empty()) ::unlink(name_.c_str());
    }
    InputFile(InputFile&& other) noexcept : name_(std::exchange(other.name_, {})) {}
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;
    InputFile& operator=(InputFile&&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    explicit InputFile(std::string name) : name_(std::move(name)) {}
    std::string name_;
};

ToolCall callOf(const ProgramRequest& program, const InputFile& input, std::string& output) {
    ToolCall call;
    call.argv = {"/bin/sh", "-c", R"(exec "$@" <"$0")", input.name()};
    call.argv.insert(call.argv.end(), program.command.begin(), program.command.end());
    call.directory = "/";
    call.environment = program.environment;
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
    const auto input = InputFile::of(program.input);
    if (!input) return unanswered("its input cannot be written to a temporary file", false);
    std::string output;
    auto result = RealToolRunner().run(callOf(program, *input, output), {});
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
