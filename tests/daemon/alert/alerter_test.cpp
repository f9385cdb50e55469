#include "daemon/alert/alerter.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "daemon/contract/notice.hpp"
#include "tests/daemon/fake_clock.hpp"
#include "tests/support/captured_stderr.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using driftkeeper::tests::FakeClock;

namespace alerter_test {
namespace {

Settings settingsOf(std::optional<Seconds> repeatEvery, std::optional<DigestSettings> digest) {
    Settings settings;
    settings.channels.emplace_back().name = "chat";
    auto& route = settings.routes.emplace_back();
    route.channels = {"chat"};
    route.repeatEvery = repeatEvery;
    route.digest = digest;
    return settings;
}

// A alerter with its store, in a time of its own.
struct Office {
    tests::TempDir folder;
    FakeClock clock;
    CurrentSettings settings;
    std::unique_ptr<Store> store = Store::open(folder.path()).value();
    Overview overview;
    RuleBook rules{settings};
    Mutes mutes{settings, *store};
    int wakes = 0;
    Alerter alerter{settings, *store, overview, mutes, rules, clock, [this] { ++wakes; }};

    Office(std::optional<Seconds> repeatEvery, std::optional<DigestSettings> digest)
        : settings(settingsOf(repeatEvery, digest)) {}

    [[nodiscard]] std::vector<Event> events() const {
        std::vector<Event> events;
        auto deliveries = store->deliveries.list(100).value();
        std::ranges::sort(deliveries, {}, &Delivery::order);
        for (const auto& delivery : deliveries) events.push_back(delivery.event);
        return events;
    }
    void deliverAll() const {
        auto deliveries = store->deliveries.list(100).value();
        for (auto& delivery : deliveries) {
            delivery.state = DeliveryState::Delivered;
            REQUIRE(store->deliveries.noteOutcome(delivery).has_value());
        }
    }
};

Trouble unreachable() {
    Trouble trouble;
    trouble.kind = IncidentKind::Repository;
    trouble.subject = trouble.shownName = "infra";
    trouble.cause = "unreachable";
    trouble.text = "repository infra cannot be reached";
    return trouble;
}

}  // namespace

TEST_CASE("a digest comes at its time, once, and not at the first start") {
    Office office(std::nullopt, DigestSettings{std::nullopt, 8h});
    office.alerter.sendDigests();
    CHECK(office.events().empty());
    office.clock.advance(23h);
    office.alerter.sendDigests();
    office.clock.advance(1h);
    office.alerter.sendDigests();
    office.alerter.sendDigests();
    CHECK(office.events() == std::vector{Event::Digest});
    CHECK(office.wakes == 1);
    office.clock.advance(72h);  // it was off for three days
    office.alerter.sendDigests();
    CHECK(office.events().size() == 2);
    const auto last = noticeFromJson(office.store->deliveries.list(1).value().at(0).notice);
    REQUIRE(last.has_value());
    CHECK(last->digest.has_value());
    CHECK(office.store->incidents.list(true, 10)->empty());
}

TEST_CASE("what stays open is reminded of until it ends") {
    Office office(1h, std::nullopt);
    REQUIRE(office.alerter.open(unreachable()));
    office.alerter.remind();
    office.clock.advance(61min);
    office.alerter.remind();
    CHECK(office.events() == std::vector{Event::Opened});  // the first one is still on its way
    office.deliverAll();
    office.clock.advance(61min);
    office.alerter.remind();
    office.alerter.remind();
    CHECK(office.events() == std::vector{Event::Opened, Event::Reminder});
    REQUIRE(office.alerter.close(unreachable(), "reachable"));
    office.clock.advance(500h);
    office.alerter.remind();
    CHECK(office.events() == std::vector{Event::Opened, Event::Reminder, Event::Resolved});
}

TEST_CASE(
    "every decision is logged and wakes the outbox, and what is only said again is not logged") {
    Incident incident;
    incident.id = "i-1";
    incident.kind = IncidentKind::Orphaned;
    incident.opened = incident.announcedAt = TimePoint(500'000h);
    Delivery delivery;
    delivery.incidentId = incident.id;
    Office office(std::nullopt, std::nullopt);
    const auto logged = [&](const Decision& decision) {
        const tests::CapturedStderr captured;
        office.alerter.publish(decision, "infra/net");
        return captured.text();
    };
    const auto opened = logged({{}, {incident}, {delivery}});
    CHECK(opened.find("incident opened") != std::string::npos);
    CHECK(opened.find("orphaned") != std::string::npos);
    CHECK(opened.find("infra/net") != std::string::npos);
    CHECK(office.wakes == 1);
    incident.closed = incident.announcedAt += 1h;
    CHECK(logged({{}, {incident}, {}}).find("incident closed") != std::string::npos);
    CHECK(office.wakes == 1);
    incident.closed.reset();
    CHECK(logged({{}, {incident}, {}}).find("incident changed") != std::string::npos);
    delivery.event = Event::Reminder;
    CHECK(logged({{}, {incident}, {delivery}}).empty());
    CHECK(office.wakes == 2);
}

}  // namespace alerter_test
