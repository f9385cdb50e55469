#include "daemon/judge/rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

namespace rules_test {
namespace {

const TimePoint now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 19h;
const TimePoint yesterday = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);

Drift drift(std::string address, std::string_view cause = cause::outOfBand,
            const Texts& attributes = {}) {
    Drift made;
    made.address = std::move(address);
    made.type = "box_item";
    made.id = "i-1";
    made.side = Side::Live;
    made.cause = cause;
    for (const auto& path : attributes) made.attributes.push_back({path, "1", "2"});
    return made;
}

Drift tagged() {
    return drift("box_item.a", cause::outOfBand,
                 {"tags.Owner", "tags[\"a b\"]", "rule[0].port", "rule[1].port"});
}

// A drift with one thing changed.
template <class Change>
Drift with(Drift made, Change change) {
    change(made);
    return made;
}

IgnoreRule rule(RuleMatch match, std::string name = "settings/r") {
    IgnoreRule made;
    made.name = std::move(name);
    made.match = std::move(match);
    made.reason = "because";
    return made;
}

IgnoreRule of(const std::string& repository, IgnoreRule made) {
    made.origin = IgnoreRule::Origin::Repository;
    made.repository = repository;
    made.name = repository + "/r";
    return made;
}

IgnoreRule expired(IgnoreRule made) {
    made.expires = yesterday;
    return made;
}

RuleMatch attributes(Texts patterns) {
    RuleMatch match;
    match.attribute = std::move(patterns);
    return match;
}
RuleMatch address(std::string pattern) {
    RuleMatch match;
    match.address = {std::move(pattern)};
    return match;
}
RuleMatch type(std::string pattern) {
    RuleMatch match;
    match.type = {std::move(pattern)};
    return match;
}
RuleMatch causes(Texts patterns) {
    RuleMatch match;
    match.cause = std::move(patterns);
    return match;
}
RuleMatch stack(Texts globs) {
    RuleMatch match;
    match.stack = std::move(globs);
    return match;
}

// box_item.a{tags.Owner}
std::string text(const Drift& one) {
    std::string out = one.address;
    for (std::size_t i = 0; i < one.attributes.size(); ++i)
        out += (i == 0 ? "{" : ",") + one.attributes[i].path;
    return out + (one.attributes.empty() ? "" : "}");
}

Report reportOf(std::vector<Drift> drifts) {
    Report report;
    report.completeness = Completeness::Complete;
    report.drifts = std::move(drifts);
    return report;
}

// Told ones, then "| " and the others with their rule.
std::string outcome(std::vector<Drift> drifts, const std::vector<IgnoreRule>& rules) {
    auto report = reportOf(std::move(drifts));
    applyRules(report, rules, "infra", "infra/prod/network", now);
    std::string out;
    for (const auto& one : report.drifts) out += text(one) + " ";
    out += "|";
    for (const auto& one : report.notTold) out += " " + text(one.drift) + "=" + one.rule;
    return out;
}

}  // namespace

