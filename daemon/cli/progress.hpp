#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace driftkeeper {

// One thing that is being done.
struct LookUnderWay {
    std::string name;
    std::string phrase;  // what is done right now; may be empty
    std::chrono::steady_clock::time_point since;
};

// What is drawn: a line for each that runs (those that have run longest first, so many as `most`),
// and a bar when there is more than one in all. Every line is narrower than `width` columns. Pure.
std::vector<std::string> progressLines(const std::vector<LookUnderWay>& running, std::size_t done,
                                       std::size_t total, std::size_t width, std::size_t most,
                                       std::chrono::steady_clock::time_point now);

// Draws on stderr, several times a second, when that is a terminal; does nothing otherwise. What
// was drawn is wiped by the destructor. Thread-safe.
class Progress {
public:
    explicit Progress(std::size_t total);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void begin(const std::string& name);
    void say(const std::string& name, std::string phrase);
    void end(const std::string& name);

private:
    void draw();  // under the lock
    void wipe();

    const bool shown_;
    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t drawn_ = 0;  // lines on the terminal
    std::vector<LookUnderWay> running_;
    std::mutex mutex_;
    std::jthread thread_;
};

}  // namespace driftkeeper
