#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace driftkeeper {

// One thread for what takes long, one after the other, so that the threads of the server do not.
// Thread-safe. The destructor ends it.
class SlowLane {
public:
    SlowLane();

    // False: too many wait already.
    [[nodiscard]] bool run(std::function<void()> job);

    // The running job ends, the others are dropped; nothing is taken any more.
    void end();

private:
    void work(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::function<void()>> jobs_;
    bool ended_ = false;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace driftkeeper
