#include "daemon/api/pages.hpp"
#include "daemon/notify/channel.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/api_house.hpp"
#include "tests/daemon/fake_clock.hpp"
#include "tests/support/files.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace pages_test {
namespace {

Settings someSettings() {
    Settings settings;
    settings.repositories.emplace_back().name = "infra";
    settings.repositories[0].url = "https://git.example.com/infra.git";
    settings.repositories[0].credentials.password.value = "canary-git";
    auto& chat = settings.channels.emplace_back();
    chat.name = "chat";
    chat.kind = channelKind("slack");
    chat.secrets["webhook_url"].value = "https://hooks.example.com/canary-hook";
    chat.secrets["bot_token"].value = "canary-secret";
    settings.providers["terraform"].environment = {{"AWS_SECRET_ACCESS_KEY", "canary-key"}};
    auto& route = settings.routes.emplace_back();
    route.match.stack = {"infra/prod/**"};
    route.channels = {"chat"};
    auto& token = settings.access.tokens.emplace_back();
    token.name = "ci";
    token.token.value = "canary-token";
    settings.heartbeat = HeartbeatSettings{{"https://example.com/canary-beat", {}}, 300s};
    return settings;
}

Drift driftAt(std::string address) {
    Drift drift;
    drift.address = std::move(address);
    drift.type = "box_item";
    drift.side = Side::Live;
    drift.cause = "out_of_band";
    drift.attributes = {{"content", "\"<b>git\"", "\"live\"", false},
                        {"password", R"({"redacted":"hmac:1"})", R"({"redacted":"hmac:2"})", true}};
    return drift;
}

// What a test is about, before the house that stands on it.
struct Ground {
    tests::TempDir folder;
    tests::FakeClock clock;
};

// The page over a store, without a server.
struct House : Ground, tests::ApiHouse {
    House() : tests::ApiHouse(Ground::folder.path(), Ground::clock, someSettings()) {}
    using Ground::clock;
    using Ground::folder;
    Caller caller;

    Stack look(const std::string& name, std::vector<Drift> drifts) {
        Stack stack;
        stack.provider = "terraform";
        stack.repository = "infra";
        stack.name = stack.path = name;
        stack.owner = "@acme/network";
        stack = store->stacks.keep(stack).value();
        scheduler.keep(stack, clock.now(), 0, false);
        Check check;
        check.id = "check of " + name;
        check.stackId = stack.id;
        check.commit = "3f2c000000001";
        check.started = clock.now() - 3s;
        check.finished = clock.now();
        check.report.completeness = Completeness::Complete;
        check.report.drifts = drifts;
        check.log = {{0ms, "preparing the source"}, {300ms, "reading <i>"}};
        check.report.diagnostics = {{Diagnostic::Level::Warning, "deprecated <i>", ""}};
        const auto remembered = store->record(check, [&](const Memory&) {
            Decision decision;
            Incident incident;
            incident.id = "incident of " + name;
            incident.subject = stack.id;
            incident.route = "default";
            incident.channels = {"chat"};
            incident.opened = incident.announcedAt = clock.now();
            for (const auto& drift : drifts) {
                Finding finding;
                finding.id = name + drift.address;
                finding.stackId = stack.id;
                finding.drift = drift;
                finding.firstSeen = finding.lastSeen = clock.now();
                finding.confirmedAt = clock.now();
                incident.members.push_back({finding.id, stack.id, stack.fullName(), drift.address,
                                            drift.side, drift.change, drift.severity});
                decision.findings.push_back(std::move(finding));
            }
            if (!drifts.empty()) {
                Delivery delivery;
                delivery.id = "delivery of " + name;
                delivery.incidentId = incident.id;
                delivery.channel = "chat";
                delivery.notice = "{}";
                delivery.state = DeliveryState::Dead;
                decision.incidents.push_back(std::move(incident));
                decision.deliveries.push_back(std::move(delivery));
            }
            return decision;
        });
        REQUIRE(remembered);
        overview.keep(*store->stacks.status(stack.id).value());
        return stack;
    }

