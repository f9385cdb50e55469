#include "daemon/web/slow_lane.hpp"

#include <utility>

namespace driftkeeper {
namespace {

constexpr std::size_t mostWaiting = 16;

}  // namespace

SlowLane::SlowLane() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

bool SlowLane::run(std::function<void()> job) {
    {
        const std::scoped_lock lock(mutex_);
        if (ended_ || jobs_.size() >= mostWaiting) return false;
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
    return true;
}

void SlowLane::end() {
    std::deque<std::function<void()>> dropped;
    {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
        dropped.swap(jobs_);
    }
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

void SlowLane::work(const std::stop_token& stop) {
    for (;;) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [this] { return !jobs_.empty(); })) return;
            if (stop.stop_requested()) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

}  // namespace driftkeeper
