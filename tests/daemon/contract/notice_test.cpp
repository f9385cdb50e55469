#include "daemon/contract/notice.hpp"

#include <doctest/doctest.h>

#include "parsers/json/value_tags.hpp"
#include "tests/daemon/contract/samples.hpp"

using namespace driftkeeper;

namespace notice_test {
namespace {

Notice drift() {
    Notice notice;
    notice.id = "d-1";
    notice.event = Event::Changed;
    notice.incidentId = "i-1";
    notice.opened = samples::at("2026-11-22T19:07:02Z");
    notice.subject = "infra/prod/network";
    notice.stacks = {samples::network()};
    notice.openedAddresses = {{"infra/prod/network", "aws_security_group.web", ""}};
    notice.resolvedAddresses = {{"infra/prod/network", "a[\"x\"]", "in_sync"}};
    return notice;
}

}  // namespace

TEST_CASE("a notice is the contract's webhook body") {
    auto notice = drift();
    notice.stacks.clear();
    CHECK(
        noticeJson(notice) ==
        R"({"version":1,"id":"d-1","event":"changed",)"
        R"("incident":{"id":"i-1","kind":"drift","cause":null,"opened":"2026-11-22T19:07:02Z",)"
        R"("severity":"warning","subject":"infra/prod/network","text":null},"stacks":[],)"
        R"("opened":[{"stack":"infra/prod/network","address":"aws_security_group.web"}],)"
        R"("resolved":[{"stack":"infra/prod/network","address":"a[\"x\"]","resolution":"in_sync"}]})");
    CHECK(noticeJson(drift()).find("\"stacks\":[" + stackJson(samples::network()) + "],") !=
          std::string::npos);
}

TEST_CASE("a notice comes back as it was, attribute texts to the byte") {
    auto notice = drift();
    notice.stacks[0].drifts[0].drift.attributes = {{"n", "12345678901234567890123", "1.10", false},
                                                   {"m", "-0", R"("\u0001/ä")", false}};
    const auto back = noticeFromJson(noticeJson(notice)).value();
    CHECK(noticeJson(back) == noticeJson(notice));
    CHECK(back.stacks[0].drifts[0].drift == notice.stacks[0].drifts[0].drift);
    CHECK(back.event == Event::Changed);
    CHECK(back.incidentId == "i-1");
    CHECK(back.opened == notice.opened);
    CHECK(back.openedAddresses.at(0).address == "aws_security_group.web");
    CHECK(back.openedAddresses.at(0).resolution.empty());
    CHECK(back.resolvedAddresses.at(0).resolution == "in_sync");
}

TEST_CASE("attribute values come back byte for byte") {
    const ValueTags tags("key");
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    for (const std::string& value : {std::string("1.10"), std::string("12345678901234567890123"),
                                     std::string(R"({"a":[null,"x\u000ay"],"b":1e400})"),
                                     tags.shown(*readJson('"' + std::string(5000, 'x') + '"')),
                                     tags.redacted(*readJson("1")), nested(500)}) {
        CAPTURE(value);
        auto notice = drift();
        notice.stacks.at(0).drifts.at(0).drift.attributes = {{"a", value, "null", false, value}};
        const auto back = noticeFromJson(noticeJson(notice));
        REQUIRE(back.has_value());
        CHECK(back->stacks.at(0).drifts.at(0).drift.attributes.at(0).git == value);
        CHECK(noticeJson(*back) == noticeJson(notice));
    }
}

TEST_CASE("every kind and event comes back, with cause, text and resolution") {
    for (const auto kind :
         {IncidentKind::Drift, IncidentKind::Stale, IncidentKind::Repository, IncidentKind::Channel,
          IncidentKind::Ownership, IncidentKind::Reconciler, IncidentKind::Orphaned,
          IncidentKind::Overload})
        for (const auto event : {Event::Opened, Event::Changed, Event::Resolved, Event::Reminder}) {
            Notice notice;
            notice.kind = kind;
            notice.event = event;
            notice.cause = "unreachable";
            notice.text = "Repository infra cannot be reached.";
            notice.resolution = event == Event::Resolved ? "reachable" : "";
            const auto back = noticeFromJson(noticeJson(notice)).value();
            CHECK(back.kind == kind);
            CHECK(back.event == event);
            CHECK(back.cause == notice.cause);
            CHECK(back.text == notice.text);
            CHECK(back.resolution == notice.resolution);
        }
}

TEST_CASE("a digest comes back as it was") {
    Notice notice;
    notice.kind = IncidentKind::Digest;
    notice.event = Event::Digest;
    notice.digest =
        Notice::Digest{TimePoint(std::chrono::hours(400'000)), 4, 3, 2, 1, {"one", "two \"2\""}};
    const auto back = noticeFromJson(noticeJson(notice)).value();
    CHECK(back.event == Event::Digest);
    REQUIRE(back.digest.has_value());
    CHECK(back.digest->since == notice.digest->since);
    CHECK(back.digest->open == 4);
    CHECK(back.digest->opened == 3);
    CHECK(back.digest->resolved == 2);
    CHECK(back.digest->stale == 1);
    CHECK(back.digest->lines == notice.digest->lines);
    CHECK_FALSE(noticeFromJson(noticeJson(drift()))->digest.has_value());
}

TEST_CASE("anything else is no notice") {
    const auto good = noticeJson(drift());
    for (std::size_t length = 0; length < good.size(); ++length)
        CHECK_FALSE(noticeFromJson(std::string_view(good).substr(0, length)).has_value());
    for (const auto& [from, to] : {std::pair{R"("version":1)", R"("version":"1")"},
                                   {R"("event":"changed")", R"("event":"x")"},
                                   {R"("kind":"drift")", R"("kind":null)"},
                                   {R"("opened":"2026)", R"("opened":"x2026)"},
                                   {R"("opened":[)", R"("opened":7,"x":[)"},
                                   {R"("id":"d-1")", R"("id":1)"}}) {
        auto text = good;
        text.replace(text.find(from), std::string_view(from).size(), to);
        CAPTURE(text);
        CHECK_FALSE(noticeFromJson(text).has_value());
    }
}

}  // namespace notice_test