TEST_CASE("what rules do to a drift") {
    const auto plain = drift("box_item.a");
    const auto replaced = with(tagged(), [](Drift& d) { d.replace = true; });
    const auto critical = with(tagged(), [](Drift& d) { d.severity = Severity::Critical; });
    const auto changed = [](Change change) {
        return with(tagged(), [=](Drift& d) { d.change = change; });
    };
    const auto both = [](Change live, Change git) {
        return with(tagged(), [=](Drift& d) {
            d.side = Side::Both;
            d.change = live;
            d.liveChange = live;
            d.gitChange = git;
        });
    };
    const std::string all = "box_item.a{tags.Owner,tags[\"a b\"],rule[0].port,rule[1].port}";
    const std::string told = "box_item.a |";
    const std::string hidden = "| box_item.a=settings/r";
    auto off = rule(address("*"));
    off.enabled = false;
    auto keeper = of("infra", rule(address("box_item.a")));
    keeper.keeps = true;
    const auto sideIs = [](std::vector<Side> sides) {
        RuleMatch match;
        match.side = std::move(sides);
        return match;
    };
    const auto changeIs = [](std::vector<Change> list) {
        RuleMatch match;
        match.change = std::move(list);
        return match;
    };
    const auto idIs = [](std::string pattern) {
        RuleMatch match;
        match.id = {std::move(pattern)};
        return match;
    };
    auto tagsOfOtherType = attributes({"tags"});
    tagsOfOtherType.type = {"other_*"};
    auto tagsOfA = attributes({"tags"});
    tagsOfA.address = {"*.a"};

    struct Row {
        std::string what;
        Drift drift;
        std::vector<IgnoreRule> rules;
        std::string outcome;
    };
    const std::vector<Row> rows{
        {"no rules", plain, {}, told},
        {"an address", plain, {rule(address("box_item.a"))}, hidden},
        {"another address", plain, {rule(address("box_item.b"))}, told},
        {"an address glob", plain, {rule(address("box_item.*"))}, hidden},
        {"a glob over indexes",
         drift("module.x.box_item.a[3]"),
         {rule(address("module.*.box_item.a[*]"))},
         "| module.x.box_item.a[3]=settings/r"},
        {"a type", plain, {rule(type("box_item"))}, hidden},
        {"a type glob", plain, {rule(type("box_*"))}, hidden},
        {"another type", plain, {rule(type("aws_*"))}, told},
        {"an id", plain, {rule(idIs("i-*"))}, hidden},
        {"another id", plain, {rule(idIs("j-*"))}, told},
        {"a cause", plain, {rule(causes({"out_of_band"}))}, hidden},
        {"one of two causes", plain, {rule(causes({"cascade", "out_*"}))}, hidden},
        {"another cause", plain, {rule(causes({"cascade"}))}, told},
        {"a side", plain, {rule(sideIs({Side::Git, Side::Live}))}, hidden},
        {"another side", plain, {rule(sideIs({Side::Git}))}, told},
        {"a change", plain, {rule(changeIs({Change::Modified}))}, hidden},
        {"another change", plain, {rule(changeIs({Change::Deleted}))}, told},
        {"a stack", plain, {rule(stack({"infra/prod/**"}))}, hidden},
        {"another stack", plain, {rule(stack({"infra/dev/**", "other/**"}))}, told},
        {"a stack glob is by parts", plain, {rule(stack({"infra/*"}))}, told},
        {"every condition has to hold",
         plain,
         {rule([] {
             auto match = address("box_item.a");
             match.type = {"aws_*"};
             return match;
         }())},
         told},
        {"the first of two",
         plain,
         {rule(address("*"), "settings/one"), rule(address("*"), "settings/two")},
         "| box_item.a=settings/one"},
        {"the second of two",
         plain,
         {rule(address("b*c"), "settings/one"), rule(address("*"), "settings/two")},
         "| box_item.a=settings/two"},
        {"a rule that is off", plain, {off}, told},
        {"an expired rule", plain, {expired(rule(address("*")))}, told},
        {"an expired rule and one that is not",
         plain,
         {expired(rule(address("*"))), rule(type("*"), "settings/two")},
         "| box_item.a=settings/two"},
        {"a deleted resource by address",
         changed(Change::Deleted),
         {rule(address("*"))},
         "| " + all + "=settings/r"},

        {"one attribute leaves, the rest is told",
         tagged(),
         {rule(attributes({"tags.Owner"}))},
         "box_item.a{tags[\"a b\"],rule[0].port,rule[1].port} | box_item.a{tags.Owner}=settings/r"},
        {"all below an attribute",
         tagged(),
         {rule(attributes({"tags"}))},
         "box_item.a{rule[0].port,rule[1].port} | box_item.a{tags.Owner,tags[\"a b\"]}=settings/r"},
        {"a quoted key",
         tagged(),
         {rule(attributes({"tags[\"a b\"]"}))},
         "box_item.a{tags.Owner,rule[0].port,rule[1].port} | box_item.a{tags[\"a b\"]}=settings/r"},
        {"any index",
         tagged(),
         {rule(attributes({"rule[*].port"}))},
         "box_item.a{tags.Owner,tags[\"a b\"]} | box_item.a{rule[0].port,rule[1].port}=settings/r"},
        {"one index",
         tagged(),
         {rule(attributes({"rule[1]"}))},
         "box_item.a{tags.Owner,tags[\"a b\"],rule[0].port} | box_item.a{rule[1].port}=settings/r"},
        {"a JSON pointer",
         tagged(),
         {rule(attributes({"/rule/*/port"}))},
         "box_item.a{tags.Owner,tags[\"a b\"]} | box_item.a{rule[0].port,rule[1].port}=settings/r"},
        {"a JSON pointer to one index",
         tagged(),
         {rule(attributes({"/rule/0"}))},
         "box_item.a{tags.Owner,tags[\"a b\"],rule[1].port} | box_item.a{rule[0].port}=settings/r"},
        {"all attributes, so the drift",
         tagged(),
         {rule(attributes({"tags", "rule"}))},
         "| " + all + "=settings/r"},
        {"two rules share the attributes",
         tagged(),
         {rule(attributes({"tags"}), "settings/one"), rule(attributes({"rule"}), "settings/two")},
         "| box_item.a{tags.Owner,tags[\"a b\"]}=settings/one "
         "box_item.a{rule[0].port,rule[1].port}=settings/two"},
        {"an attribute, then the address",
         tagged(),
         {rule(attributes({"tags"}), "settings/one"), rule(address("*"), "settings/two")},
         "| box_item.a{tags.Owner,tags[\"a b\"]}=settings/one "
         "box_item.a{rule[0].port,rule[1].port}=settings/two"},
        {"an attribute that did not change", tagged(), {rule(attributes({"size"}))}, all + " |"},
        {"an attribute of another type", tagged(), {rule(tagsOfOtherType)}, all + " |"},
        {"an attribute of this address",
         tagged(),
         {rule(tagsOfA)},
         "box_item.a{rule[0].port,rule[1].port} | box_item.a{tags.Owner,tags[\"a b\"]}=settings/r"},
        {"a drift without attributes", plain, {rule(attributes({"*"}))}, told},
        {"an attribute rule never hides a delete",
         changed(Change::Deleted),
         {rule(attributes({"*"}))},
         all + " |"},
        {"an attribute rule never hides a create",
         changed(Change::Created),
         {rule(attributes({"*"}))},
         all + " |"},
        {"an attribute rule never hides a replace",
         replaced,
         {rule(attributes({"*"}))},
         all + " |"},
        {"an attribute rule never hides a delete live of a conflict",
         both(Change::Deleted, Change::Modified),
         {rule(attributes({"*"}))},
         all + " |"},
        {"an attribute rule never hides a delete in Git of a conflict",
         both(Change::Modified, Change::Deleted),
         {rule(attributes({"*"}))},
         all + " |"},
        {"an attribute rule hides a conflict of attributes",
         both(Change::Modified, Change::Modified),
         {rule(attributes({"*"}))},
         "| " + all + "=settings/r"},
        {"an expired attribute rule", tagged(), {expired(rule(attributes({"tags"})))}, all + " |"},

        {"a repository's rule", plain, {of("infra", rule(address("*")))}, "| box_item.a=infra/r"},
        {"another repository's rule", plain, {of("other", rule(address("*")))}, told},
        {"a repository's rule never hides critical",
         critical,
         {of("infra", rule(address("*")))},
         all + " |"},
        {"a repository's attribute rule never hides critical",
         critical,
         {of("infra", rule(attributes({"*"})))},
         all + " |"},
        {"the settings may hide critical",
         critical,
         {rule(address("*"))},
         "| " + all + "=settings/r"},
        {"a rule that keeps, before one that hides",
         plain,
         {keeper, of("infra", rule(address("*")))},
         told},
        {"a rule that keeps, behind one that hides",
         plain,
         {of("infra", rule(address("*"))), keeper},
         "| box_item.a=infra/r"},
        {"a repository's rule keeps nothing from the settings",
         plain,
         {keeper, rule(address("*"))},
         hidden},
        {"a rule that keeps something else",
         drift("box_item.b"),
         {keeper, of("infra", rule(address("*")))},
         "| box_item.b=infra/r"},
    };
    CHECK(rows.size() >= 40);
    for (const auto& row : rows) {
        CAPTURE(row.what);
        CHECK(outcome({row.drift}, row.rules) == row.outcome);
    }
}

