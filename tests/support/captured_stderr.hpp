#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "tests/support/files.hpp"

namespace driftkeeper::tests {

// What this process writes to stderr while it lives: the log. For one thread at a time.
class CapturedStderr {
public:
    CapturedStderr() : kept_(dup(STDERR_FILENO)) {
        const int file = open(path().c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        dup2(file, STDERR_FILENO);
        close(file);
    }
    ~CapturedStderr() {
        dup2(kept_, STDERR_FILENO);
        close(kept_);
    }
    CapturedStderr(const CapturedStderr&) = delete;

    [[nodiscard]] std::string text() const { return readFile(path()); }

private:
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "stderr"; }

    TempDir folder_;
    int kept_;
};

}  // namespace driftkeeper::tests
