#include "daemon/fleet/workers.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace driftkeeper {
namespace {

constexpr Seconds grace{60};
constexpr std::chrono::seconds lastPatience{1};

}  // namespace

// One thread. Below the mutex of Shared.
struct Workers::Seat {
    std::optional<Job> job;  // that it does now
    BootTime since{};        // when its last look began, or the job
    bool isWrittenOff = false;
    bool hasEnded = false;
};

// Threads that are left behind keep it.
struct Workers::Shared {
    Scheduler& scheduler;
    const Clock& clock;
    const Work work;
    const Since since;
    std::stop_source stopping{};
    std::mutex mutex{};
    std::condition_variable ended{};
    std::vector<std::shared_ptr<Seat>> seats{};
};

Workers::Workers(Scheduler& scheduler, const Clock& clock, Work work, Since since, unsigned count)
    : shared_(new Shared{scheduler, clock, std::move(work), std::move(since)}) {
    for (unsigned i = 0; i < count; ++i) start();
}

Workers::~Workers() {
    (void)stop(lastPatience);
}

void Workers::start() {
    const auto seat = std::make_shared<Seat>();
    {
        const std::scoped_lock lock(shared_->mutex);
        shared_->seats.push_back(seat);
    }
    std::thread(run, shared_, seat).detach();
}

void Workers::run(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Seat>& seat) {
    const auto stop = shared->stopping.get_token();
    std::unique_lock lock(shared->mutex);
    while (!seat->isWrittenOff && !stop.stop_requested()) {
        lock.unlock();
        auto job = shared->scheduler.next(stop);
        lock.lock();
        if (!job) break;
        seat->job = *job;
        seat->since = shared->clock.boot();
        lock.unlock();
        shared->work(*job, stop);
        lock.lock();
        if (!seat->isWrittenOff) seat->job.reset();
    }
    seat->hasEnded = true;
    shared->ended.notify_all();
}

Workers::News Workers::look() {
    News news;
    {
        const std::scoped_lock lock(shared_->mutex);
        const BootTime now = shared_->clock.boot();
        for (const auto& seat : shared_->seats) {
            if (seat->isWrittenOff && seat->hasEnded) news.ended.push_back(seat->job->stack);
            if (seat->isWrittenOff || !seat->job) continue;
            const auto look = shared_->since(seat->job->stack.fullName());
            seat->since = std::max(seat->since, look.value_or(seat->since));
            if (now - seat->since <= seat->job->stack.timeout + grace) continue;
            seat->isWrittenOff = true;
            news.hanging.push_back(seat->job->stack);
        }
        std::erase_if(shared_->seats, [](const auto& seat) { return seat->hasEnded; });
    }
    for (std::size_t i = 0; i < news.hanging.size(); ++i) start();
    return news;
}

bool Workers::stop(std::chrono::milliseconds patience) {
    shared_->stopping.request_stop();
    std::unique_lock lock(shared_->mutex);
    return shared_->ended.wait_for(lock, patience, [&] {
        return std::ranges::all_of(shared_->seats, [](const auto& seat) { return seat->hasEnded; });
    });
}

}  // namespace driftkeeper
