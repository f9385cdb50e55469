#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace driftkeeper::tests {

using Environment = std::map<std::string, std::string>;

struct RunOptions {
    std::filesystem::path cwd{};  // empty: the caller's
    Environment env{};            // added to the caller's, or all there is
    bool onlyThisEnvironment = false;
    std::chrono::milliseconds timeout{60'000};
    std::string input{};  // what stdin says
};

struct Finished {
    int status = 0;  // exit status; 128 + signal when one ended it
    std::string out;
    std::string err;
    bool timedOut = false;

    bool ok() const { return status == 0; }
};

// Runs a program (searched in PATH) in a process group of its own and waits for it, at most the
// timeout: then the whole group is killed. Output that a grandchild still holds open is not waited
// for. Throws std::runtime_error when the program cannot be started.
Finished run(const std::vector<std::string>& argv, const RunOptions& options = {});

// The standard output of a run that must succeed; throws std::runtime_error with both outputs
// otherwise.
std::string outputOf(const std::vector<std::string>& argv, const RunOptions& options = {});

}  // namespace driftkeeper::tests
