#include "daemon/contract/stack_json.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/contract/samples.hpp"

using namespace driftkeeper;

namespace stack_json_test {
namespace {

std::string roundTrip(const std::string& json) {
    const auto stacks = stacksFromJson(json);
    return stacks ? stacksJson(*stacks) : "unreadable";
}

// By value: doctest keeps references into what it compares.
StackObject firstOf(const std::string& json) {
    auto stacks = stacksFromJson(json);
    REQUIRE(stacks.has_value());
    return stacks->at(0);
}

}  // namespace

TEST_CASE("a stack object has the contract's keys in the contract's order") {
    CHECK(
        stacksJson({samples::network()}) ==
        R"({"version":1,"stacks":[{"stack":"infra/prod/network","repository":"infra","path":"prod/network",)"
        R"("provider":"terraform","workspace":"default","commit":"3f2c1ab09d","started":"2026-11-22T19:07:00Z",)"
        R"("duration_seconds":2.41,"verdict":"drifted","complete":true,"reason":null,"resources":42,)"
        R"("coverage":{"checked":42,"unsupported":0,"unreadable":0},)"
        R"("drifts":[{"address":"aws_security_group.web","type":"aws_security_group","id":"sg-0ab1","side":"live",)"
        R"("change":"modified","cause":"out_of_band","replace":false,"severity":"warning","dependents":3,)"
        R"("attributes":[{"path":"ingress[0].cidr_blocks[0]","git":"10.0.0.0/8","live":"0.0.0.0/0","sensitive":false},)"
        R"({"path":"tags[\"a b\"]","git":null,"live":"x","sensitive":false},)"
        R"({"path":"password","git":{"redacted":"hmac:1f3a"},"live":{"redacted":"hmac:77aa"},"sensitive":true}]}],)"
        R"("not_told":[{"address":"output.url","cause":"output_only","rule":"builtin/output_only","type":"",)"
        R"("side":"unknown","change":"modified"}],)"
        R"("diagnostics":[{"severity":"warning","summary":"Deprecated attribute","address":null}]}]})");
}

TEST_CASE("what is not known is null or left out") {
    StackObject stack;
    stack.reason = Reason{"not_checked_yet", "The stack was not checked yet."};
    const auto json = stackJson(stack);
    CHECK(json.find(R"("commit":null,"started":null)") != std::string::npos);
    CHECK(
        json.find(
            R"("reason":{"code":"not_checked_yet","text":"The stack was not checked yet.","what_to_do":"Wait, or run)") !=
        std::string::npos);
    CHECK(json.find("owner") == std::string::npos);
    CHECK(json.find("last_conclusive") == std::string::npos);
    auto drifted = samples::network();
    drifted.drifts[0].drift.id.clear();
    CHECK(stackJson(drifted).find(R"("id":null,"side")") != std::string::npos);
}

TEST_CASE("a drift says who moved it and who else uses it, when that is known") {
    auto stack = samples::network();
    auto& drift = stack.drifts[0].drift;
    drift.changedBy = "kubectl-edit, 2026-11-22T10:00:00Z";
    drift.dependentsElsewhere = {{"infra/app", "aws_instance.web"}, {"infra/whole", ""}};
    const auto json = stackJson(stack);
    CHECK(json.find(R"("changed_by":"kubectl-edit, 2026-11-22T10:00:00Z",)"
                    R"("dependents_elsewhere":[{"stack":"infra/app","address":"aws_instance.web"},)"
                    R"({"stack":"infra/whole","address":""}])") != std::string::npos);
    CHECK(firstOf(json).drifts.at(0).drift == drift);
    CHECK(roundTrip(stacksJson({stack})) == stacksJson({stack}));
}

TEST_CASE("a conflict says what happened on each side") {
    auto stack = samples::network();
    auto& drift = stack.drifts[0].drift;
    drift.side = Side::Both;
    drift.change = Change::Deleted;
    drift.liveChange = Change::Deleted;
    drift.gitChange = Change::Modified;
    const auto json = stacksJson({stack});
    CHECK(
        json.find(
            R"("side":"both","change":"deleted","live_change":"deleted","git_change":"modified","cause")") !=
        std::string::npos);
    const auto back = firstOf(json);
    CHECK(back.drifts.at(0).drift == drift);
}

