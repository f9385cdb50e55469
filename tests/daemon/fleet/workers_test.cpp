#include "daemon/fleet/workers.hpp"

#include <doctest/doctest.h>

#include <future>

#include "tests/daemon/fake_clock.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using driftkeeper::tests::FakeClock;

namespace workers_test {
namespace {

Stack stackNamed(const std::string& name) {
    Stack stack;
    stack.provider = "terraform";
    stack.id = stack.name = name;
    stack.repository = "infra";
    stack.every = 1h;
    stack.timeout = 10min;
    return stack;
}

// One worker, and a stack whose check ends when the test says so.
struct Workshop {
    FakeClock clock;
    Scheduler scheduler{clock};
    std::promise<void> release;
    std::shared_future<void> released = release.get_future().share();
    std::promise<void> began;
    std::atomic<int> done = 0;
    Workers workers{scheduler, clock,
                    [this](const Job& job, const std::stop_token&) { work(job.stack); },
                    [](const std::string&) { return std::nullopt; }, 1};

    void work(const Stack& stack) {
        if (stack.id == "stuck") {
            began.set_value();
            released.wait();
        }
        scheduler.finished(stack.id, 0, std::nullopt);
        ++done;
        done.notify_all();
    }
    // A run that never ends is ended by the test's own limit of time.
    void await(int count) const {
        for (int seen = done; seen < count; seen = done) done.wait(seen);
        CHECK(done == count);
    }
};

}  // namespace

TEST_CASE("a check that does not end after its time is noticed once, and the others go on") {
    Workshop shop;
    shop.scheduler.keep(stackNamed("stuck"), std::nullopt, 0, true);
    shop.began.get_future().wait();
    shop.scheduler.keep(stackNamed("other"), std::nullopt, 0, true);
    shop.clock.advance(10min);
    CHECK(shop.workers.look().hanging.empty());
    CHECK(shop.done == 0);

    shop.clock.advance(2min);
    const auto news = shop.workers.look();
    REQUIRE(news.hanging.size() == 1);
    CHECK(news.hanging[0].id == "stuck");
    shop.await(1);
    CHECK(shop.workers.look().hanging.empty());

    shop.release.set_value();
    shop.await(2);
    const auto end = std::chrono::steady_clock::now() + 20s;
    auto ended = shop.workers.look().ended;
    while (ended.empty() && std::chrono::steady_clock::now() < end)
        ended = shop.workers.look().ended;
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].id == "stuck");
    CHECK(shop.workers.stop(20s));
}

TEST_CASE("whoever stops the workers does not wait for one that hangs") {
    Workshop shop;
    shop.scheduler.keep(stackNamed("stuck"), std::nullopt, 0, true);
    shop.began.get_future().wait();
    CHECK_FALSE(shop.workers.stop(50ms));
    shop.release.set_value();
    CHECK(shop.workers.stop(20s));
}

}  // namespace workers_test
