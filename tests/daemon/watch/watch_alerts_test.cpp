#include "daemon/watch/watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <thread>

#include "tests/daemon/fake_clock.hpp"
#include "tests/support/captured_stderr.hpp"
#include "tests/support/files.hpp"
#include "tests/support/http_receiver.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using driftkeeper::tests::FakeClock;

namespace watch_alerts_test {
namespace {

using Names = std::vector<std::string>;

Report notComplete(Completeness completeness, const std::string& code, const std::string& text) {
    Report report;
    report.completeness = completeness;
    report.reason = Reason{code, text};
    return report;
}

// Whoever watches a fleet, in a time of its own. Stacks become stale after 90 minutes.
struct Post {
    tests::TempDir folder;
    FakeClock clock;
    CurrentSettings settings{chat()};
    std::unique_ptr<Store> store = Store::open(folder.path()).value();
    Overview overview;
    RuleBook rules{settings};
    Mutes mutes{settings, *store};
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [] {}};
    Scheduler scheduler{clock};
    Workers workers{scheduler, clock, [](const Job&, const std::stop_token&) {},
                    [](const std::string&) { return std::nullopt; }, 0};
    std::optional<Watch> watch;

    Post() { restart(); }

    // One channel, no route: everybody hears of everything.
    [[nodiscard]] Settings chat() const {
        Settings made;
        made.stateDirectory = folder.path();
        made.channels.emplace_back().name = "chat";
        return made;
    }
    // The same, and a heartbeat to this address.
    [[nodiscard]] Settings chatAndHeartbeat(const std::string& url,
                                            const std::filesystem::path& file = {}) const {
        Settings made = chat();
        auto& heartbeat = made.heartbeat.emplace();
        heartbeat.url.value = url;
        heartbeat.url.file = file;
        heartbeat.every = 300s;
        return made;
    }

    // Everything of the watch goes but what is in the store.
    void restart() {
        const auto nothingPast = [](std::vector<Delivery>) { return std::vector<Delivery>(); };
        watch.emplace(settings, *store, scheduler, overview, mutes, alerter, clock, nothingPast,
                      workers);
        watch->tick();
    }
    void tickAfter(Seconds time) {
        clock.advance(time);
        watch->tick();
    }

    Stack keep(const std::string& name, bool due = false) {
        Stack stack;
        stack.provider = "terraform";
        stack.repository = "infra";
        stack.name = stack.path = name;
        stack.every = 1000h;
        stack.staleAfter = 90min;
        stack = store->stacks.keep(stack).value();
        scheduler.keep(stack, clock.now(), 0, due);
        overview.keep(*store->stacks.status(stack.id).value());
        watch->tick();
        return stack;
    }
    void check(const Stack& stack, const Report& report) {
        Check check;
        check.id = "check " + std::to_string(++checks_);
        check.stackId = stack.id;
        check.started = check.finished = clock.now();
        check.report = report;
        REQUIRE(store->record(check, [](const Memory&) { return Decision(); }).has_value());
        overview.keep(*store->stacks.status(stack.id).value());
        watch->tick();
    }
    void checkCompletely(const Stack& stack) {
        Report report;
        report.completeness = Completeness::Complete;
        check(stack, report);
    }
    // What ends the staleness of a stack in the daemon, when a check of it was complete.
    void endStaleness(const Stack& stack) {
        Trouble trouble;
        trouble.kind = IncidentKind::Stale;
        trouble.subject = stack.id;
        trouble.shownName = stack.fullName();
        REQUIRE(alerter.close(trouble, "checked"));
    }

    // What people were notified of, in order.
    [[nodiscard]] Names events() const {
        Names events;
        auto deliveries = store->deliveries.list(100).value();
        std::ranges::sort(deliveries, {}, &Delivery::order);
        const auto incidents = store->incidents.list(false, 100).value();
        for (const auto& delivery : deliveries) {
            const auto of = std::ranges::find(incidents, delivery.incidentId, &Incident::id);
            events.push_back(std::string(name(delivery.event)) + " " + std::string(name(of->kind)));
        }
        return events;
    }
    [[nodiscard]] Incident newest() const { return store->incidents.list(false, 1).value().at(0); }

private:
    int checks_ = 0;
};

}  // namespace