TEST_CASE("noise is kept quiet by built-in rules, one a cause") {
    CHECK(builtinRules().size() == 22);
    for (const Cause& one : driftkeeper::causes()) {
        CAPTURE(one.word);
        const std::string word(one.word);
        CHECK(outcome({drift("a.b", word)}, builtinRules()) ==
              (one.isNoise ? "| a.b=builtin/" + word : std::string("a.b |")));
    }
    for (const auto& one : builtinRules()) {
        CHECK(one.origin == IgnoreRule::Origin::BuiltIn);
        CHECK(one.match == causes(one.match.cause));
        CHECK(one.reason.ends_with('.'));
        CHECK_FALSE(whyTooBroad(one).has_value());
    }
}

TEST_CASE("a built-in rule that is switched off tells its noise") {
    auto rules = builtinRules();
    std::ranges::find(rules, "builtin/cascade", &IgnoreRule::name)->enabled = false;
    CHECK(outcome({drift("a.b", cause::cascade), drift("a.c", cause::moved)}, rules) ==
          "a.b | a.c=builtin/moved");
}

TEST_CASE(
    "built-in rules are asked first, then the settings', then those of repositories that may have "
    "some") {
    Settings settings;
    settings.ignores = {rule(address("*"))};
    settings.builtinRulesOff = {"builtin/moved"};
    settings.repositories.resize(2);
    settings.repositories[0].name = "infra";
    settings.repositories[1].name = "other";
    settings.repositories[1].allowIgnores = false;
    const auto any = rule(address("*"));
    const auto rules =
        rulesInOrder(settings, {of("infra", any), of("other", any), of("gone", any)});
    REQUIRE(rules.size() == builtinRules().size() + 2);
    CHECK(rules[rules.size() - 2].name == "settings/r");
    CHECK(rules.back().name == "infra/r");
    for (const auto& one : rules) CHECK(one.enabled == (one.name != "builtin/moved"));
    CHECK(outcome({drift("a.b", cause::cascade)}, rules) == "| a.b=builtin/cascade");
    CHECK(outcome({drift("a.b", cause::moved)}, rules) == "| a.b=settings/r");
}

