#include "daemon/alert/outbox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include "tests/daemon/fake_clock.hpp"
#include "tests/support/files.hpp"
#include "tests/support/http_receiver.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using driftkeeper::tests::FakeClock;
using driftkeeper::tests::HttpReceiver;

namespace outbox_test {
namespace {

constexpr auto patience = 20s;  // of the test, in real time

// Time in which a test waits until the threads under test ask for it: an outbox does so before and
// after all that it sends.
class AskedClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept override {
        note();
        return time_.now();
    }
    [[nodiscard]] BootTime boot() const noexcept override {
        note();
        return time_.boot();
    }
    [[nodiscard]] TimePoint time() const noexcept { return time_.now(); }
    void advance(std::chrono::microseconds by) noexcept { time_.advance(by); }

    // Looks whether `done` holds now, and again whenever a thread has asked.
    [[nodiscard]] bool awaitBetween(const std::function<bool()>& done) const {
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            std::unique_lock lock(mutex_);
            const auto seen = asked_;
            lock.unlock();
            if (done()) return true;
            lock.lock();
            if (!wasAsked_.wait_until(lock, end, [&] { return asked_ != seen; })) return false;
        }
    }

private:
    void note() const noexcept {
        {
            const std::scoped_lock lock(mutex_);
            ++asked_;
        }
        wasAsked_.notify_all();
    }

    FakeClock time_;
    mutable std::mutex mutex_;
    mutable std::condition_variable wasAsked_;
    mutable std::uint64_t asked_ = 0;
};

Settings settingsOf(const HttpReceiver& up, const HttpReceiver& down) {
    Settings settings;
    for (const auto* peer : {&up, &down}) {
        auto& channel = settings.channels.emplace_back();
        channel.name = peer == &up ? "up" : "down";
        channel.kind = channelKind("webhook");
        channel.secrets["url"].value = peer->url();
    }
    return settings;
}

// An outbox over two webhooks, in a time of its own.
struct Post {
    tests::TempDir folder;
    HttpReceiver up;
    HttpReceiver down;
    AskedClock clock;
    CurrentSettings settings{settingsOf(up, down)};
    std::unique_ptr<Store> store = Store::open(folder.path()).value();
    Overview overview;
    Metrics metrics{"test"};
    RuleBook rules{settings};
    Mutes mutes{settings, *store};
    std::function<void()> wake = [] {};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [this] { wake(); }};
    Outbox outbox{settings, *store, alerter, metrics, clock, ""};

    Post() {
        outbox.restart();
        wake = [this] { outbox.wake(); };
    }
    ~Post() { outbox.stop(); }

    void open(const std::string& repository) {
        Trouble trouble;
        trouble.kind = IncidentKind::Repository;
        trouble.subject = trouble.shownName = repository;
        trouble.cause = "unreachable";
        trouble.text = "repository " + repository + " cannot be reached";
        REQUIRE(alerter.open(trouble));
    }
    // Until nothing of the channel can be done at this time.
    void settle(const std::string& channel) {
        outbox.wake();
        REQUIRE(clock.awaitBetween(
            [&] { return store->deliveries.due(channel, clock.time(), 1)->empty(); }));
    }
    [[nodiscard]] std::map<std::string, int> states(const std::string& channel) const {
        std::map<std::string, int> counts;
        const auto rows = store->deliveries.list(10'000).value();
        for (const auto& delivery : rows)
            if (delivery.channel == channel) ++counts[std::string(name(delivery.state))];
        return counts;
    }
    [[nodiscard]] std::size_t told(const std::string& words) const {
        const auto requests = up.requests();
        return static_cast<std::size_t>(
            std::ranges::count_if(requests, [&](const tests::HttpRequest& one) {
                return one.body.find(words) != std::string::npos;
            }));
    }
};

}  // namespace

TEST_CASE(
    "a channel that is down for three days holds up nobody, and its rows are told late or given up "
    "with a reason") {
    Post post;
    post.down.answerUsually({503});
    constexpr int quarters = 3 * 24 * 4;
    std::size_t opened = 0;
    for (int quarter = 0; quarter < quarters; ++quarter) {
        if (quarter % 12 == 0) {
            post.open("r" + std::to_string(opened++));
            post.settle("up");
            REQUIRE(post.told("cannot be reached") == opened);  // at the same moment
        }
        post.settle("down");
        post.clock.advance(15min);
    }
    CHECK(post.states("down") == std::map<std::string, int>{{"pending", 24}});
    CHECK(post.told("channel down takes no alerts: HTTP 503") == 1);

    // The oldest is given up after 72 hours; the peer is back before the others are that old.
    post.settle("down");
    CHECK(post.states("down") == std::map<std::string, int>{{"dead", 1}, {"pending", 23}});
    const auto all = post.store->deliveries.list(10'000).value();
    for (const auto& delivery : all)
        if (delivery.state == DeliveryState::Dead)
            CHECK(delivery.lastOutcome.find("503") != std::string::npos);
    post.down.answerUsually({200});
    post.clock.advance(15min);
    post.settle("down");
    CHECK(post.states("down") == std::map<std::string, int>{{"dead", 1}, {"delivered", 23}});
    post.settle("up");
    CHECK(post.told("\"event\":\"resolved\"") == 1);  // the channel's own trouble
    CHECK(post.store->incidents.list(true, 100)->size() == 24);
}

}  // namespace outbox_test
