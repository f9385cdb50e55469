#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/run.hpp"

namespace driftkeeper::tests {

// A server that runs while this lives, its output appended to a file; ended by its process id.
class BackgroundProgram {
public:
    // `more` is added to the caller's environment. Throws when it cannot be started.
    BackgroundProgram(std::vector<std::string> argv, const std::filesystem::path& logFile,
                      const Environment& more = {});
    ~BackgroundProgram();
    BackgroundProgram(const BackgroundProgram&) = delete;
    BackgroundProgram& operator=(const BackgroundProgram&) = delete;

    [[nodiscard]] bool running();
    // Waits for the end, at most so long; false: it still runs.
    bool endsWithin(std::chrono::milliseconds limit);
    [[nodiscard]] int pid() const { return pid_; }

    // Sends the signal and waits for the end (KILL after a minute): the exit status, or 128 +
    // signal.
    int end(int signal);

private:
    int pid_ = 0;
    int status_ = 0;
};

}  // namespace driftkeeper::tests
