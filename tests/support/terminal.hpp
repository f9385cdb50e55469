#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/run.hpp"

namespace driftkeeper::tests {

// A program on a terminal of its own: its stdin, stdout and stderr. Ended by its process id when
// this goes.
class Terminal {
public:
    // `more` is added to the caller's environment. Throws std::runtime_error when there is no
    // terminal to be had.
    Terminal(const std::vector<std::string>& argv, unsigned short columns, unsigned short rows,
             const Environment& more = {});
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    // All that was written so far, escape sequences and all.
    const std::string& output();
    // Reads until the text is there, from `from` on; false after the limit or at the end of the
    // program.
    bool await(std::string_view text, std::size_t from = 0,
               std::chrono::seconds limit = std::chrono::seconds(30));
    void type(std::string_view keys) const;  // "\x03" is Ctrl-C
    // Reads to the end of the program, at most `limit` (then KILL): exit status, or 128 + signal.
    int wait(std::chrono::seconds limit = std::chrono::seconds(60));

private:
    bool readMore(std::chrono::milliseconds most);  // false at the end

    int descriptor_ = -1;
    int pid_ = 0;
    std::string output_;
};

}  // namespace driftkeeper::tests