TEST_CASE("a stack without a complete check is reported once, over restarts, with the reason") {
    Post post;
    const auto net = post.keep("net");
    post.checkCompletely(net);
    post.tickAfter(89min);
    post.check(net, notComplete(Completeness::Failed, "credentials", "the token has expired"));
    post.tickAfter(1min);
    CHECK(post.events().empty());
    post.tickAfter(1s);
    post.tickAfter(1h);
    post.restart();
    post.tickAfter(91min);
    REQUIRE(post.events() == Names{"opened stale"});
    CHECK(post.newest().subject == net.id);
    CHECK(post.newest().cause == "credentials");
    CHECK(post.newest().text ==
          "stack infra/net had no complete check for 90 min: the token has expired");
}

TEST_CASE("a stack that nobody ever checked becomes stale as well") {
    Post post;
    post.keep("net");
    post.tickAfter(91min);
    REQUIRE(post.events() == Names{"opened stale"});
    CHECK(post.newest().cause == "not_checked_yet");
}

TEST_CASE("a stack that was checked again may become stale again") {
    Post post;
    const auto net = post.keep("net");
    post.tickAfter(91min);
    post.checkCompletely(net);
    post.endStaleness(net);
    post.tickAfter(90min);
    CHECK(post.events() == Names{"opened stale", "resolved stale"});
    post.tickAfter(1min);
    CHECK(post.events() == Names{"opened stale", "resolved stale", "opened stale"});
}

TEST_CASE("the time in which the daemon was off makes no stack stale") {
    Post post;
    post.checkCompletely(post.keep("net"));
    post.clock.advance(100h);
    post.restart();
    post.tickAfter(90min);
    CHECK(post.events().empty());
    post.tickAfter(1s);
    CHECK(post.events() == Names{"opened stale"});
}

TEST_CASE("a stack that is only listed is not stale, one that is gone is nobody's concern") {
    Post post;
    const auto listed = post.keep("listed");
    const auto gone = post.keep("gone");
    post.scheduler.retire(gone.id, Retired::GoneFromGit);
    REQUIRE(post.scheduler.take());
    post.scheduler.removed(gone.id, std::nullopt);
    post.clock.advance(60min);
    post.check(listed, notComplete(Completeness::Partial, "not_compared", "compared with nothing"));
    post.tickAfter(89min);
    CHECK(post.events().empty());
    post.tickAfter(2min);  // now nothing lists it any more
    CHECK(post.events() == Names{"opened stale"});
    CHECK(post.newest().subject == listed.id);
}

TEST_CASE("a mute holds staleness back until it ends") {
    Post post;
    post.keep("net");
    REQUIRE(post.mutes.add({"kind=stale"}, 3h, "maintenance", "ada", post.clock.now()).has_value());
    post.tickAfter(91min);
    CHECK(post.events().empty());
    post.tickAfter(2h);
    CHECK(post.events() == Names{"opened stale"});
}

TEST_CASE("a daemon that cannot keep up says so once, over restarts, and when it has caught up") {
    Post post;
    auto settings = post.chat();
    settings.checks.every = 20min;
    post.settings.set(settings);
    const auto net = post.keep("net", true);
    post.keep("dns");  // not due
    post.tickAfter(20min);
    CHECK(post.events().empty());
    post.tickAfter(1s);
    REQUIRE(post.events() == Names{"opened overload"});
    CHECK(post.newest().text.starts_with("checks start 1201 s late: "));
    post.tickAfter(1min);
    post.restart();
    post.tickAfter(1min);
    CHECK(post.events() == Names{"opened overload"});

    REQUIRE(post.scheduler.take()->stack.id == net.id);
    post.scheduler.finished(net.id, 0, std::nullopt);
    post.scheduler.request(net.id);
    post.tickAfter(5min);  // a quarter of the limit: not yet
    CHECK(post.events() == Names{"opened overload"});
    REQUIRE(post.scheduler.take());
    post.tickAfter(1s);
    post.tickAfter(1s);
    CHECK(post.events() == Names{"opened overload", "resolved overload"});
}

TEST_CASE("a full queue is a burst for five minutes, however often stacks are checked") {
    Post post;
    auto settings = post.chat();
    settings.checks.every = 30s;
    post.settings.set(settings);
    post.keep("net", true);
    post.tickAfter(5min);
    CHECK(post.events().empty());
    post.tickAfter(1s);
    CHECK(post.events() == Names{"opened overload"});
}

