#include "daemon/judge/rule_book.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace driftkeeper;
using namespace std::chrono_literals;

namespace rule_book_test {
namespace {

using Names = std::vector<std::string>;

const TimePoint now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 19h;

IgnoreRule ruleOf(const std::string& name, const std::string& address) {
    IgnoreRule rule;
    rule.name = name;
    rule.match.address = {address};
    rule.reason = "the autoscaler owns it";
    return rule;
}

IgnoreRule ruleIn(const std::string& repository, const std::string& address) {
    IgnoreRule rule = ruleOf(repository + "/scaling", address);
    rule.origin = IgnoreRule::Origin::Repository;
    rule.repository = repository;
    return rule;
}

Settings settingsWith(std::vector<IgnoreRule> ignores) {
    Settings settings;
    settings.ignores = std::move(ignores);
    for (const char* name : {"infra", "shop"}) settings.repositories.emplace_back().name = name;
    return settings;
}

Stack stackIn(const std::string& repository) {
    Stack stack;
    stack.provider = "terraform";
    stack.repository = repository;
    stack.name = "net";
    return stack;
}

Report reportOf(const Names& addresses) {
    Report report;
    report.completeness = Completeness::Complete;
    for (const auto& address : addresses) {
        Drift& drift = report.drifts.emplace_back();
        drift.address = address;
        drift.type = "box_item";
        drift.side = Side::Live;
        drift.cause = "out_of_band";
        drift.attributes.push_back({"size", "1", "2"});
    }
    return report;
}

// The addresses that a look at a stack of the repository leaves to alert people of.
Names reported(const RuleBook& book, const std::string& repository, const Names& addresses) {
    Report report = reportOf(addresses);
    book.judge(report, stackIn(repository), now);
    CHECK(report.drifts.size() + report.notTold.size() == addresses.size());
    Names left;
    for (const auto& drift : report.drifts) left.push_back(drift.address);
    return left;
}

Names namesOf(const RuleBook& book) {
    Names names;
    for (const auto& rule : book.rules())
        if (rule.origin != IgnoreRule::Origin::BuiltIn) names.push_back(rule.name);
    return names;
}

}  // namespace

TEST_CASE("a repository's rules count for its own stacks, those of the settings for all") {
    const CurrentSettings settings(settingsWith({ruleOf("settings/noise", "noise")}));
    RuleBook book(settings);
    CHECK(book.keep("infra", {ruleIn("infra", "asg")}, "commit 3f2c by Ada"));
    CHECK(reported(book, "infra", {"asg", "db", "noise"}) == Names{"db"});
    CHECK(reported(book, "shop", {"asg", "db", "noise"}) == Names{"asg", "db"});
}

TEST_CASE("built-in rules are asked first, then the settings', then the repositories'") {
    const CurrentSettings settings(settingsWith({ruleOf("settings/noise", "noise")}));
    RuleBook book(settings);
    book.keep("shop", {ruleIn("shop", "a")}, "");
    book.keep("infra", {ruleIn("infra", "a")}, "");
    CHECK(book.rules().front().origin == IgnoreRule::Origin::BuiltIn);
    CHECK(namesOf(book) == Names{"settings/noise", "infra/scaling", "shop/scaling"});
}

TEST_CASE("the rules that a commit brings replace those before, and others than before are seen") {
    const CurrentSettings settings(settingsWith({}));
    RuleBook book(settings);
    CHECK(book.keep("infra", {ruleIn("infra", "asg")}, "one"));
    CHECK_FALSE(book.keep("infra", {ruleIn("infra", "asg")}, "two"));
    CHECK(book.keep("infra", {ruleIn("infra", "db")}, "three"));
    CHECK(reported(book, "infra", {"asg", "db"}) == Names{"asg"});
    CHECK(book.keep("infra", {}, "four"));
    CHECK(reported(book, "infra", {"asg", "db"}) == Names{"asg", "db"});
}

TEST_CASE("a reload of the settings counts from the next look on") {
    CurrentSettings settings(settingsWith({ruleOf("settings/noise", "noise")}));
    RuleBook book(settings);
    book.keep("infra", {ruleIn("infra", "asg")}, "");
    auto next = settingsWith({});
    next.severities.emplace_back().severity = Severity::Critical;
    for (auto& repository : next.repositories) repository.allowIgnores = false;
    settings.set(next);
    CHECK(namesOf(book).empty());
    Report report = reportOf({"asg", "noise"});
    book.judge(report, stackIn("infra"), now);
    REQUIRE(report.drifts.size() == 2);
    CHECK(report.drifts[0].severity == Severity::Critical);
}

TEST_CASE("a rule that hides something says who made it, and why") {
    const CurrentSettings settings(settingsWith({ruleOf("settings/noise", "noise")}));
    RuleBook book(settings);
    book.keep("infra", {ruleIn("infra", "asg")}, "commit 3f2c by Ada");
    CHECK(book.about("settings/noise") ==
          "ignore rule settings/noise hides it: the autoscaler owns it");
    CHECK(book.about("infra/scaling") ==
          "ignore rule infra/scaling hides it: the autoscaler owns it (commit 3f2c by Ada)");
    CHECK(book.about("settings/gone") == "ignore rule settings/gone");
}

}  // namespace rule_book_test