    WebResponse get(std::vector<std::string> path, std::map<std::string, std::string> query = {}) {
        return api.answer({caller, "GET", std::move(path), std::move(query), {}, ""});
    }
    WebResponse post(std::vector<std::string> path, const std::string& form) {
        return api.answer({caller, "POST", std::move(path), {}, {}, form});
    }
    void operate() { caller = {"ada", Role::Operate, "csrf-value"}; }
};

bool has(const WebResponse& response, std::string_view part) {
    return response.body.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every view is answered as HTML that only loads what is ours") {
    House house;
    house.look("prod/<script>", {driftAt("box_item.a")});
    const std::vector<std::vector<std::string>> views = {
        {},
        {"stacks", "infra/prod/<script>"},
        {"stacks", "infra/prod/<script>", "checks", "check of prod/<script>"},
        {"incidents"},
        {"incidents", "incident of prod/<script>"},
        {"ignores"},
        {"silences"},
        {"outbox"},
        {"settings"},
        {"login"}};
    for (const auto& view : views) {
        CAPTURE(view.empty() ? "/" : view[0]);
        const auto answer = house.get(view);
        CHECK(answer.status == 200);
        CHECK(answer.type == "text/html; charset=utf-8");
        CHECK_FALSE(has(answer, "<script>"));
        CHECK_FALSE(has(answer, "canary"));
        CHECK_FALSE(has(answer, "hmac:"));
        CHECK_FALSE(has(answer, " style="));
        CHECK(answer.headers.at("Content-Security-Policy").find("unsafe") == std::string::npos);
        CHECK(has(answer, "Skip to content"));
    }
}

TEST_CASE("the fleet counts and filters") {
    House house;
    house.look("prod/net", {driftAt("a"), driftAt("b")});
    house.look("prod/dns", {});
    CHECK(has(house.get({}), "2 stacks"));
    const auto drifted = house.get({}, {{"verdict", "drifted"}});
    CHECK(has(drifted, "/stacks/infra%2Fprod%2Fnet"));
    CHECK_FALSE(has(drifted, "/stacks/infra%2Fprod%2Fdns"));
    CHECK(has(drifted, "1 of 2 stacks"));
    CHECK(has(house.get({}, {{"q", "\"><b>"}}), "&quot;&gt;&lt;b&gt;"));
}

TEST_CASE("a stack shows its verdict, its values side by side, what to do and its history") {
    House house;
    house.look("prod/net", {driftAt("box_item.a")});
    const auto page = house.get({"stacks", "infra/prod/net"});
    for (const char* part : {"drifted", "box_item.a", "&lt;b&gt;", "sensitive, changed",
                             "or commit it", "undoes the difference", "deprecated &lt;i&gt;",
                             "@acme/network", "3f2c000000", "took 3.0 s"})
        CHECK_MESSAGE(has(page, part), part);
    CHECK(house.get({"stacks", "nobody"}).status == 404);
    const auto run = house.get({"stacks", "infra/prod/net", "checks", "check of prod/net"});
    CHECK(has(run, "+0.3 s</span> reading &lt;i&gt;</li>"));
    CHECK(has(run, "+3.0 s</span> finished: drifted</li>"));
    CHECK(house.get({"stacks", "infra/prod/net", "checks", "nobody"}).status == 404);
    house.look("prod/dns", {});
    CHECK(house.get({"stacks", "infra/prod/dns", "checks", "check of prod/net"}).status ==
          404);  // another stack's
}

TEST_CASE("who may not operate gets no button, and what is posted is refused") {
    House house;
    house.look("prod/net", {driftAt("a")});
    const auto page = house.get({"stacks", "infra/prod/net"});
    CHECK_FALSE(has(page, "Check now"));
    CHECK(has(page, "/login?next=%2Fstacks%2Finfra%252Fprod%252Fnet"));
    CHECK_FALSE(has(house.get({"outbox"}), "Try now"));
    for (const char* what : {"check", "silence"})
        CHECK(house.post({"do", what}, "stack=infra%2Fprod%2Fnet").status == 403);
    CHECK(house.post({"do", "outbox", "drop"}, "id=delivery+of+prod%2Fnet").status == 403);
    CHECK(house.scheduler.take() == std::nullopt);
}

TEST_CASE("who may operate has a stack checked now, and every form proves where it comes from") {
    House house;
    house.operate();
    house.look("prod/net", {driftAt("a")});
    const auto page = house.get({"stacks", "infra/prod/net"}, {{"notice", "check_requested"}});
    CHECK(has(page, "name=\"csrf\" value=\"csrf-value\""));
    CHECK(has(page, "The check was requested"));
    const auto done = house.post({"do", "check"}, "csrf=csrf-value&stack=infra%2Fprod%2Fnet");
    CHECK(done.status == 303);
    CHECK(done.headers.at("Location") == "/stacks/infra%2Fprod%2Fnet?notice=check_requested");
    REQUIRE(house.scheduler.take());
    CHECK(house.post({"do", "check"}, "stack=nobody").status == 404);
    CHECK(house.post({"do", "check"}, "stack=%zz").status == 400);
    CHECK(house.post({"do", "nothing"}, "").status == 404);
}

TEST_CASE("a silence is previewed, made and ended; a mistake is shown with what was typed") {
    House house;
    house.operate();
    house.look("prod/net", {driftAt("a"), driftAt("b")});
    house.look("dev/net", {driftAt("a")});
    const auto seen = house.get(
        {"silences"},
        {{"matcher", "stack=infra/prod/** side=live"}, {"length", "2h"}, {"reason", "work <now>"}});
    CHECK(has(seen, "<b>1 stack</b> with <b>2 open drifts</b>"));
    CHECK(has(seen, "Silence this for 2h"));
    CHECK(has(house.get({"silences"}, {{"matcher", "side=git"}, {"length", "2h"}, {"reason", "x"}}),
              "0 open drifts"));
    CHECK(has(house.get({"silences"},
                        {{"matcher", "owner=@acme/network"}, {"length", "2h"}, {"reason", "x"}}),
              "<b>2 stacks</b> with <b>3 open drifts</b>"));

    struct Mistake {
        const char* form;
        const char* said;
    };
    for (const auto& [form, said] : {Mistake{"matcher=stak%3Da&length=2h&reason=typed+so", "stak"},
                                     {"matcher=stack%3Da&length=soon&reason=typed+so", "2h or 1d"},
                                     {"matcher=stack%3Da&length=400d&reason=typed+so", "366d"},
                                     {"matcher=stack%3Da&length=2h&reason=+", "Enter a reason"},
                                     {"matcher=&length=2h&reason=typed+so", "Not done"}}) {
        const auto again = house.post({"do", "silence"}, form);
        CHECK(again.status == 400);
        CHECK_MESSAGE(has(again, said), form);
        if (std::string_view(form).find("typed") != std::string_view::npos)
            CHECK(has(again, "value=\"typed so\""));
    }
    CHECK(house.mutes.silences().empty());

    const auto made =
        house.post({"do", "silence"}, "matcher=stack%3Dinfra%2F**&length=2h&reason=work+%3Cnow%3E");
    CHECK(made.status == 303);
    REQUIRE(house.mutes.silences().size() == 1);
    CHECK(house.mutes.silences()[0].by == "ada");
    const auto list = house.get({"silences"});
    CHECK(has(list, "work &lt;now&gt;"));
    CHECK(has(list, "End now"));
    const auto id = house.mutes.silences()[0].id;
    CHECK(house.post({"do", "silence", "end"}, "id=" + id).status == 303);
    CHECK(house.post({"do", "silence", "end"}, "id=" + id).status == 400);
    CHECK_FALSE(has(house.get({"silences"}), "End now"));
}

TEST_CASE(
    "the preview of a silence counts all drifts of stacks, and looks at a bounded number one by "
    "one") {
    House house;
    house.operate();
    std::vector<Drift> many;
    for (int i = 0; i < 250; ++i) many.push_back(driftAt("box_item.a" + std::to_string(i)));
    for (const char* name : {"prod/a", "prod/b", "prod/c"}) house.look(name, many);
    const auto preview = [&](const char* matcher) {
        return house.get({"silences"}, {{"matcher", matcher}, {"length", "2h"}, {"reason", "x"}});
    };
    CHECK(has(preview("stack=infra/**"), "<b>3 stacks</b> with <b>750 open drifts</b>"));
    CHECK_FALSE(has(preview("stack=infra/**"), "in the first stacks only"));
    CHECK(has(preview("side=live"), "<b>3 stacks</b> with <b>500 open drifts</b>"));
    CHECK(has(preview("side=live"), "in the first stacks only"));
    CHECK(has(preview("kind=stale"), "<b>0 open drifts</b>"));
}

TEST_CASE("a delivery that was given up is tried again or dropped") {
    House house;
    house.operate();
    house.look("prod/net", {driftAt("a")});
    house.look("dev/net", {driftAt("a")});
    CHECK(has(house.get({"outbox"}, {{"state", "dead"}}), "2 deliveries"));
    CHECK(house.post({"do", "outbox", "retry"}, "id=delivery+of+prod%2Fnet").status == 303);
    CHECK(house.post({"do", "outbox", "drop"}, "id=delivery+of+dev%2Fnet").status == 303);
    CHECK(house.post({"do", "outbox", "drop"}, "id=delivery+of+dev%2Fnet").status == 409);
    CHECK(has(house.get({"outbox"}, {{"state", "dead"}}), "0 deliveries"));
}

TEST_CASE("the settings are shown without their secrets") {
    House house;
    const auto page = house.get({"settings"});
    for (const char* part : {"https://git.example.com/infra.git", "given, not shown", "chat",
                             "slack", "AWS_SECRET_ACCESS_KEY", "stack=infra/prod/**"})
        CHECK_MESSAGE(has(page, part), part);
    CHECK_FALSE(has(page, "canary"));
}

TEST_CASE("assets are kept for ever under their version, and asked for again without it") {
    House house;
    const auto page = house.get({});
    const auto at = page.body.find("/assets/app.css?v=") + 18;
    const auto version = page.body.substr(at, 16);
    const auto kept = house.get({"assets", "app.css"}, {{"v", version}});
    CHECK(kept.headers.at("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(house.get({"assets", "app.css"}, {{"v", "old"}}).headers.at("Cache-Control") ==
          "no-cache");
    const auto same = house.api.answer(
        {{}, "GET", {"assets", "app.css"}, {}, {{"if-none-match", kept.headers.at("ETag")}}, ""});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(house.get({"assets", "other.css"}).status == 404);
}

TEST_CASE("what runs is in the API and on the page") {
    House house;
    house.look("prod/net", {});
    Running::Look look(house.running, {"infra/prod/net", "terraform", {}, "planning", 4.0});
    CHECK(has(house.get({"api", "v1", "running"}), "\"step\":\"planning\""));
    house.clock.advance(1s);
    const auto page = house.get({});
    CHECK(has(page, "planning"));
    CHECK(has(page, "value=\"25\""));
    CHECK(has(house.get({"stacks", "infra/prod/net"}), "planning"));
}

}  // namespace pages_test
