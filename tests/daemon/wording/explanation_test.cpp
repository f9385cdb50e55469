#include "daemon/wording/explanation.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "parsers/graph/cause.hpp"
#include "tests/daemon/contract/samples.hpp"
#include "tests/daemon/last_check.hpp"

using namespace driftkeeper;

namespace explanation_test {
namespace {

Finding findingOf(const Drift& drift) {
    Finding finding;
    finding.id = drift.address;
    finding.drift = drift;
    finding.firstSeen = samples::at("2026-11-22T19:07:00Z");
    finding.confirmedAt = samples::at("2026-11-22T19:07:30Z");
    return finding;
}

Drift at(std::string address, std::string_view cause = cause::outOfBand) {
    Drift drift;
    drift.address = std::move(address);
    drift.side = Side::Live;
    drift.cause = cause;
    return drift;
}

Explanation sample() {
    Explanation explanation;
    auto& status = explanation.status;
    status.stack.repository = "infra";
    status.stack.name = "net";
    auto& check = lastCheckOf(status);
    check.commit = "3f2c1ab09d3f2c1ab09d";
    check.finished = samples::at("2026-11-22T19:08:00Z");
    check.report.completeness = Completeness::Complete;
    check.report.evidence.stateSerial = 5;
    check.report.evidence.providerVersions = {{"registry.terraform.io/driftkeeper/box", "1.1.0"}};
    auto told = at("box_item.told");
    const auto alert = [&](const char* address, AlertState state) {
        explanation.alerts[address].state = state;
    };
    told.attributes = {{"content", R"("x")", R"("y")", false, R"("w")"}};
    check.report.drifts = {told, at("box_item.new"), at("box_item.waits")};
    check.report.notTold = {quiet("output.url", "output_only", "builtin/output_only")};
    auto waits = findingOf(at("box_item.waits"));
    waits.deferredUntil = samples::at("2026-11-22T19:09:00Z");
    status.open = {findingOf(told), findingOf(at("box_item.hidden")), waits};
    auto unconfirmed = findingOf(at("box_item.new"));
    unconfirmed.confirmedAt.reset();
    explanation.unconfirmed = {unconfirmed};
    alert("box_item.told", AlertState::Delivered);
    explanation.alerts["box_item.told"].channels = {
        {"hook", AlertState::Delivered, samples::at("2026-11-22T19:07:31Z"), "", {}}};
    alert("box_item.hidden", AlertState::NoRoute);
    alert("box_item.waits", AlertState::Grouping);
    alert("box_item.new", AlertState::Unconfirmed);
    explanation.clean = CleanCheck{"1c2d", "digest", {}, samples::at("2026-11-22T18:00:00Z")};
    explanation.clean->evidence.stateSerial = 4;
    explanation.clean->evidence.providerVersions = {
        {"registry.terraform.io/driftkeeper/box", "1.0.0"}};
    explanation.touch = Touch{"77aa", "Ada Test", samples::at("2026-11-22T18:30:00Z"), "more room"};
    explanation.reasons = {
        {"builtin/output_only", "An output has another value; no resource does."}};
    explanation.severities["box_item.told"] = {
        "builtin/other", {}, Severity::Warning, "Live does not match Git."};
    explanation.severities["box_item.new"] = {"settings/severity[0]", {}, Severity::Warning, ""};
    explanation.severities["box_item.waits"] = {
        "settings/severity[1]", {}, Severity::Critical, "since the reload"};
    return explanation;
}

std::string statesOf(const std::vector<Explained>& all) {
    std::string text;
    for (const auto& one : all)
        text += one.drift.address + ' ' + std::string(name(one.alert.state)) +
                (one.isSeen ? ";" : " unseen;");
    return text;
}

}  // namespace

TEST_CASE("every difference is explained, alerted or not") {
    CHECK(statesOf(explained(sample())) ==
          "box_item.hidden no_route unseen;box_item.new unconfirmed;box_item.told "
          "delivered;box_item.waits grouping;"
          "output.url suppressed;");
    CHECK(statesOf(explained(sample(), "box_item.told")) == "box_item.told delivered;");
    CHECK(explained(sample(), "box_item.other").empty());
}

TEST_CASE("how we know is the evidence of the stack's provider, and what to do stands below it") {
    auto explanation = sample();
    explanation.family = "terraform";
    CHECK(explanationText(explanation, "box_item.told")
              .find("the plan undoes the difference.\n  → Apply to undo") != std::string::npos);
    explanation.family = "kubernetes";
    const auto text = explanationText(explanation, "box_item.told");
    CHECK(text.find("another field manager wrote the field.") != std::string::npos);
    CHECK(text.find("plan undoes") == std::string::npos);
    CHECK(explanationJson(explanation, "box_item.told")
              .find(R"("what_to_do":"Apply to undo the live change, or)") != std::string::npos);
}

TEST_CASE("the text says what moved since the last in_sync check, and which rule decided") {
    const auto text = explanationText(sample(), "");
    for (const auto* part :
         {"infra/net: drifted at 3f2c1ab09d3f", "last in_sync: 2026-11-22T18:00:00Z at 1c2d",
          "last touched by 77aa of Ada Test", "more room", "state serial 4 → 5",
          "driftkeeper/box 1.0.0 → 1.1.0", "applied w, live y, Git x",
          "  suppressed by builtin/output_only: An output has another value",
          "  delivered: hook at 2026-11-22T19:07:31Z\n",
          "  no route matches: nobody is alerted, not seen by the last check\n"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
    CHECK(
        explanationText(sample(), "box_item.same").ends_with("\nbox_item.same does not differ.\n"));
}

TEST_CASE("everybody else who uses a thing is listed, and who moved it") {
    auto explanation = sample();
    auto& drift = lastCheckOf(explanation.status).report.drifts[0];
    drift.changedBy = "ada";
    drift.dependentsElsewhere = {{"infra/app", "box_item.b"}, {"infra/whole", ""}};
    const auto text = explanationText(explanation, "box_item.told");
    CHECK(text.find("  changed by ada\n  also used by infra/app: box_item.b\n  also used by "
                    "infra/whole\n") != std::string::npos);
}

TEST_CASE("the rule that gave the severity is named as long as it is in force") {
    const auto text = [](const char* address) { return explanationText(sample(), address); };
    CHECK(text("box_item.told").find("  warning by builtin/other: Live does not match Git.\n") !=
          std::string::npos);
    CHECK(text("box_item.new").find("  warning by settings/severity[0]\n") != std::string::npos);
    CHECK(text("box_item.waits").find("  warning by a rule that is no longer in force\n") !=
          std::string::npos);
    CHECK(text("output.url").find("warning") == std::string::npos);
    CHECK(explanationJson(sample(), "box_item.waits").find(R"("severity_rule":null)") !=
          std::string::npos);
}

TEST_CASE("the JSON holds the evidence of then and now") {
    const auto json = explanationJson(sample(), "box_item.told");
    for (const auto* part :
         {R"("stack":"infra/net")", R"("last_check":{"verdict":"drifted")", R"("state_serial":5)",
          R"("last_in_sync":{"commit":"1c2d")", R"("state_serial":4)",
          R"("last_touched":{"commit":"77aa")", R"("state":"told","rule":null)",
          R"("severity_rule":"builtin/other")", R"("severity_reason":"Live does not match Git.")",
          R"("before":"w")"}) {
        CAPTURE(part);
        CHECK(json.find(part) != std::string::npos);
    }
    CHECK(json.find("output.url") == std::string::npos);
}

TEST_CASE("the JSON says who was alerted, and its former words say nothing untrue") {
    const auto json = [](const char* address) { return explanationJson(sample(), address); };
    const auto told = json("box_item.told");
    CHECK(
        told.find(R"("confirmed":"2026-11-22T19:07:30Z","told":"2026-11-22T19:07:31Z","seen":true,)"
                  R"("alert":{"state":"delivered")") != std::string::npos);
    struct Row {
        AlertState state;
        const char* former;
    };
    for (const auto& [state, former] :
         {Row{AlertState::Unconfirmed, "unconfirmed"}, Row{AlertState::Grouping, "waiting"},
          Row{AlertState::Muted, "waiting"}, Row{AlertState::NoRoute, "not_told"},
          Row{AlertState::Undelivered, "waiting"}, Row{AlertState::Delivered, "told"}}) {
        CAPTURE(former);
        auto explanation = sample();
        explanation.alerts["box_item.told"] = {};
        explanation.alerts["box_item.told"].state = state;
        const auto text = explanationJson(explanation, "box_item.told");
        CHECK(text.find(fmt::format(R"("state":"{}","rule":null)", former)) != std::string::npos);
        CHECK(text.find(R"("told":null)") != std::string::npos);
    }
    CHECK(json("box_item.hidden").find(R"("state":"unseen")") != std::string::npos);
    CHECK(json("box_item.hidden").find(R"("seen":false,"alert":{"state":"no_route")") !=
          std::string::npos);
    CHECK(json("output.url").find(R"("state":"not_told","rule":"builtin/output_only")") !=
          std::string::npos);
}

TEST_CASE("a stack that was never checked is explained too") {
    Explanation explanation;
    explanation.status.stack.repository = "infra";
    explanation.status.stack.name = "net";
    CHECK(explanationText(explanation, "").find("infra/net: not checked yet") == 0);
    CHECK(explanationJson(explanation, "").find(R"("last_check":null,"last_in_sync":null)") !=
          std::string::npos);
}

}  // namespace explanation_test