TEST_CASE("an expired rule says so on what it no longer hides") {
    const auto noteOf = [](Drift one, const std::vector<IgnoreRule>& rules) {
        auto report = reportOf({std::move(one)});
        applyRules(report, rules, "infra", "infra/a", now);
        return report.drifts.empty() ? report.notTold.at(0).drift.note : report.drifts[0].note;
    };
    const std::string note = "ignore rule settings/r expired on 2026-11-21";
    CHECK(noteOf(tagged(), {expired(rule(address("*")))}) == note);
    CHECK(noteOf(tagged(), {expired(rule(attributes({"tags"})))}) == note);
    CHECK(noteOf(tagged(), {expired(rule(attributes({"size"})))}).empty());
    CHECK(noteOf(tagged(), {expired(rule(address("other")))}).empty());
    CHECK(noteOf(tagged(), {expired(rule(address("*"))), rule(type("*"))}).empty());
    CHECK(noteOf(with(tagged(), [](Drift& d) { d.note = "before"; }),
                 {expired(rule(address("*")))}) == "before; " + note);
    auto today = rule(address("*"));
    today.expires = now;
    CHECK(noteOf(tagged(), {today}) == "ignore rule settings/r expired on 2026-11-22");
    today.expires = now + 1us;
    CHECK(noteOf(tagged(), {today}).empty());
}

TEST_CASE("differences of one address that are left are one drift") {
    auto noise = drift("box.a", cause::computed, {"etag", "size"});
    noise.severity = Severity::Critical;
    noise.dependents = 3;
    noise.side = Side::Git;
    auto real = drift("box.a", cause::outOfBand, {"size", "name"});
    real.attributes[0].live = "9";
    real.severity = Severity::Info;
    auto report = reportOf({noise, drift("box.c"), real, drift("box.b")});
    applyRules(report, {}, "infra", "infra/a", now);
    REQUIRE(report.drifts.size() == 3);
    const auto& merged = report.drifts[0];
    CHECK(text(merged) == "box.a{size,name,etag}");
    CHECK(merged.attributes[0].live == "9");
    CHECK(merged.cause == cause::outOfBand);
    CHECK(merged.side == Side::Live);
    CHECK(merged.severity == Severity::Critical);
    CHECK(merged.dependents == 3);
    CHECK(report.drifts[1].address == "box.b");
    CHECK(report.drifts[2].address == "box.c");
}