TEST_CASE("a stack object comes back as it was") {
    auto stack = samples::network();
    stack.owners = {"@org/network", "ops@example.org"};
    stack.complete = false;
    stack.reason = Reason{"partial_read", "Some \"things\"\ncould not be read."};
    stack.coverage = {40, 1, 2};
    stack.drifts[0].firstSeen = samples::at("2026-11-22T19:00:00.5Z");
    stack.drifts[0].drift.previousAddress = "aws_security_group.old";
    stack.drifts[0].drift.replace = true;
    stack.drifts[0].drift.severity = Severity::Critical;
    stack.drifts.push_back({Drift{}, std::nullopt});
    stack.diagnostics.push_back({Diagnostic::Level::Error, "No", "a.b"});
    stack.lastConclusive =
        LastConclusive{Verdict::Unapplied, "abc", samples::at("2026-11-22T18:00:00Z")};
    const auto json = stacksJson({stack, StackObject{}});
    CHECK(roundTrip(json) == json);
    const auto back = stacksFromJson(json).value();
    CHECK(back[0].drifts[0].drift == stack.drifts[0].drift);
    CHECK(back[0].drifts[0].firstSeen == stack.drifts[0].firstSeen);
    CHECK(back[0].notTold == stack.notTold);
    CHECK(back[0].diagnostics == stack.diagnostics);
    CHECK(back[0].owners == stack.owners);
    CHECK(back[1].owners.empty());
    CHECK(back[0].reason == stack.reason);
    CHECK(back[0].coverage == stack.coverage);
    CHECK(back[0].started == stack.started);
    CHECK(back[0].lastConclusive->commit == "abc");
    CHECK_FALSE(back[1].started.has_value());
    CHECK(stackJson(firstOf(stackJson(stack))) == stackJson(stack));
}

TEST_CASE("canonical attribute values come back byte for byte") {
    for (const std::string value :
         {"12345678901234567890123", "1.10", "1e0", "-0", "1E400",
          "0.1000000000000000055511151231257827", "null", "true", R"("\u0001\"\\/ä😀")",
          R"("\u000a/ä")", R"({"a":"],}","b":[1.0,{"a":-0.0}]})", "[]",
          R"({"digest":"hmac:a","bytes":5000})"}) {
        auto stack = samples::network();
        stack.drifts[0].drift.attributes = {{"a", value, "null", false}, {"b", "1", value, false}};
        CAPTURE(value);
        const auto back = firstOf(stacksJson({stack}));
        CHECK(back.drifts[0].drift.attributes == stack.drifts[0].drift.attributes);
    }
}

TEST_CASE(
    "the owners of a stack are listed, the first one beside them, and an earlier version's one is "
    "read") {
    auto stack = samples::network();
    stack.owners = {"@org/network", "ops@example.org"};
    auto json = stackJson(stack);
    const std::string list = R"(,"owners":["@org/network","ops@example.org"])";
    const auto at = json.find(R"("owner":"@org/network")" + list);
    REQUIRE(at != std::string::npos);
    json.erase(json.find(list), list.size());
    CHECK(firstOf(json).owners == std::vector<std::string>{"@org/network"});
}

TEST_CASE("unknown members are ignored") {
    auto json = stackJson(samples::network());
    json.insert(1, R"("later":{"x":[1,{}]},)");
    CHECK(stacksFromJson(json).has_value());
}

TEST_CASE("anything else is no list of stacks") {
    const auto good = stacksJson({samples::network()});
    const auto replaced = [&](std::string_view from, std::string_view to) {
        auto text = good;
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        return text.replace(at, from.size(), to);
    };
    CHECK(roundTrip(good) == good);
    for (const auto& text :
         {std::string(), std::string("[]"), std::string("{}"), std::string("null"),
          std::string(R"({"version":1,"stacks":{}})"), std::string(R"({"version":1,"stacks":[1]})"),
          replaced(R"("version":1)", R"("version":2)"),
          replaced(R"("verdict":"drifted")", R"("verdict":"fine")"),
          replaced(R"("side":"live")", R"("side":7)"),
          replaced(R"("resources":42)", R"("resources":-1)"),
          replaced(R"("complete":true)", R"("complete":"true")"),
          replaced(R"("attributes":[)", R"("attributes":7,"x":[)"),
          replaced("2026-11-22T19:07:00Z", "yesterday"),
          replaced(R"("severity":"warning","summary")", R"("severity":"loud","summary")")}) {
        CAPTURE(text);
        CHECK_FALSE(stacksFromJson(text).has_value());
    }
    for (std::size_t length = 0; length < good.size(); ++length)
        CHECK_FALSE(stacksFromJson(std::string_view(good).substr(0, length)).has_value());
}

}  // namespace stack_json_test
