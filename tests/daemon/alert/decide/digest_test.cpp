#include "daemon/alert/decide/digest.hpp"

#include <doctest/doctest.h>

#include "daemon/model/utc.hpp"
#include "tests/daemon/alert/decide/world.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace digest_test {
namespace {

TimePoint at(const std::string& text) {
    return utcFrom(text).value();
}

// Two stacks, and a route that is told of one of them.
struct Estate {
    World world{{"chat", "pager"}};
    Stack net = stackOf("infra", "net");
    Stack app = stackOf("infra", "app");
    DigestFacts facts;

    Estate() {
        static constexpr ChannelKind pager{.name = "pager", .keepsOpen = true};
        world.channels[1].kind = &pager;
        world.routes = {{.match = {.stack = {"infra/net"}},
                         .channels = {"chat", "pager"},
                         .digest = DigestSettings{}},
                        {.channels = {"chat"}}};
        facts.until = world.now;
        facts.since = world.now - 24h;
        net.staleAfter = app.staleAfter = Seconds(3600);
        facts.stacks = {looked(statusOf(net, {})), looked(statusOf(app, {finding(app, "a", 1h)}))};
    }
    [[nodiscard]] Finding finding(const Stack& stack, const std::string& address,
                                  std::chrono::hours age) const {
        auto finding = findingOf(address, stack, address);
        finding.firstSeen = world.now - age;
        return finding;
    }
    [[nodiscard]] StackStatus looked(StackStatus status) const {
        status.lastConclusive = LastConclusive{Verdict::InSync, "3f2c", world.now - 60s};
        return status;
    }
    [[nodiscard]] Decision tell() const {
        return sendDigest(world.routes[0], facts, world.context());
    }
    [[nodiscard]] Notice::Digest digest() const {
        return noticeIn(tell().deliveries.at(0)).digest.value();
    }
};

}  // namespace

TEST_CASE("a digest is due by the clock on the wall") {
    const DigestSettings daily{std::nullopt, 8h};
    CHECK(lastDue(daily, "UTC", at("2026-11-23T08:00:00Z")) == at("2026-11-23T08:00:00Z"));
    CHECK(lastDue(daily, "UTC", at("2026-11-23T07:59:59Z")) == at("2026-11-22T08:00:00Z"));
    CHECK(lastDue(daily, "Europe/Berlin", at("2026-11-23T07:00:00Z")) ==
          at("2026-11-23T07:00:00Z"));
    CHECK(lastDue(daily, "Europe/Berlin", at("2026-07-01T06:30:00Z")) ==
          at("2026-07-01T06:00:00Z"));
    const DigestSettings mondays{1, 8h};
    CHECK(lastDue(mondays, "UTC", at("2026-11-23T08:00:00Z")) ==
          at("2026-11-23T08:00:00Z"));  // a Monday
    CHECK(lastDue(mondays, "UTC", at("2026-11-23T07:00:00Z")) == at("2026-11-16T08:00:00Z"));
    CHECK(lastDue(mondays, "UTC", at("2026-11-29T23:00:00Z")) == at("2026-11-23T08:00:00Z"));
    CHECK(lastDue(daily, "Nowhere/City", at("2026-11-23T08:00:00Z")) == std::nullopt);
}

TEST_CASE("a digest goes to channels that people read, as an incident that is over") {
    const Estate estate;
    const auto decision = estate.tell();
    REQUIRE(decision.deliveries.size() == 1);
    CHECK(decision.deliveries[0].channel == "chat");
    CHECK(decision.deliveries[0].event == Event::Digest);
    REQUIRE(decision.incidents.size() == 1);
    CHECK(decision.incidents[0].kind == IncidentKind::Digest);
    CHECK_FALSE(decision.incidents[0].isOpen());
    Estate pagers;
    pagers.world.routes[0].channels = {"pager"};
    CHECK(pagers.tell().deliveries.empty());
    CHECK(pagers.tell().incidents.empty());
}

TEST_CASE("a digest counts what its route is told of, and lists what is open for long first") {
    Estate estate;
    estate.facts.stacks[0].open = {estate.finding(estate.net, "young", 3h),
                                   estate.finding(estate.net, "old", 240h)};
    estate.facts.closed = {closedOf(estate.finding(estate.net, "gone", 300h), "in_sync"),
                           closedOf(estate.finding(estate.app, "not ours", 300h), "in_sync")};
    const auto digest = estate.digest();
    CHECK(digest.since == estate.facts.since);
    CHECK(digest.open == 2);
    CHECK(digest.opened == 1);
    CHECK(digest.resolved == 1);
    CHECK(digest.stale == 0);
    CHECK(digest.lines ==
          Words{"Open, the longest first:", "infra/net old · live modified · warning · 10 days",
                "infra/net young · live modified · warning · 3 hours"});
}

TEST_CASE("a state that is read for the inventory is looked at, though nothing is compared") {
    Estate estate;
    auto& status = estate.facts.stacks[0];
    status.lastConclusive.reset();
    lastCheckOf(status).report.completeness = Completeness::Partial;
    lastCheckOf(status).report.reason =
        Reason{"not_compared", "the state was read for the inventory"};
    lastCheckOf(status).finished = estate.world.now;
    CHECK(estate.digest().stale == 0);
    lastCheckOf(status).finished = estate.world.now - 50h;
    CHECK(estate.digest().stale == 1);
}

TEST_CASE("a digest says what could not be looked at, what is slow, and what is not told") {
    Estate estate;
    auto& status = estate.facts.stacks[0];
    status.lastConclusive->finished = estate.world.now - 50h;
    lastCheckOf(status).started = estate.world.now - 100s;
    lastCheckOf(status).finished = estate.world.now;
    lastCheckOf(status).report.reason = Reason{"state_locked", "the state is locked"};
    NotTold quiet;
    quiet.rule = "builtin/output_only";
    quiet.drift.side = Side::Git;
    lastCheckOf(status).report.notTold = {quiet, quiet};
    const auto digest = estate.digest();
    CHECK(digest.stale == 1);
    CHECK(digest.lines == Words{"Not checked:", "infra/net · state_locked · for 2 days",
                                "Slowest checks:", "infra/net · 100 s",
                                "Suppressed, by rule:", "builtin/output_only · 2"});
    auto context = estate.world.context();
    context.aboutIgnored = [](const std::string& rule) {
        return "ignore rule " + rule + " hides it: because";
    };
    const auto told = sendDigest(estate.world.routes[0], estate.facts, context);
    CHECK(noticeIn(told.deliveries.at(0)).digest->lines.back() ==
          "ignore rule builtin/output_only hides it: because · 2");
    status.lastConclusive.reset();
    CHECK(estate.digest().lines.at(1) == "infra/net · state_locked · never checked");
}

TEST_CASE("a digest of thousands of drifts stays short") {
    Estate estate;
    for (int i = 0; i < 5000; ++i)
        estate.facts.stacks[0].open.push_back(
            estate.finding(estate.net, "a" + std::to_string(i), 300h));
    const auto digest = estate.digest();
    CHECK(digest.open == 5000);
    CHECK(digest.lines.size() == 17);
    CHECK(digest.lines.back() == "+4985 more");
}

}  // namespace digest_test