TEST_CASE("of two real causes of one address the live one is told") {
    auto git = drift("box.a", cause::unappliedCommit, {"name"});
    git.side = Side::Git;
    auto report = reportOf({git, drift("box.a", cause::outOfBand, {"size"})});
    applyRules(report, builtinRules(), "infra", "infra/a", now);
    REQUIRE(report.drifts.size() == 1);
    CHECK(report.drifts[0].side == Side::Live);
    CHECK(text(report.drifts[0]) == "box.a{size,name}");
}

TEST_CASE("noise of an address leaves, its real cause stays") {
    CHECK(outcome({drift("box.a", cause::computed, {"etag"}),
                   drift("box.a", cause::outOfBand, {"size"})},
                  builtinRules()) == "box.a{size} | box.a{etag}=builtin/computed");
}

TEST_CASE("what was not told before stays, sorted with the new ones") {
    auto report = reportOf({drift("box.a")});
    report.notTold = {{drift("box.b"), "builtin/moved"}, {drift("a.a"), "builtin/moved"}};
    applyRules(report, {rule(address("*"))}, "infra", "infra/a", now);
    Texts order;
    for (const auto& one : report.notTold) order.push_back(one.drift.address);
    CHECK(order == Texts{"a.a", "box.a", "box.b"});
}

TEST_CASE("a rule that nothing narrows is too broad") {
    auto byId = RuleMatch{};
    byId.id = {"i-*"};
    auto mixed = address("box.*");
    mixed.address.emplace_back("*");
    struct Row {
        RuleMatch match;
        bool tooBroad;
    };
    for (const auto& [match, tooBroad] :
         {Row{{}, true}, Row{stack({"infra/**"}), true}, Row{address("*"), true},
          Row{type("**"), true}, Row{attributes({"*"}), true}, Row{mixed, true},
          Row{address("box.*"), false}, Row{type("aws_*"), false}, Row{attributes({"tags"}), false},
          Row{causes({"cascade"}), false}, Row{byId, false}}) {
        CHECK(whyTooBroad(rule(match)).has_value() == tooBroad);
    }
    CHECK(whyTooBroad(rule({})).value().find("every stack") != std::string::npos);
    CHECK(whyTooBroad(rule(stack({"infra/**"}))).value().find("infra/**") != std::string::npos);
}

TEST_CASE("a rule is replayed over stored checks") {
    std::vector<Check> history(3);
    auto critical = drift("box.a", cause::outOfBand, {"tags.x"});
    critical.severity = Severity::Critical;
    history[0].report.drifts = {critical, drift("box.b", cause::outOfBand, {"tags.x", "size"}),
                                drift("box.c")};
    history[1].report.drifts = {critical};
    history[2].report.notTold = {{drift("box.d", cause::computed, {"tags.y"}), "builtin/computed"}};
    Replay replay;
    replayRule(expired(rule(attributes({"tags"}))), "infra", "infra/a", history, replay);
    CHECK(replay.stacks ==
          std::vector<Replay::StackHits>{{"infra/a", {"box.a", "box.b", "box.d"}}});
    CHECK(replay.checks == 3);
    CHECK(replay.addresses == 3);
    CHECK(replay.told == 2);
    CHECK(replay.critical == 1);
    CHECK(replay.partly == 1);

    replayRule(rule(stack({"infra/a"})), "infra", "infra/b", history, replay);
    CHECK(replay.checks == 6);
    CHECK(replay.stacks.size() == 1);
    replayRule(rule(address("box.c")), "infra", "infra/b", history, replay);
    CHECK(replay.stacks.size() == 2);
    CHECK(replay.told == 3);
}

TEST_CASE("a thousand rules are no burden") {
    std::vector<IgnoreRule> rules;
    for (int i = 0; i < 1000; ++i)
        rules.push_back(rule(address("m*a*a*a*a*x" + std::to_string(i)), "settings/x"));
    std::vector<Drift> drifts;
    for (int i = 0; i < 100; ++i)
        drifts.push_back(drift("module.aaaaaaaaaaaaaaaaaa.box.a" + std::to_string(i)));
    auto report = reportOf(std::move(drifts));
    applyRules(report, rules, "infra", "infra/a", now);
    CHECK(report.drifts.size() == 100);
}

}  // namespace rules_test