TEST_CASE("the heartbeat comes at the first look, then once per interval") {
    Post post;
    const tests::HttpReceiver monitor;
    post.settings.set(post.chatAndHeartbeat(monitor.url("/beat")));
    post.watch->tick();
    REQUIRE(monitor.requests().size() == 1);
    CHECK(monitor.requests()[0].target == "/beat");
    post.tickAfter(299s);
    CHECK(monitor.requests().size() == 1);
    post.tickAfter(1s);
    CHECK(monitor.requests().size() == 2);
    post.settings.set(post.chat());
    post.tickAfter(1h);
    CHECK(monitor.requests().size() == 2);
}

TEST_CASE("a heartbeat that is not taken is logged, and the next one comes at its time") {
    Post post;
    tests::HttpReceiver monitor;
    monitor.answerNext({{503}});
    post.settings.set(post.chatAndHeartbeat(monitor.url()));
    {
        const tests::CapturedStderr log;
        post.watch->tick();
        CHECK(log.text().find("heartbeat not taken") != std::string::npos);
        CHECK(log.text().find("503") != std::string::npos);
    }
    const tests::CapturedStderr log;
    post.tickAfter(300s);
    CHECK(monitor.requests().size() == 2);
    CHECK(log.text().empty());
}

TEST_CASE("the address of the heartbeat is read from its file each time, and never logged") {
    Post post;
    const tests::HttpReceiver monitor;
    const auto file = post.folder / "beat_url";
    post.settings.set(post.chatAndHeartbeat("", file));
    const tests::CapturedStderr log;
    post.watch->tick();
    CHECK(log.text().find("heartbeat not sent") != std::string::npos);
    tests::writeFile(file, monitor.url("/canary") + "\n");
    post.tickAfter(300s);
    REQUIRE(monitor.requests().size() == 1);
    CHECK(monitor.requests()[0].target == "/canary");
    CHECK(log.text().find("canary") == std::string::npos);
}

TEST_CASE("a look around sends the reminders and the drifts whose wait is over") {
    Post post;
    auto settings = post.chat();
    auto& route = settings.routes.emplace_back();
    route.channels = {"chat"};
    route.repeatEvery = 1h;
    post.settings.set(settings);
    const auto net = post.keep("net");
    Finding waiting;
    waiting.id = "finding";
    waiting.stackId = net.id;
    waiting.drift.address = "box_item.a";
    waiting.firstSeen = waiting.lastSeen = post.clock.now();
    waiting.confirmedAt = post.clock.now();
    waiting.deferredUntil = post.clock.now() + 60s;
    const auto keepIt = [&](const Memory&) { return Decision{{waiting}, {}, {}}; };
    REQUIRE(post.store->decide(IncidentKind::Drift, net.id, keepIt).has_value());
    post.tickAfter(59s);
    CHECK(post.events().empty());
    post.tickAfter(1s);
    REQUIRE(post.events() == Names{"opened drift"});

    auto opened = post.store->deliveries.list(1).value().at(0);
    opened.state = DeliveryState::Delivered;
    REQUIRE(post.store->deliveries.noteOutcome(opened).has_value());
    post.tickAfter(61min);
    CHECK(post.events() == Names{"opened drift", "reminder drift"});
}

TEST_CASE("what is older than its time is removed once an hour") {
    Post post;
    const auto net = post.keep("net");
    post.check(net, failedReport("credentials", "no token"));
    post.checkCompletely(net);
    const auto checks = [&] { return post.store->checks.history(net.id, 10).value().size(); };
    post.watch->tick();
    post.clock.advance(90 * 24h - 10min);
    post.watch->tick();
    CHECK(checks() == 2);
    post.tickAfter(20min);  // old enough, and the last time was just now
    CHECK(checks() == 2);
    post.tickAfter(40min);
    CHECK(checks() == 1);
}

TEST_CASE("the watch looks around until it is stopped, and then ends at once") {
    Post post;
    const tests::HttpReceiver monitor;
    post.settings.set(post.chatAndHeartbeat(monitor.url()));
    std::promise<void> ended;
    std::jthread thread([&](const std::stop_token& stop) {
        post.watch->run(stop);
        ended.set_value();
    });
    REQUIRE(monitor.waitFor(1, 20s));
    post.clock.advance(300s);
    REQUIRE(monitor.waitFor(2, 20s));  // the next look
    CHECK(post.watch->silence() < 20s);
    thread.request_stop();
    CHECK(ended.get_future().wait_for(20s) == std::future_status::ready);
}

}  // namespace watch_alerts_test
