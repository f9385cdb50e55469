#include <doctest/doctest.h>

#include "daemon/settings/settings_file.hpp"
#include "parsers/graph/cause.hpp"

using namespace driftkeeper;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

namespace ignores_test {
namespace {

LoadedSettings parse(const std::string& text) {
    return parseSettings(text, "x.yaml",
                         [](std::string_view) { return std::optional<std::string>("/s"); });
}

Settings settingsOf(const std::string& text) {
    auto loaded = parse(text);
    REQUIRE(render(loaded.mistakes) == "");
    return std::move(loaded.settings);
}

}  // namespace

TEST_CASE("an ignore rule arrives whole") {
    const auto settings = settingsOf(R"(
ignores:
  - name: autoscaling
    match:
      stack: ["infra/prod/**", infra/dev]
      address: module.*.aws_autoscaling_group.a[*]
      type: aws_autoscaling_group
      id: asg-*
      attribute: [desired_capacity, "tags[\"a b\"]", /rule/*/port]
      side: [live, both]
      change: modified
      cause: [out_of_band, "applied_*"]
    reason: "The scaler sets it."
    owner: "@org/platform"
    expires: 2026-12-31
  - { name: second, match: { type: [null_resource] }, reason: no use }
)");
    REQUIRE(settings.ignores.size() == 2);
    const auto& rule = settings.ignores[0];
    CHECK(rule.name == "settings/autoscaling");
    CHECK(rule.origin == IgnoreRule::Origin::Settings);
    CHECK(rule.repository.empty());
    CHECK(rule.match.stack == Texts{"infra/prod/**", "infra/dev"});
    CHECK(rule.match.address == Texts{"module.*.aws_autoscaling_group.a[*]"});
    CHECK(rule.match.type == Texts{"aws_autoscaling_group"});
    CHECK(rule.match.id == Texts{"asg-*"});
    CHECK(rule.match.attribute == Texts{"desired_capacity", "tags[\"a b\"]", "/rule/*/port"});
    CHECK(rule.match.side == std::vector<Side>{Side::Live, Side::Both});
    CHECK(rule.match.change == std::vector<Change>{Change::Modified});
    CHECK(rule.match.cause == Texts{"out_of_band", "applied_*"});
    CHECK(rule.reason == "The scaler sets it.");
    CHECK(rule.owner == "@org/platform");
    CHECK(rule.expires == TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 12 / 31)));
    CHECK(rule.enabled);
    CHECK(settings.ignores[1].name == "settings/second");
    CHECK_FALSE(settings.ignores[1].expires.has_value());
    CHECK(settings.builtinRulesOff.empty());
}

TEST_CASE("built-in rules are switched off one by one") {
    const auto settings = settingsOf(
        "ignores:\n  - { builtin: cascade, enabled: false }\n  - { builtin: moved, enabled: true "
        "}\n"
        "  - { builtin: import, enabled: false }\n");
    CHECK(settings.builtinRulesOff == Texts{"builtin/cascade", "builtin/import"});
    CHECK(settings.ignores.empty());
}

TEST_CASE("a mute arrives whole") {
    const auto settings = settingsOf(R"(
mutes:
  - name: weekend
    match: { stack: "infra/dev/**", side: live, kind: [drift] }
    days: [sat, sun]
    from: "22:00"
    to: 06:30
    time_zone: Europe/Berlin
    reason: nobody is here
  - { name: always, from: "00:00", to: "24:00" }
)");
    REQUIRE(settings.mutes.size() == 2);
    const auto& mute = settings.mutes[0];
    CHECK(mute.name == "weekend");
    CHECK(mute.match.stack == Texts{"infra/dev/**"});
    CHECK(mute.match.side == std::vector<Side>{Side::Live});
    CHECK(mute.match.kind == Texts{"drift"});
    CHECK(mute.days == std::vector<unsigned>{6, 0});
    CHECK(mute.from == 22h);
    CHECK(mute.to == 6h + 30min);
    CHECK(mute.timeZone == "Europe/Berlin");
    CHECK(mute.reason == "nobody is here");
    CHECK(settings.mutes[1].days.empty());
    CHECK(settings.mutes[1].to == 24h);
    CHECK(settings.mutes[1].timeZone.empty());
}

TEST_CASE("waiting for a group and a repository's rules can be switched off") {
    const auto settings = settingsOf(
        "checks: { group_wait: 0s }\n"
        "repositories:\n  - { name: a, url: /r, allow_ignores: false }\n"
        "  - { name: b, url: /r }\n");
    CHECK(settings.checks.groupWait == 0s);
    CHECK_FALSE(settings.repositories[0].allowIgnores);
    CHECK(settings.repositories[1].allowIgnores);
    CHECK(settingsOf("").checks.groupWait == 60s);
}

TEST_CASE("mistakes in rules and mutes have code, line and key path") {
    const auto rule = [](const std::string& match, const std::string& more = "") {
        return "ignores:\n  - name: a\n    reason: r\n    match: " + match + "\n" + more;
    };
    const auto mute = [](const std::string& lines) {
        return "mutes:\n  - name: a\n    from: \"22:00\"\n    to: \"06:00\"\n" + lines;
    };
    struct Row {
        std::string text;
        std::string code;
        std::size_t line;
        std::string path;
    };
    const Row rows[] = {
        {"ignores:\n  - { match: { type: a }, reason: r }\n", "missing_key", 2, "ignores[0].name"},
        {"ignores:\n  - { name: a, reason: r }\n", "missing_key", 2, "ignores[0].match"},
        {"ignores:\n  - { name: a, match: { type: a } }\n", "missing_key", 2, "ignores[0].reason"},
        {"ignores:\n  - { name: a, match: { type: a }, reason: \"\" }\n", "bad_text", 2,
         "ignores[0].reason"},
        {"ignores:\n  - { name: a/b, match: { type: a }, reason: r }\n", "bad_name", 2,
         "ignores[0].name"},
        {"ignores: all\n", "wrong_type", 1, "ignores"},
        {rule("{ type: a }", "  - { name: a, match: { type: b }, reason: r }\n"), "repeated_name",
         5, "ignores[1].name"},
        {rule("{}"), "empty_match", 4, "ignores[0].match"},
        {rule("{ type: [] }"), "empty_match", 4, "ignores[0].match"},
        {rule("{ typ: a }"), "unknown_key", 4, "ignores[0].match.typ"},
        {rule("{ attribute: \"a[\" }"), "bad_attribute", 4, "ignores[0].match.attribute"},
        {rule("{ attribute: [tags, /a~2] }"), "bad_attribute", 4, "ignores[0].match.attribute[1]"},
        {rule("{ stack: \"a[\" }"), "bad_glob", 4, "ignores[0].match.stack"},
        {rule("{ type: \"a\\tb\" }"), "bad_glob", 4, "ignores[0].match.type"},
        {rule("{ side: lief }"), "unknown_value", 4, "ignores[0].match.side"},
        {rule("{ change: [gone] }"), "unknown_value", 4, "ignores[0].match.change[0]"},
        {rule("{ cause: cascades }"), "unknown_value", 4, "ignores[0].match.cause"},
        {rule("{ type: a }", "    expires: tomorrow\n"), "bad_date", 5, "ignores[0].expires"},
        {rule("{ type: a }", "    expires: 2026-02-30\n"), "bad_date", 5, "ignores[0].expires"},
        {rule("{ type: a }", "    expires: 2026-1-1\n"), "bad_date", 5, "ignores[0].expires"},
        {rule("{ type: a }", "    enabled: false\n"), "unknown_key", 5, "ignores[0].enabled"},
        {"ignores:\n  - { builtin: cascades, enabled: false }\n", "unknown_value", 2,
         "ignores[0].builtin"},
        {"ignores:\n  - { builtin: cascade }\n", "missing_key", 2, "ignores[0].enabled"},
        {"ignores:\n  - { builtin: cascade, enabled: false, reason: x }\n", "unknown_key", 2,
         "ignores[0].reason"},
        {"ignores:\n  - { builtin: moved, enabled: false }\n  - { builtin: moved, enabled: true "
         "}\n",
         "repeated_name", 3, "ignores[1].builtin"},
        {"mutes:\n  - { from: \"22:00\", to: \"06:00\" }\n", "missing_key", 2, "mutes[0].name"},
        {"mutes:\n  - { name: a, to: \"06:00\" }\n", "missing_key", 2, "mutes[0].from"},
        {"mutes:\n  - { name: a, from: \"06:00\" }\n", "missing_key", 2, "mutes[0].to"},
        {"mutes:\n  - { name: a, from: \"24:00\", to: \"06:00\" }\n", "bad_clock_time", 2,
         "mutes[0].from"},
        {"mutes:\n  - { name: a, from: \"6:00\", to: \"07:00\" }\n", "bad_clock_time", 2,
         "mutes[0].from"},
        {"mutes:\n  - { name: a, from: \"06:00\", to: \"07:60\" }\n", "bad_clock_time", 2,
         "mutes[0].to"},
        {mute("    days: [sunday]\n"), "unknown_value", 5, "mutes[0].days[0]"},
        {mute("    time_zone: Mars/Olympus\n"), "unknown_time_zone", 5, "mutes[0].time_zone"},
        {mute("    match: { stacks: a }\n"), "unknown_key", 5, "mutes[0].match.stacks"},
        {mute("    untill: x\n"), "unknown_key", 5, "mutes[0].untill"},
        {mute("  - { name: a, from: \"01:00\", to: \"02:00\" }\n"), "repeated_name", 5,
         "mutes[1].name"},
        {"checks: { group_wait: soon }\n", "bad_duration", 1, "checks.group_wait"},
        {"repositories:\n  - { name: a, url: /r, allow_ignores: no }\n", "wrong_type", 2,
         "repositories[0].allow_ignores"},
        {"time_zone: leapseconds\n", "unknown_time_zone", 1, "time_zone"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto mistakes = parse(row.text).mistakes;
        CHECK(mistakes.size() == 1);
        REQUIRE_FALSE(mistakes.empty());
        CHECK(mistakes[0].code == "settings/" + row.code);
        CHECK(mistakes[0].position.line == row.line);
        CHECK(mistakes[0].keyPath == row.path);
    }
}

TEST_CASE("words of a rule that are nearly right are guessed") {
    const auto message = [](const std::string& text) { return parse(text).mistakes.at(0).message; };
    CHECK(message("ignores:\n  - { builtin: cascades, enabled: false }\n") ==
          "unknown word; did you mean cascade?");
    CHECK(message("ignores:\n  - { name: a, reason: r, match: { cause: out_of_bnd } }\n") ==
          "unknown word; did you mean out_of_band?");
    CHECK(message("ignores:\n  - { name: a, reason: r, match: { adress: x } }\n") ==
          "unknown key adress; did you mean address?");
    CHECK(message("mutes:\n  - { name: a, from: \"01:00\", to: \"02:00\", days: sund }\n") ==
          "unknown word; did you mean sun?");
}

TEST_CASE("a mistake in a rule is shown with a caret") {
    const auto loaded =
        parse("ignores:\n  - name: a\n    expires: soon\n    match: { type: b }\n    reason: r\n");
    CHECK(render(loaded.mistakes) ==
          "x.yaml:3:14: this is not a date; write it as 2026-12-31 [settings/bad_date]\n"
          "  in ignores[0].expires\n"
          "  3 |     expires: soon\n"
          "    |              ^\n");
}

TEST_CASE("a rule may match every cause, and noise alone has a built-in rule to switch off") {
    for (const Cause& cause : causes()) {
        const std::string word(cause.word);
        const auto settings =
            settingsOf("ignores: [ { name: a, match: { cause: " + word + " }, reason: known } ]\n");
        CHECK(settings.ignores.at(0).match.cause == Texts{word});
        CHECK(parse("ignores: [ { builtin: " + word + ", enabled: false } ]\n").mistakes.empty() ==
              cause.isNoise);
    }
}

}  // namespace ignores_test
